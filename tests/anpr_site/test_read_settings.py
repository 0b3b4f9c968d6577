"""Settings come from the environment; without its secrets, production refuses to start and says which."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SECRETS = {"SECRET_KEY": "s1-long", "FIELD_ENCRYPTION_KEY": "s2-long", "MQTT_PASSWORD": "s3-long"}


def check(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check` as production would run it: nothing in the environment but this."""
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "CANCELA_VAR": str(tmp_path), "ALLOWED_HOSTS": "gate.example", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_with_all_secrets_it_starts(tmp_path: Path) -> None:
    done = check(tmp_path, **SECRETS)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", SECRETS)
def test_a_missing_secret_is_named(tmp_path: Path, name: str) -> None:
    done = check(tmp_path, **{**SECRETS, name: ""})
    assert done.returncode == 1
    assert f"{name} is missing: set {name} or {name}_FILE" in done.stderr


def test_a_secret_of_development_is_refused(tmp_path: Path) -> None:
    done = check(tmp_path, **{**SECRETS, "SECRET_KEY": "only-for-development-secret-key"})
    assert done.returncode == 1
    assert "SECRET_KEY is the development default" in done.stderr


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("from-a-file\n")
    assert check(tmp_path, **{**SECRETS, "SECRET_KEY": "", "SECRET_KEY_FILE": str(file)}).returncode == 0


@pytest.mark.parametrize(
    ("name", "setting", "address"),
    [
        ("DATABASE_URL", "DATABASES['default']['PASSWORD']", "postgres://cancela:hidden-away@db.example/cancela"),
        ("REDIS_URL", "CELERY_BROKER_URL", "hidden-away"),
    ],
)
def test_an_address_with_a_password_may_come_from_a_file(tmp_path: Path, name: str, setting: str, address: str) -> None:
    (tmp_path / "address").write_text(f"{address}\n")
    shown = f"from anpr_site import settings; print(settings.{setting})"
    environment = {**SECRETS, "CANCELA_VAR": str(tmp_path), "ALLOWED_HOSTS": "gate.example"}
    environment[f"{name}_FILE"] = str(tmp_path / "address")
    done = subprocess.run(
        [sys.executable, "-c", shown], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "hidden-away"


def test_a_secrets_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = check(tmp_path, **{**SECRETS, "SECRET_KEY_FILE": str(tmp_path / "nowhere")})
    assert done.returncode == 1
    assert "SECRET_KEY_FILE cannot be read" in done.stderr


def test_a_host_has_to_be_named(tmp_path: Path) -> None:
    done = check(tmp_path, **SECRETS, ALLOWED_HOSTS="")
    assert "ALLOWED_HOSTS is missing" in done.stderr


@pytest.mark.parametrize(("name", "value"), [("DEBUG", "maybe"), ("UPLOAD_MAX_BYTES", "12MB")])
def test_a_value_that_means_nothing_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    done = check(tmp_path, **{**SECRETS, name: value})
    assert done.returncode == 1
    assert f"{name} is '{value}'" in done.stderr


def test_with_debug_on_nothing_need_be_set(tmp_path: Path) -> None:
    assert check(tmp_path, DEBUG="1").returncode == 0


def test_what_the_environment_says_goes_before_the_file_of_make_run(tmp_path: Path) -> None:
    lines = [f"{name}={value}" for name, value in SECRETS.items()]
    (tmp_path / "environment").write_text("\n".join([*lines, "DEBUG=maybe"]))
    assert check(tmp_path, DEBUG="0").returncode == 0
    assert "DEBUG is 'maybe'" in check(tmp_path).stderr
