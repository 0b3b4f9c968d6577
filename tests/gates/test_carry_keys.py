"""Boards carry the keys that hold now: delivered whole, kept alive, taken back; whatever is lost on the way."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from access import keys
from access.models import Vehicle, WatchlistEntry
from gates import controllers, holds, key_lists
from gates.key_lists import LIFE, Pace
from gates.models import CarriedKey, Controller, Gate, KeyList
from premises.models import Condominium, User
from tests.firmware.key_parts import tag, typed
from tests.gates.key_parts import Board, Wire
from tests.gates.parts import Broker

pytestmark = pytest.mark.django_db(transaction=True)

DAY = 24 * 3600 * 1000


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_lists, "pace", Pace(0.0))


@pytest.fixture
def wire(broker: Broker) -> Iterator[Wire]:
    with Wire() as wire:
        yield wire


@pytest.fixture
def board(controller: Controller, wire: Wire, tmp_path: Path) -> Board:
    return Board(controller, tmp_path / "flash", wire)


def is_current(board: Board) -> bool:
    row = KeyList.objects.filter(controller=board.row).first()
    return bool(row and row.version and row.delivered_at and board.told.version == row.version)


def opens(board: Board, *frames: str, relay: int = 1) -> bool:
    """Whether the board by itself opens for this, the server being away."""
    before, board.mute, board.deaf = board.pulses, True, True
    board.go_away()
    board.present(*frames, relay=relay)
    board.mute = board.deaf = False
    return board.pulses > before


def test_a_key_reaches_the_board(board: Board, condominium: Condominium, alice: User) -> None:
    keys.give_tag(condominium, "188,24910", "Alice", by=alice)
    board.until(lambda: is_current(board))
    assert opens(board, tag(188 * 65536 + 24910))
    assert not opens(board, tag(24910))


def test_a_code_reaches_the_board_and_never_in_the_clear(
    board: Board, controller: Controller, condominium: Condominium, alice: User
) -> None:
    _key, code = keys.give_code(condominium, "The cleaner", by=alice)
    board.until(lambda: is_current(board))
    assert opens(board, *typed(code))
    assert code.encode() not in (board.folder / "keys.lst").read_bytes()
    assert code not in CarriedKey.objects.get(controller=controller).digest


def test_two_boards_have_different_digests_of_one_key(
    board: Board, wire: Wire, condominium: Condominium, alice: User, tmp_path: Path
) -> None:
    other, _credentials = controllers.register(condominium, "Other", "board-2")
    keys.give_tag(condominium, "77", "Alice", by=alice)
    board.until(lambda: is_current(board))
    second = Board(other, tmp_path / "second", wire)
    second.until(lambda: KeyList.objects.get(controller=other).version > 0)
    digests = set(CarriedKey.objects.values_list("digest", flat=True))
    assert len(digests) == 2


def test_two_hundred_keys_arrive_whole(board: Board, condominium: Condominium, alice: User) -> None:
    for number in range(1, 201):
        keys.give_tag(condominium, str(number), f"Resident {number}", by=alice)
    board.until(lambda: is_current(board))
    assert board.keys.list.count == 200
    assert opens(board, tag(200))


def test_a_board_that_loses_every_other_message_gets_it_whole_in_the_end(
    board: Board, condominium: Condominium, alice: User
) -> None:
    for number in range(1, 101):
        keys.give_tag(condominium, str(number), f"Resident {number}", by=alice)

    def beat_badly() -> bool:
        board.deaf = not board.deaf
        return is_current(board)

    board.until(beat_badly)
    board.deaf = False
    assert board.keys.list.count == 100


def test_a_key_that_was_taken_back_is_struck_out_at_once(board: Board, condominium: Condominium, alice: User) -> None:
    lost = keys.give_tag(condominium, "1", "Alice", by=alice)
    keys.give_tag(condominium, "2", "Bob", by=alice)
    board.until(lambda: is_current(board))
    keys.end(lost, by=alice, reason="lost")
    board.hear()  # without a heartbeat in between
    assert board.keys.list.count == 1
    assert not opens(board, tag(1))
    assert opens(board, tag(2))


def test_two_that_are_taken_back_while_the_board_does_not_hear_are_struck_out_together(
    board: Board, condominium: Condominium, alice: User
) -> None:
    rows = [keys.give_tag(condominium, str(number), "Somebody", by=alice) for number in range(1, 4)]
    board.until(lambda: is_current(board))
    board.deaf = True
    for row in rows[:2]:
        keys.end(row, by=alice)
        board.hear()
    board.deaf = False
    board.until(lambda: is_current(board))
    assert [opens(board, tag(number)) for number in (3, 1, 2)] == [True, False, False]


def test_the_last_key_taken_back_leaves_an_empty_list(board: Board, condominium: Condominium, alice: User) -> None:
    key = keys.give_tag(condominium, "1", "Alice", by=alice)
    board.until(lambda: is_current(board))
    keys.end(key, by=alice)
    board.until(lambda: is_current(board))
    assert board.keys.list.count == 0


def test_a_gate_on_hold_is_in_no_list(board: Board, gate: Gate, condominium: Condominium, alice: User) -> None:
    keys.give_tag(condominium, "1", "Alice", by=alice)
    board.until(lambda: is_current(board))
    holds.hold(gate, by=alice, reason="somebody works under it")
    board.until(lambda: board.keys.list.count == 0)
    assert not opens(board, tag(1))
    holds.give_back(gate, by=alice, reason="done")
    board.until(lambda: board.keys.list.count == 1)
    assert opens(board, tag(1))


def test_all_gates_on_hold_or_locked_down_are_in_no_list(board: Board, condominium: Condominium, alice: User) -> None:
    keys.give_tag(condominium, "1", "Alice", by=alice)
    board.until(lambda: is_current(board))
    for field in ("gates_on_hold", "locked_down"):
        Condominium.objects.filter(pk=condominium.pk).update(**{field: True})
        board.until(lambda: board.keys.list.count == 0)
        Condominium.objects.filter(pk=condominium.pk).update(**{field: False})
        board.until(lambda: board.keys.list.count == 1)


def test_a_key_is_for_its_gates(
    board: Board, gate: Gate, controller: Controller, condominium: Condominium, alice: User
) -> None:
    second = Gate.objects.create(condominium=condominium, controller=controller, name="Second", relay=2)
    keys.give_tag(condominium, "1", "Alice", by=alice, gates=[second])
    board.until(lambda: is_current(board))
    assert not opens(board, tag(1), relay=1)
    assert opens(board, tag(1), relay=2)


def test_a_key_whose_vehicle_may_not_pass_is_in_no_list(board: Board, condominium: Condominium, alice: User) -> None:
    vehicle = Vehicle.objects.create(condominium=condominium, plate="ABC1D23")
    keys.give_tag(condominium, "1", "Alice", by=alice, vehicle=vehicle)
    board.until(lambda: board.keys.list.count == 1)
    WatchlistEntry.objects.create(condominium=condominium, plate="ABC1D23")
    board.until(lambda: board.keys.list.count == 0)


def test_a_key_begins_and_ends_when_it_does(board: Board, condominium: Condominium, alice: User) -> None:
    now = timezone.now()
    keys.give_tag(condominium, "1", "Tomorrow", by=alice, valid_from=now + timedelta(days=1))
    keys.give_tag(condominium, "2", "Today", by=alice, valid_until=now + timedelta(hours=2))
    board.until(lambda: is_current(board))
    assert not opens(board, tag(1))
    assert opens(board, tag(2))
    board.now += 2 * 3600 * 1000
    assert not opens(board, tag(2))


def test_after_a_reset_the_ends_are_told_anew(board: Board, condominium: Condominium, alice: User) -> None:
    until = timezone.now() + timedelta(hours=2)
    keys.give_tag(condominium, "2", "Today", by=alice, valid_until=until)
    board.until(lambda: is_current(board))
    after = board.restart("aaaaaaaaaaaaaaaa")
    assert not opens(after, tag(2))
    later = board.restart("bbbbbbbbbbbbbbbb")
    before = later.told.version
    later.until(lambda: is_current(later) and later.told.version > before)
    assert opens(later, tag(2))


def test_a_list_lives_on_while_the_server_is_there(board: Board, condominium: Condominium, alice: User) -> None:
    keys.give_tag(condominium, "1", "Alice", by=alice)
    board.until(lambda: is_current(board))
    week = LIFE // timedelta(minutes=1)
    board.now += 3 * DAY
    board.beat()
    assert board.told.minutes < week * 0.6
    board.now += DAY
    board.until(lambda: board.told.minutes > week * 0.9)
    assert KeyList.objects.get().board_version == board.told.version


def test_a_database_of_yesterday_still_takes_keys_back(board: Board, condominium: Condominium, alice: User) -> None:
    """Restored, it knows an older version than the board has."""
    key = keys.give_tag(condominium, "1", "Alice", by=alice)
    board.until(lambda: is_current(board))
    KeyList.objects.update(version=1, board_version=1)
    board.until(lambda: is_current(board))
    keys.end(key, by=alice)
    board.until(lambda: is_current(board))
    assert not opens(board, tag(1))


def test_a_new_key_of_the_board_makes_new_digests(
    board: Board, controller: Controller, wire: Wire, condominium: Condominium, alice: User
) -> None:
    keys.give_tag(condominium, "1", "Alice", by=alice)
    board.until(lambda: is_current(board))
    before = CarriedKey.objects.get().digest
    controllers.rotate(controller, by=alice)
    controller.refresh_from_db()
    renewed = board.restart("cccccccccccccccc")
    renewed.until(lambda: is_current(renewed))
    assert CarriedKey.objects.get().digest != before
    assert opens(renewed, tag(1))


def test_a_board_without_a_reader_is_told_nothing(
    controller: Controller, wire: Wire, condominium: Condominium, alice: User
) -> None:
    from tests.gates.test_hear import hear, heartbeat

    keys.give_tag(condominium, "1", "Alice", by=alice)
    hear(controller, heartbeat(controller, 60_000))
    assert (wire.take(), KeyList.objects.count()) == ([], 0)


def test_keys_of_another_condominium_are_never_carried(board: Board, elsewhere: Condominium, charlie: User) -> None:
    keys.give_tag(elsewhere, "1", "Charlie", by=charlie)
    board.until(lambda: is_current(board))
    assert board.keys.list.count == 0
    assert not opens(board, tag(1))
