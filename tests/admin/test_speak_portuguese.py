"""Nobody meets an English word: neither one of ours, nor of the theme, nor of the parts beside it.

Two ways, because each finds what the other does not: every text that the installed parts mark for translation has one;
and pages, read in Portuguese and in English, have no word in common but names.
"""

import re

import pytest
from axes.models import AccessAttempt
from django.utils.translation import gettext, ngettext, override
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from premises.models import Condominium, User
from tests.admin import everywhere
from tests.admin.conftest import SignedIn
from tests.admin.furnishing import furnish
from tests.admin.marked import marked
from tests.admin.pages import OF_ALICE
from tests.admin.said import said

# Installed parts that people meet, and what of them this site does not use.
PARTS = (
    "unfold",
    "django_celery_beat",
    "axes",
    "django_filters",
    "django/contrib/admin",
    "django/contrib/auth",
    "django/forms",
    "django/core/validators.py",
    "rest_framework",
)
UNUSED = re.compile(
    r"unfold/contrib/(constance|forms|guardian|import_export|location_field|simple_history)|unfold_crispy"
    r"|rest_framework/(authtoken|templates)|unfold/helpers/(command_results|welcomemsg)\.html|admin/search_form\.html"
)
# The same word in both languages, or no word: a pattern of names.
ALIKE = {"Status", "Item", "Total", "Latitude", "Longitude", "Global", "Normal", "Menu", "Token", "Local"}
ALIKE |= {"%(class_name)s %(instance)s", "Select currency", "Home", "navbar", "IPv4", "IPv6"}

# What a page may say in both languages.
NAMES = re.compile(
    r"\b(Cancela|Jardim das Acácias|acacias|Português Brasileiro|English|pt-br|en|owner|alice|bob|cancela|tests)\b"
    r"|@example|user-[0-9a-f]|recorder\.example|[0-9a-f]{8}|^[\w.]+\.tasks\.\w+|^look\b|\+\d+ ms"
    r"|^(1 )?Home Assistants?$|^(Tasmota|ESPHome|ESP8266|ESP32|Chip|TLS|tag)$|^tag …"
    r"|classical|Intelbras|Hikvision|^<unknown>$|\([A-Z]{2}\)$"
    r"|ABC1D23|^(CSV|XLSX|HTTPS?|Firmware|E-mail|e-mail|Menu|Auditor|Axes|Path|Latitude|Longitude|UTC|Zulu)$"
    # Codes of the journal, on the page of one entry.
    r"|^\d* ?[a-z]+\.[a-z_]+$"
    # Zones of time, and who wrote them down; the states of Brazil.
    r"|/|\(UTC.\d\)|^(Select |Selecionar )?\* \* \* \* \*|Attempted Access|Access Log"
)
# Not marked for translation by the timetable's own package: how it tells a schedule in words, for the owner alone.
KNOWN = {"Human readable", "Crontab translation", "Every minute UTC"}
# What the others see of the same pages: other buttons and columns.
OF_EACH_ROLE = ("index", "access.passage list", "access.passage change", "access.vehicle list", "access.lane change")
ZONES = "django_celery_beat.crontabschedule"
STATES = "premises.condominium"


def test_every_text_of_an_installed_part_has_its_portuguese() -> None:
    with override("pt-br"):
        english = {
            f"{place}: {text}"
            for part in PARTS
            for text, place in marked(part).items()
            if gettext(text) == text
            and ngettext(text, text, 1) == text
            and text not in ALIKE
            and not UNUSED.search(place)
            and text[1:].lower() != text[1:].upper()
        }
    assert sorted(english) == []


@pytest.fixture
def read_by(condominium: Condominium, owner: User, alice: User, bob: User) -> dict[str, User]:
    furnish(condominium, rows=2, prefix="Q")
    AccessAttempt.objects.create(username="q0-guess", ip_address="127.0.0.1", failures_since_start=1)
    every = IntervalSchedule.objects.create(every=5, period=IntervalSchedule.SECONDS)
    PeriodicTask.objects.create(name="look", task="access.tasks.watch_lane", interval=every)
    return {"owner": owner, "manager": alice, "guard": bob}


@pytest.mark.parametrize("role", ["owner", "manager", "guard"])
def test_no_page_says_the_same_in_both_languages(
    role: str, read_by: dict[str, User], signed_in: SignedIn, condominium: Condominium
) -> None:
    client = signed_in(read_by[role])
    pages = everywhere.pages(condominium) | everywhere.beside(condominium)
    english: dict[str, set[str]] = {}
    for name, url in pages.items():
        if (role != "owner" and name not in OF_EACH_ROLE) or name.startswith((ZONES, STATES)):
            continue
        portuguese = client.get(url, headers={"Accept-Language": "pt-BR"})
        if portuguese.status_code == 200:
            other = client.get(url, headers={"Accept-Language": "en"})
            for text in said(portuguese.content.decode()) & said(other.content.decode()):
                if not NAMES.search(text) and not OF_ALICE.search(text) and text not in KNOWN:
                    english.setdefault(text, set()).add(name)
    assert english == {}


def test_a_day_is_written_as_brazilians_write_it(alice: User, signed_in: SignedIn, condominium: Condominium) -> None:
    furnish(condominium, rows=2, prefix="Q")
    pages = everywhere.pages(condominium)
    page = signed_in(alice).get(pages["access.detection change"], headers={"Accept-Language": "pt-BR"})
    assert re.search(r"\b\d{1,2} de [a-z]+ de \d{4} às \d\d:\d\d", page.content.decode())
    page = signed_in(alice).get(pages["access.passage list"], headers={"Accept-Language": "pt-BR"})
    assert re.search(r"\b\d\d/\d\d/\d{4} \d\d:\d\d:\d\d", page.content.decode())
