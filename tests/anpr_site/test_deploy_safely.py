"""`manage.py check --deploy` over production's settings: what stays open is known, and on purpose."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from anpr_site.mail import mail_settings

ROOT = Path(__file__).parent.parent.parent
# Whether subdomains speak TLS, and whether browsers are to know it beforehand, only the domain's owner can say.
OF_THE_DOMAIN = {"security.W005", "security.W021"}


def deployed(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command as production would run it: nothing in the environment but this."""
    usual = {
        "PATH": os.environ["PATH"],
        "CANCELA_VAR": str(tmp_path),
        "ALLOWED_HOSTS": "gate.example",
        **{name: f"{name}-{'k9' * 30}" for name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEY", "MQTT_PASSWORD")},
        "EMAIL_URL": "smtp+tls://cancela:hidden@mail.example",
        "EMAIL_FROM": "Cancela <gate@example.org>",
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**usual, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def open_points(tmp_path: Path, **environment: str) -> set[str]:
    done = deployed(tmp_path, "manage.py", "check", "--deploy", **environment)
    assert done.returncode == 0, done.stderr
    return set(re.findall(r"\((\w+\.[WE]\d+)\)", done.stderr))


def test_nothing_else_is_open(tmp_path: Path) -> None:
    assert open_points(tmp_path) == OF_THE_DOMAIN


def test_without_mail_it_is_said(tmp_path: Path) -> None:
    assert open_points(tmp_path, EMAIL_URL="") == OF_THE_DOMAIN | {"portal.W001"}
    assert open_points(tmp_path, EMAIL_FROM="Cancela <cancela@localhost>") == OF_THE_DOMAIN | {"portal.W002"}


def settings_of(tmp_path: Path, *names: str, **environment: str) -> list[str]:
    shown = f"from anpr_site import settings as s; print(*({', '.join(f's.{name}' for name in names)},), sep='\\n')"
    return deployed(tmp_path, "-c", shown, **environment).stdout.splitlines()


def test_cookies_travel_over_tls_only_and_two_factors_are_asked_for(tmp_path: Path) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "REQUIRE_SECOND_FACTOR")
    assert settings_of(tmp_path, *names, "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN") == ["True"] * 4 + ["False"]


def test_two_factors_may_be_switched_off_and_are_off_with_debug(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "REQUIRE_SECOND_FACTOR", REQUIRE_SECOND_FACTOR="0") == ["False"]
    assert settings_of(tmp_path, "REQUIRE_SECOND_FACTOR", DEBUG="1") == ["False"]


def test_with_debug_mail_lies_in_a_folder(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "EMAIL_FILE_PATH", DEBUG="1", EMAIL_URL=f"file://{tmp_path}/mail") == [
        f"{tmp_path}/mail"
    ]


# --- the address of the mail server ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp+tls://user:p%40ss@mail.example", 587, True, False),
        ("smtps://user:p%40ss@mail.example", 465, False, True),
        ("smtp://user:p%40ss@mail.example:2525", 2525, False, False),
    ],
)
def test_an_address_says_how_to_speak_to_the_mail_server(url: str, port: int, starttls: bool, tls: bool) -> None:
    found = mail_settings(url)
    assert (found["EMAIL_HOST"], found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == (
        "mail.example",
        "user",
        "p@ss",
    )
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, starttls, tls)


def test_an_address_that_is_not_understood_is_named_without_its_password(tmp_path: Path) -> None:
    done = deployed(tmp_path, "manage.py", "check", EMAIL_URL="imap://user:hidden@mail.example")
    assert (done.returncode, "EMAIL_URL is not understood" in done.stderr, "hidden" in done.stderr) == (1, True, False)
