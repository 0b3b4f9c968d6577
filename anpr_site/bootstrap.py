"""Make the virtual environment and install into it. Runs on a bare Python: standard library only.

    python3 anpr_site/bootstrap.py requirements.txt [requirements-dev.txt …]

Does nothing where the named files are installed already. Debian splits `venv`'s helper off into a package of
its own; where that is missing, pip's own wheel is fetched from the index, its digest checked, and used.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
CONSTRAINTS = ROOT / "constraints.txt"
OLDEST = (3, 11)
# In an index's page: address, name and digest of a wheel of pip.
LINK = re.compile(r'href="([^"#]*/(pip-[0-9.]+-py3-none-any\.whl))[^"#]*#sha256=([0-9a-f]{64})')


def main(files: list[str]) -> None:
    requirements = [ROOT / name for name in files]
    stamp = ENVIRONMENT / "installed" / "+".join(files)
    wanted = digest([*requirements, CONSTRAINTS])
    if stamp.is_file() and stamp.read_text() == wanted and PYTHON.exists():
        return
    if not PYTHON.exists():
        say("making a virtual environment in .venv")
        make_environment()
    say(f"installing {' and '.join(files)} (a few minutes the first time)")
    arguments = [part for path in requirements for part in ("-r", str(path))]
    run(*pip(), "install", "--quiet", "--disable-pip-version-check", "-c", str(CONSTRAINTS), *arguments)
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(wanted)


def digest(paths: list[Path]) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def make_environment() -> None:
    """With pip where Python can put it there, without it otherwise."""
    try:
        import ensurepip  # noqa: F401  (only to see whether it is there)

        venv.create(ENVIRONMENT, with_pip=True, clear=True)
    except (ImportError, subprocess.CalledProcessError):
        venv.create(ENVIRONMENT, with_pip=False, clear=True)


def pip() -> list[str]:
    """How to call pip: the environment's own, or the wheel fetched for it."""
    if (ENVIRONMENT / "bin" / "pip").exists():
        return [str(PYTHON), "-m", "pip"]
    wheel = fetch_pip()
    run(str(PYTHON), f"{wheel}/pip", "install", "--quiet", "--no-index", str(wheel))
    return [str(PYTHON), "-m", "pip"]


def fetch_pip() -> Path:
    """Pip's newest wheel, from the index that pip itself would ask."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
    page = fetch(index).decode()
    links: list[tuple[str, str, str]] = LINK.findall(page)
    if not links:
        raise SystemExit(f"No wheel of pip at {index}. Install Debian's python3-venv, then try again.")
    link, name, expected = max(links, key=lambda found: version(found[1]))
    wheel = fetch(urllib.parse.urljoin(index, link))
    if hashlib.sha256(wheel).hexdigest() != expected:
        raise SystemExit(f"{name} did not arrive whole: its digest differs from the index's.")
    path = Path(tempfile.mkdtemp(prefix="cancela-pip-")) / name
    path.write_bytes(wheel)
    return path


def version(name: str) -> list[int]:
    return [int(part) for part in name.split("-")[1].split(".")]


def fetch(url: str) -> bytes:
    if not url.startswith("https://"):
        raise SystemExit(f"{url} is not an https address.")
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310  (https only, checked above)
        return bytes(answer.read())


def run(*command: str) -> None:
    if code := subprocess.run(command, check=False).returncode:
        raise SystemExit(f"This did not work (status {code}): {' '.join(command)}")


def say(text: str) -> None:
    sys.stderr.write(f"cancela: {text}\n")


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        raise SystemExit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    main(sys.argv[1:] or ["requirements.txt"])
