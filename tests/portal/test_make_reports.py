"""Reports: what stands in the files is what stands in the database, and nothing of another condominium."""

import io
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook
from pypdf import PdfReader

from access import periods
from access.models import Lane, Passage
from access.periods import Period, figures_of
from access.reasons import Outcome, Reason
from gates.models import Gate, GateCommand
from gates.states import State
from portal.reports.periods import Preset, days_of
from premises.models import Condominium, JournalEntry, User
from tests.admin.conftest import SignedIn
from tests.admin.pages import row_of
from tests.admin.test_show_today import passages

LOCAL = ZoneInfo("America/Sao_Paulo")
# 23:30 on the last day of October: in UTC it is November already.
LATE = datetime(2026, 10, 31, 23, 30, tzinfo=LOCAL)
OCTOBER: dict[str, Any] = {"preset": "from_to", "first": "2026-10-01", "last": "2026-10-31"}
PERIOD = Period(date(2026, 10, 1), date(2026, 10, 31), "America/Sao_Paulo")


@pytest.fixture
def october(furnished: Condominium, elsewhere: Condominium) -> Condominium:
    """Four passages of October and one of November; one of Charlie's."""
    Passage.objects.all().delete()
    passages(
        furnished,
        (LATE - timedelta(days=3), Outcome.OPEN, Reason.PERMITTED),
        (LATE - timedelta(days=3, hours=2), Outcome.OPEN, Reason.PERMITTED),
        (LATE, Outcome.REFUSE, Reason.UNKNOWN_PLATE),
        (LATE - timedelta(hours=1), Outcome.REFUSE, Reason.WATCHLISTED),
        (LATE + timedelta(hours=1), Outcome.ASK, Reason.UNSURE),
    )
    passages(elsewhere, (LATE, Outcome.REFUSE, Reason.WATCHLISTED))
    by_hand(furnished, "alice", "=HYPERLINK(bad)")
    by_hand(elsewhere, "charlie", "Z-mine")
    return furnished


def by_hand(condominium: Condominium, name: str, reason: str, at: datetime = LATE) -> GateCommand:
    return GateCommand.objects.create(
        condominium=condominium,
        gate=row_of(Gate, condominium),
        state=State.PULSED,
        requested_by_name=name,
        reason=reason,
        pulse_ms=500,
        requested_at=at,
        expires_at=at,
    )


def asked(client: Client, condominium: Condominium, kind: str, **more: str) -> Any:
    return client.post(reverse("reports:file"), {"condominium": condominium.pk, "kind": kind, **OCTOBER, **more})


