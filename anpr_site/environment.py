"""Settings from the environment: small parsers that fail loudly, secrets also from files."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})


def env(name: str, default: str) -> str:
    return os.environ.get(name, default)


def envurl(name: str, default: str) -> str:
    """An address, which may hold a password: from NAME, or from the file that NAME_FILE names."""
    return _secret_file(name) or env(name, default)


def envbool(name: str, default: bool) -> bool:
    """A truth value; raises `ImproperlyConfigured` for anything that is neither yes nor no."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    value = raw.strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {raw!r}; write one of: {', '.join(sorted(TRUE | FALSE - {''}))}")


def envint(name: str, default: int) -> int:
    raw = os.environ.get(name)
    if raw is None:
        return default
    try:
        return int(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {raw!r}; write a whole number") from error


def envlist(name: str, default: list[str]) -> list[str]:
    """Values separated by commas; blanks are dropped."""
    raw = os.environ.get(name)
    return default if raw is None else [part.strip() for part in raw.split(",") if part.strip()]


def envsecret(name: str, *, development: str | None) -> str:
    """A secret from NAME, or from the file that NAME_FILE names.

    `development` is what stands in for it while DEBUG is on; None means that there is no stand-in, and a
    missing secret raises `ImproperlyConfigured` naming it. A secret that equals a stand-in of ours is
    refused too: it is printed in the source.
    """
    value = _secret_file(name) or os.environ.get(name, "")
    if value and (development is not None or not value.startswith(STAND_IN)):
        return value
    if development is not None:
        return development
    problem = "is the development default" if value else "is missing"
    raise ImproperlyConfigured(f"{name} {problem}: set {name} or {name}_FILE (DEBUG is off)")


STAND_IN = "only-for-development-"


def _secret_file(name: str) -> str:
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error


def load_file(path: Path) -> None:
    """Take NAME=value lines of a file as defaults; what the environment itself says goes first."""
    for name, value in read_file(path).items():
        os.environ.setdefault(name, value)


def read_file(path: Path) -> dict[str, str]:
    """The NAME=value lines of a file; none where there is no file. Lines that begin with # say nothing."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    pairs = [line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#")]
    # The first of a name counts.
    return {name.strip(): value.strip() for name, value in reversed(pairs)}
