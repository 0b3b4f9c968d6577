"""The file that makes a board one of our controllers."""

import json
import os
from pathlib import Path
from typing import Any

from gates.controllers import Credentials


def board_config(credentials: Credentials, *, host: str, port: int, tls: bool = False, **more: Any) -> dict[str, Any]:
    """What firmware/config.py reads. `more` names Wi-Fi, pins and the like; None values are left out."""
    config: dict[str, Any] = {
        "device": credentials.device,
        "key": credentials.key,
        "broker": {"host": host, "port": port, "password": credentials.password, "tls": tls},
    }
    return config | {name: value for name, value in more.items() if value is not None}


def write_config(credentials: Credentials, path: Path, **where: Any) -> None:
    """Write a board's `config.json`, readable by its owner only; `where` as for `board_config`."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(board_config(credentials, **where), file, indent=1)


def move(path: Path, *, host: str, port: int) -> None:
    """Tell a board's file where the broker is now. Its key and password stay."""
    config = json.loads(path.read_text())
    config["broker"] |= {"host": host, "port": port}
    path.write_text(json.dumps(config, indent=1))