def text_of(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def sheets_of(data: bytes) -> list[list[tuple[Any, ...]]]:
    return [list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(io.BytesIO(data))]


def test_days_are_those_of_the_condominium(october: Condominium) -> None:
    found = figures_of(october, PERIOD)
    assert (found.passages, found.of(Outcome.OPEN), found.of(Outcome.REFUSE), found.unknown) == (4, 2, 2, 1)
    assert {day: counts for day, counts in found.days if counts} == {
        date(2026, 10, 28): {"open": 2},
        date(2026, 10, 31): {"refuse": 2},
    }
    assert {hour: counts for hour, counts in found.hours if counts} == {
        21: {"open": 1},
        22: {"refuse": 1},
        23: {"open": 1, "refuse": 1},
    }
    assert found.reasons == [("unknown_plate", 1), ("watchlisted", 1)]
    assert (found.by_hand_total, found.watched_total) == (1, 1)


def test_the_spreadsheet_says_what_the_database_says(october: Condominium, alice: User, signed_in: SignedIn) -> None:
    answer = asked(signed_in(alice), october, "xlsx")
    assert answer.status_code == 200
    summary, openings, _lanes, reasons, manual, watched, days, hours = sheets_of(answer.content)
    assert ("passages", 4) in summary
    assert ("openings by hand", 1) in openings
    assert reasons[1:] == [("not registered", 1), ("on the watch-list", 1)]
    assert manual[1][1:] == (str(row_of(Gate, october)), "alice", "'=HYPERLINK(bad)", "pulsed, unconfirmed")
    assert watched[1][0] == (LATE - timedelta(hours=1)).replace(tzinfo=None)
    assert (days[28][0], days[28][1:3]) == (datetime(2026, 10, 28), (2, 2))
    assert [row[1] for row in hours[1:]] == [0] * 21 + [1, 1, 2]


def test_the_pdf_says_the_same_on_numbered_pages(october: Condominium, alice: User, signed_in: SignedIn) -> None:
    answer = asked(signed_in(alice), october, "pdf")
    assert (answer["Content-Type"], "no-store" in answer["Cache-Control"]) == ("application/pdf", True)
    text = text_of(answer.content)
    for said in (
        "Jardim das Acácias",
        "10/01/2026 to 10/31/2026",
        "Brasília",
        "alice",
        "HYPERLINK",
        "Page 1",
        "Page 2",
    ):
        assert said in text


def test_a_report_speaks_portuguese(october: Condominium, alice: User, signed_in: SignedIn) -> None:
    with translation.override("pt-br"):
        answer = signed_in(alice).post(
            reverse("reports:file"),
            {"condominium": october.pk, "kind": "pdf", **OCTOBER},
            headers={"Accept-Language": "pt-br"},
        )
    text = text_of(answer.content)
    assert "31/10/2026" in text
    assert "não cadastrada" in text


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_charlies_report_has_nothing_of_alices(
    october: Condominium, elsewhere: Condominium, charlie: User, signed_in: SignedIn, kind: str
) -> None:
    data = asked(signed_in(charlie), elsewhere, kind).content
    text = text_of(data) if kind == "pdf" else str(sheets_of(data))
    assert "charlie" in text
    assert "alice" not in text
    assert "Acácias" not in text
    assert asked(signed_in(charlie), october, kind).status_code == 400


def test_every_file_is_written_down(october: Condominium, alice: User, signed_in: SignedIn) -> None:
    asked(signed_in(alice), october, "xlsx")
    entry = JournalEntry.objects.get(action="report.made")
    assert (entry.actor, entry.condominium_id) == ("alice", october.pk)
    assert entry.data == {"first": "2026-10-01", "last": "2026-10-31", "kind": "xlsx"}


def test_more_openings_than_are_listed_are_said_to_be_more(
    october: Condominium, alice: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand(october, "bob", "second")
    monkeypatch.setattr(periods, "LISTED", 1)
    monkeypatch.setattr("portal.reports.report.LISTED", 1)
    manual = sheets_of(asked(signed_in(alice), october, "xlsx").content)[4]
    assert [len(manual), manual[-1][0]] == [3, "The latest 1 of 2 are listed."]


def test_the_page_shows_the_numbers_before_the_files(october: Condominium, alice: User, signed_in: SignedIn) -> None:
    answer = signed_in(alice).get(reverse("reports:page"), {"condominium": october.pk, **OCTOBER})
    assert [value for value, _label in answer.context["tiles"]] == ["4", "2", "2", "0", "1", "1"]


def test_a_year_costs_as_many_queries_as_a_day(
    october: Condominium, alice: User, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    year = Period(date(2025, 11, 1), date(2026, 10, 31), "America/Sao_Paulo")
    with django_assert_max_num_queries(14):
        figures_of(october, year)


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": "2026-10-31", "last": "2026-10-01"},
        {"first": "2020-01-01", "last": "2026-10-01"},
        {"first": "", "last": "2026-10-01"},
        {"first": "1900-01-01", "last": "1900-01-02"},
        {"preset": "always"},
        {"kind": "exe"},
        {"condominium": "x"},
    ],
)
def test_nonsense_is_no_report(october: Condominium, alice: User, signed_in: SignedIn, wrong: dict[str, str]) -> None:
    client = signed_in(alice)
    assert client.get(reverse("reports:page"), {"condominium": october.pk, **OCTOBER, **wrong}).status_code == 200
    sent = {"condominium": str(october.pk), "kind": "pdf", **OCTOBER} | wrong
    assert client.post(reverse("reports:file"), sent).status_code == 400
    assert not JournalEntry.objects.filter(action="report.made").exists()


def test_an_unsigned_visitor_gets_no_report(october: Condominium, client: Client) -> None:
    assert asked(client, october, "pdf").status_code == 302


def test_presets_are_whole_days_weeks_and_months() -> None:
    saturday = date(2026, 3, 7)
    assert {preset: days_of(preset, saturday) for preset in Preset.values if preset != Preset.FROM_TO} == {
        "yesterday": (date(2026, 3, 6), date(2026, 3, 6)),
        "last_week": (date(2026, 2, 23), date(2026, 3, 1)),
        "last_month": (date(2026, 2, 1), date(2026, 2, 28)),
    }


def test_the_pulse_is_measured_from_the_picture(furnished: Condominium) -> None:
    today = Passage.objects.filter(condominium=furnished).latest("opened_at").opened_at.astimezone(LOCAL).date()
    pulse = figures_of(furnished, Period(today - timedelta(days=1), today, "America/Sao_Paulo")).pulse
    assert (pulse.count, pulse.p50, pulse.p95) == (Lane.objects.filter(condominium=furnished).count(), 22, 22)
