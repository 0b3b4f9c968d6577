"""The environment of a site in a folder of its own: its secrets, its database, its ports."""

import os
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import MISSING, programs, server

PRIVATE = ("SECRET_KEY", "FIELD_ENCRYPTION_KEY", "MQTT_PASSWORD")


@contextmanager
def database(folder: Path, postgres: bool) -> Iterator[str]:
    if not postgres:
        yield f"sqlite:///{folder / 'faults.sqlite3'}"
    elif (bin_folder := programs()) is None:
        sys.stderr.write("faults: no PostgreSQL server on this machine\n")
        sys.exit(MISSING)
    else:
        with server(bin_folder, {"max_connections": "200"}) as url:
            yield url


def site(folder: Path, url: str, broker: str, *, direct: bool = False) -> dict[str, str]:
    """The environment of all processes of a run. `direct`: without a proxy before the broker."""
    ports = free_ports(3)
    return {
        **os.environ,
        **{name: secrets.token_urlsafe(32) for name in PRIVATE},
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "CANCELA_VAR": str(folder),
        "FAULTS_FOLDER": str(folder),
        "FAULTS_BROKER": broker,
        "FAULTS_BROKER_PORT": str(ports[0]),
        "FAULTS_PROXY_PORT": str(ports[1]),
        "DATABASE_URL": url,
        "MQTT_LISTEN": f"127.0.0.1:{ports[0]}",
        "MQTT_URL": f"mqtt://cancela@127.0.0.1:{ports[0 if direct else 1]}",
        "REDIS_URL": f"redis://127.0.0.1:{ports[2]}/0",
        "LOG_LEVEL": "WARNING",
    }


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
