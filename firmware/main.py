"""The controller's program: `main.py` on a board, `micropython main.py CONFIG.json` on a computer."""

import gc
import sys

ON_BOARD = sys.platform in ("esp8266", "esp32")


def main():
    """Run until stopped; the process's exit status."""
    gc.collect()
    settings = read(sys.argv[1] if len(sys.argv) > 1 else "config.json")
    if settings is None:
        return 1
    # Loaded only now: a small memory has no room for all this and for what reads the file.
    gc.collect()
    from gate import begun

    gate = begun(settings, ON_BOARD)
    # Clean up early, before a small memory is cut to pieces.
    gc.collect()
    gc.threshold(gc.mem_free() // 4)
    try:
        while True:
            gate.step()
    except KeyboardInterrupt:
        gate.board.log("gate: stopped")
        return 0
    finally:
        gate.board.all_off()


def read(path):
    """What the file says, or None; what read it goes again."""
    import config

    try:
        return config.wired(path) if ON_BOARD else config.read(path)
    except config.ConfigError as error:
        print("gate: %s" % error)
        return None
    finally:
        for name in ("config", "wired"):
            sys.modules.pop(name, None)


if __name__ == "__main__":
    status = main()
    # On a board an exit would start everything anew, and again.
    if status and not ON_BOARD:
        sys.exit(status)
