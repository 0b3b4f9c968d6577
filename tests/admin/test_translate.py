"""Every text of ours is there in Brazilian Portuguese, and the compiled catalogue is the written one.

After a change of texts: `make messages`, translate what is empty or marked fuzzy in
locale/pt_BR/LC_MESSAGES/django.po, and `make messages` again.
"""

import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from premises.models import User
from tests.admin import catalogue
from tests.admin.conftest import SignedIn

ROOT = Path(__file__).parents[2]
APPS = ("access", "anpr_site", "cameras", "gates", "portal", "premises")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def messages() -> dict[str, catalogue.Message]:
    return catalogue.read(catalogue.FOLDER / "django.po")


def test_nothing_is_untranslated_or_guessed(messages: dict[str, catalogue.Message]) -> None:
    empty = [key for key, message in messages.items() if not all(message.texts.values())]
    assert (empty, [key for key, message in messages.items() if message.fuzzy]) == ([], [])


def test_every_placeholder_is_kept(messages: dict[str, catalogue.Message]) -> None:
    changed = [
        key
        for key, message in messages.items()
        for text in message.texts.values()
        if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(key))
    ]
    assert changed == []


def test_the_compiled_catalogue_is_the_written_one(messages: dict[str, catalogue.Message]) -> None:
    """After a change: `msgfmt -o django.mo django.po`, in the catalogue's folder."""
    with (catalogue.FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for key, message in messages.items():
        if message.plural:
            forms = {0: compiled.ngettext(key, message.plural, 1), 1: compiled.ngettext(key, message.plural, 2)}
        else:
            forms = {0: compiled.gettext(key)}
        assert forms == message.texts


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext's programs are not installed")
def test_no_text_is_missing_from_the_catalogue(messages: dict[str, catalogue.Message], tmp_path: Path) -> None:
    """What `makemessages` finds in the source now is what the catalogue holds."""
    for app in APPS:
        (tmp_path / app).symlink_to(ROOT / app)
    (tmp_path / "locale").mkdir()
    command = ["manage.py", "makemessages", "--locale=pt_BR", "--symlinks", "--no-location", "--verbosity=0"]
    subprocess.run(
        [sys.executable, str(ROOT / command[0]), *command[1:]],
        cwd=tmp_path,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)},
        check=True,
        timeout=120,
    )
    found = catalogue.read(tmp_path / "locale" / "pt_BR" / "LC_MESSAGES" / "django.po")
    assert sorted(set(found) ^ set(messages)) == []


def test_a_page_speaks_portuguese_to_who_does_not_ask(client: Client, settings: object) -> None:
    settings.LANGUAGE_CODE = "pt-br"  # type: ignore[attr-defined]
    assert "<h1>Entrar</h1>" in client.get("/accounts/login/").content.decode()


def test_a_page_speaks_english_to_who_asks(client: Client) -> None:
    answer = client.get("/accounts/login/", headers={"Accept-Language": "en"})
    assert "<h1>Sign in</h1>" in answer.content.decode()


@pytest.mark.parametrize(
    "page", ["", "access/passage/", "access/vehicle/", "access/vehicle/add/", "cameras/recorder/add/"]
)
def test_the_theme_speaks_portuguese_too(alice: User, signed_in: SignedIn, page: str) -> None:
    answer = signed_in(alice).get(f"/admin/{page}", headers={"Accept-Language": "pt-BR"}).content.decode()
    english = ["Type to search", "No results found", "Search apps", "Select value", "Add row", "Apply Filters"]
    assert [text for text in english if text in answer] == []
