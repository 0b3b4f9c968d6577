"""The controller's program: `main.py` on a board, `micropython main.py CONFIG.json` on a computer.

Its file is read before the rest is loaded, and what reads it goes again: a small memory has no room for both at once.
"""

import gc
import sys

ON_BOARD = sys.platform in ("esp8266", "esp32")


def begin(path):
    """The gate that a file describes, or None where the file will not do. What was read is garbage afterwards."""
    settings = read(path)
    if settings is None:
        return None
    gc.collect()
    from gate import FIRMWARE, Gate

    gc.collect()
    gate = Gate(settings, board(settings))
    gate.board.log("gate: %s, firmware %s" % (settings["device"], FIRMWARE))
    return gate


def read(path):
    import config

    try:
        return config.wired(config.read(path)) if ON_BOARD else config.read(path)
    except config.ConfigError as error:
        print("gate: %s" % error)
        return None
    finally:
        sys.modules.pop("config")


def board(settings):
    if ON_BOARD:
        from board_esp import Board
    else:
        from board_unix import Board
    return Board(settings)


def main():
    """Run until stopped; the process's exit status."""
    gc.collect()
    gate = begin(sys.argv[1] if len(sys.argv) > 1 else "config.json")
    if gate is None:
        return 1
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


if __name__ == "__main__":
    status = main()
    # On a board an exit would start everything anew, and again.
    if status and not ON_BOARD:
        sys.exit(status)
