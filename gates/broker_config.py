"""What the brokers read, NATS or Mosquitto: a user for each board and Home Assistant, with its rights (rights.py)."""

import json
import logging
import os
import shutil
import signal
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from gates import rights
from gates.hashes import bcrypt_hash, pbkdf2_hash

log = logging.getLogger("gates")


def folder() -> Path:
    return Path(settings.VAR_DIR) / "broker"


def server_user() -> str:
    return urlsplit(settings.MQTT_URL).username or "cancela"


def broker_address() -> tuple[str, int]:
    """Where boards find the broker, as far as the settings tell."""
    host, _colon, port = settings.MQTT_LISTEN.rpartition(":")
    return host, int(port)


# --- NATS, the embedded broker --------------------------------------------------------------------------


def nats_text(where: Path) -> str:
    """The whole configuration. JSON is a subset of what nats-server reads."""
    host, _, port = settings.MQTT_LISTEN.rpartition(":")
    if not host or not port.isdigit():
        raise ImproperlyConfigured(f"MQTT_LISTEN is {settings.MQTT_LISTEN!r}; write host:port")
    config = {
        "server_name": "cancela",
        # Its own protocol cannot be switched off: loopback, a random port, and no user who may use it.
        "host": "127.0.0.1",
        "port": -1,
        "pid_file": str(where / "nats.pid"),
        "jetstream": {"store_dir": str(where / "store"), "max_mem": "64M", "max_file": "256M"},
        # Nobody here keeps a session; what a crash leaves of one shall not collect messages.
        "mqtt": {"host": host.strip("[]"), "port": int(port), "consumer_inactive_threshold": "60s"},
        "authorization": {"users": _nats_users()},
    }
    return json.dumps(config, indent=1)


def _server_hash() -> str:
    try:
        return bcrypt_hash(settings.MQTT_PASSWORD)
    except ValueError as error:
        raise ImproperlyConfigured(f"MQTT_PASSWORD will not do for the embedded broker: {error}") from error


def _nats_users() -> list[dict[str, object]]:
    own = _nats_user(server_user(), _server_hash(), *rights.of_server())
    others = [*rights.of_boards(), *rights.of_homes()]
    return [own, *(_nats_user(each.user, each.bcrypt, each.says, each.hears) for each in others)]


def _nats_user(name: str, password: str, says: list[str], hears: list[str]) -> dict[str, object]:
    # Deliveries of QoS 1 reach a client over a subject of its own.
    subscribe = [*(subject for topic in hears for subject in _subjects(topic)), "$MQTT.sub.>"]
    return {
        "user": name,
        "password": password,
        "permissions": {"publish": [each for topic in says for each in _subjects(topic)], "subscribe": subscribe},
        "allowed_connection_types": ["MQTT"],
    }


def _subjects(topic: str) -> list[str]:
    """A topic filter as NATS writes it. `a/#` is `a` too, and NATS asks for both."""
    subject = topic.replace("/", ".").replace("+", "*")
    return [subject.removesuffix(".#"), subject.replace("#", ">")] if subject.endswith(".#") else [subject]


def write_nats(where: Path) -> list[Path]:
    """Write `nats.conf` below a folder, readable by its owner only, and return its path."""
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    return [_write(where / "nats.conf", nats_text(where))]


def forget_messages(where: Path) -> None:
    """Drop what a broker stopped in between had kept: an order of yesterday is no order."""
    shutil.rmtree(where / "store", ignore_errors=True)


def reload(changed: str = "") -> None:
    """Have the embedded broker take up who is registered now. Where none runs, there is nothing to do."""
    pid = running_pid()
    if pid is None:
        log.info("no embedded broker runs here; %s is known to it when it starts", changed or "all")
        return
    write_nats(folder())
    os.kill(pid, signal.SIGHUP)


def running_pid() -> int | None:
    """The process of the broker that runs from our folder, if one does."""
    try:
        pid = int((folder() / "nats.pid").read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    # A number may have gone to another process since.
    return pid if str(folder() / "nats.conf").encode() in command.split(b"\0") else None


# --- Mosquitto ------------------------------------------------------------------------------------------


def write_mosquitto(where: Path) -> list[Path]:
    """Write `mosquitto.passwd` and `mosquitto.acl` below a folder and return their paths."""
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    return [
        _write(where / "mosquitto.passwd", _mosquitto_passwords()),
        _write(where / "mosquitto.acl", _mosquitto_acl()),
    ]


def _mosquitto_passwords() -> str:
    users = [*rights.of_boards(), *rights.of_homes()]
    lines = [f"{server_user()}:{pbkdf2_hash(settings.MQTT_PASSWORD)}", *(f"{one.user}:{one.pbkdf2}" for one in users)]
    return "\n".join(lines) + "\n"


def _mosquitto_acl() -> str:
    blocks = [_mosquitto_block(server_user(), *rights.of_server())]
    blocks += [_mosquitto_block(one.user, one.says, one.hears) for one in [*rights.of_boards(), *rights.of_homes()]]
    return "\n\n".join(blocks) + "\n"


def _mosquitto_block(user: str, says: list[str], hears: list[str]) -> str:
    lines = [f"topic write {topic}" for topic in says] + [f"topic read {topic}" for topic in hears]
    return "\n".join([f"user {user}", *lines])


def _write(path: Path, text: str) -> Path:
    """Replace a file at once and whole, readable by its owner only."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)
    return path
