"""What a board did by itself is in the journal exactly once, with the time as far as it can be known."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from access import keys
from gates import key_lists, key_log
from gates.key_lists import Pace
from gates.key_wire import Entry, LogPage, digest
from gates.models import Controller, Gate, KeyList, KeyUse
from premises import journal
from premises.models import Condominium, JournalEntry, User
from tests.firmware.key_parts import tag
from tests.gates.key_parts import Board, Wire
from tests.gates.parts import Broker

pytestmark = pytest.mark.django_db(transaction=True)

NOW, BEFORE = "00112233445566aa", "bbbbbbbbbbbbbbbb"
HOUR = 3600 * 1000


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_lists, "pace", Pace(0.0))


@pytest.fixture
def wire(broker: Broker) -> Iterator[Wire]:
    with Wire() as wire:
        yield wire


@pytest.fixture
def board(controller: Controller, wire: Wire, condominium: Condominium, alice: User, tmp_path: Path) -> Board:
    """Which carries Alice's tag."""
    keys.give_tag(condominium, "1", "Alice", by=alice)
    board = Board(controller, tmp_path / "flash", wire)
    board.until(lambda: board.keys.list.count == 1)
    return board


def told() -> list[str]:
    entries = JournalEntry.objects.filter(action__startswith="gate.").order_by("sequence")
    return list(entries.values_list("action", flat=True))


def alone(board: Board, *numbers: int) -> None:
    """Tags presented while the server is away."""
    board.mute = board.deaf = True
    board.go_away()
    for number in numbers:
        board.present(tag(number))
    board.mute = board.deaf = False


def test_an_opening_is_written_down_when_the_board_is_back(board: Board, gate: Gate) -> None:
    alone(board, 1)
    assert (board.pulses, told()) == (1, [])
    board.until(lambda: not board.told.waiting)
    [entry] = JournalEntry.objects.filter(action="gate.opened_offline")
    assert (entry.subject, entry.actor, entry.data["key"]) == ("Main gate", "controller: board-1", "tag …1 · Alice")
    [use] = KeyUse.objects.all()
    assert (use.gate, use.what, use.offline, use.key_name) == (gate, "opened", True, "tag …1 · Alice")
    assert journal.verify(gate.condominium) is None


def test_the_unknown_one_is_written_down_too(board: Board) -> None:
    alone(board, 1, 999)
    board.until(lambda: not board.told.waiting)
    assert told() == ["gate.opened_offline", "gate.refused_offline"]


def test_it_is_written_down_once_however_often_it_is_said(board: Board) -> None:
    alone(board, 1, 1, 1)
    board.deaf = True
    for _time in range(5):  # the receipts are lost
        board.keys._heard_at = board.now
        board._do(board.keys.tick(board.now))
        board.now += 3000
    board.deaf = False
    board.until(lambda: not board.told.waiting)
    assert told() == ["gate.opened_offline"] * 3


def test_a_hundred_openings_leave_a_gap_and_it_is_said(board: Board) -> None:
    alone(board, *[1] * 100)
    assert board.pulses == 100
    kept = board.told.waiting
    board.until(lambda: not board.told.waiting)
    assert told() == ["gate.log_gap", *["gate.opened_offline"] * kept]
    [gap] = KeyUse.objects.filter(what="gap")
    assert gap.lost == 100 - kept
    assert JournalEntry.objects.get(action="gate.log_gap").data["lost"] == 100 - kept


def test_what_was_before_a_power_cut_is_told_too(board: Board) -> None:
    alone(board, 1)
    after = board.restart(BEFORE)
    after.until(lambda: not after.told.waiting)
    assert told() == ["gate.opened_offline"]
    use = KeyUse.objects.get()
    assert use.session == NOW
    assert use.spread is not None
    assert use.spread < timedelta(seconds=10)  # its clock had been heard before


def test_a_key_taken_back_while_the_board_was_away_is_known_by_its_name(board: Board, alice: User) -> None:
    from access.models import Key

    board.mute = board.deaf = True
    keys.end(Key.objects.get(), by=alice)
    alone(board, 1)
    board.until(lambda: not board.told.waiting)
    assert KeyUse.objects.get().key_name == "tag …1 · Alice"


# --- when it was ----------------------------------------------------------------------------------------


def at(row: KeyList, session: str, uptime: int, heard: datetime) -> tuple[float, float, float]:
    """Likeliest, not before, not after: in seconds before the page was heard, whose board had been up for an hour."""
    entry = Entry(session, 1, uptime, "opened", 1, "00" * 8)
    span = key_log.when_was(row, entry, LogPage((), NOW, HOUR), heard)
    return tuple(round((heard - moment).total_seconds(), 1) for moment in span)  # type: ignore[return-value]


def test_of_this_session_the_time_is_known_but_for_the_drift() -> None:
    likely, not_before, not_after = at(KeyList(), NOW, HOUR - 600_000, timezone.now())
    assert (likely, not_before, not_after) == (600.0, 602.1, 597.9)


def test_of_a_session_that_was_heard_it_is_too() -> None:
    heard = timezone.now()
    row = KeyList(sessions={BEFORE: [5000, (heard - timedelta(hours=3)).isoformat()]})
    likely, not_before, not_after = at(row, BEFORE, 5000 + 60_000, heard)
    assert (likely, not_before, not_after) == (3 * 3600 - 60, 3 * 3600 - 58.0, 3 * 3600 - 62.0)


def test_of_a_session_that_nobody_heard_only_between_what_it_was() -> None:
    heard = timezone.now()
    row = KeyList(sessions={BEFORE: [5000, (heard - timedelta(hours=9)).isoformat()]})
    likely, not_before, not_after = at(row, "dddddddddddddddd", 60_000, heard)
    assert (likely, not_before, not_after) == (3600.0, 9 * 3600.0, 3600.0)


@pytest.mark.parametrize(("session", "late_ms"), [(BEFORE, 0), (NOW, 61_000)])
def test_a_page_that_was_said_before_is_nobodys_word(
    board: Board, controller: Controller, session: str, late_ms: int
) -> None:
    controller.refresh_from_db()
    entry = Entry(session, 1, 1000, "opened", 1, "00" * 8)
    page = LogPage((entry,), session, controller.uptime_ms - late_ms)
    assert controller.heard_at is not None
    assert key_log.take_in(controller, page, controller.heard_at) == 0
    assert KeyUse.objects.count() == 0


def test_a_page_of_a_board_without_a_list_is_left_with_it(controller: Controller, gate: Gate) -> None:
    entry = Entry(NOW, 1, 1000, "opened", 1, digest("tag", "1", device="board-1", key=b"k"))
    assert key_log.take_in(controller, LogPage((entry,), NOW, 2000), timezone.now()) == 0
    assert KeyUse.objects.count() == 0
