"""A key opens by the board's list only while the server is away, the list lives, and nothing is in the way."""

from pathlib import Path
from typing import Any

import pytest

from gates import key_wire
from gates.key_wire import Record
from tests.firmware.key_parts import (
    AWAY,
    DAY,
    DEVICE,
    SECRET,
    SESSION,
    Board,
    code,
    digest,
    events,
    seal,
    tag,
    tags,
    typed,
)

HOUR = 3600 * 1000


@pytest.fixture
def board(tmp_path: Path) -> Board:
    """With a list of three tags and a code, the server away."""
    board = Board(tmp_path)
    board.take(100, [*tags(1, 2, 3), *code()])
    board.go_away()
    return board


def whys(board: Board) -> list[str]:
    return [entry.what for entry in board.entries()]


# --- who decides ----------------------------------------------------------------------------------------


def test_while_the_server_is_heard_it_is_asked(tmp_path: Path) -> None:
    board = Board(tmp_path)
    board.take(100, tags(1))
    board.now = 10_000
    assert events(board.present(tag(1))) == [("key", f"1 tag {digest('tag', '1')}")]


def test_while_it_is_asked_nothing_opens(tmp_path: Path) -> None:
    board = Board(tmp_path)
    board.take(100, tags(1))
    assert not board.opened(tag(1))


def test_a_known_tag_opens_when_the_server_is_away(board: Board) -> None:
    assert board.opened(tag(1))


def test_a_known_code_opens_when_the_server_is_away(board: Board) -> None:
    assert board.opened(*typed(SECRET))


def test_a_tag_is_no_code(board: Board) -> None:
    assert not board.opened(*typed("111111"))
    assert not board.opened(tag(int(SECRET)))


def test_an_unknown_one_does_not(board: Board) -> None:
    assert not board.opened(tag(4))


def test_a_word_of_the_server_ends_its_being_away(board: Board) -> None:
    board.word("here", board.now)
    assert events(board.present(tag(1))) == [("key", f"1 tag {digest('tag', '1')}")]


def test_a_word_said_again_by_somebody_does_not(board: Board) -> None:
    board.word("here", 0)
    assert board.opened(tag(1))


def test_a_word_of_tomorrow_does_not(board: Board) -> None:
    board.word("here", board.now + DAY)
    assert board.opened(tag(1))


def test_a_word_signed_with_another_key_does_not(board: Board) -> None:
    forged = key_wire.encode_word("here", board.now, device=DEVICE, key=bytes(32), session=SESSION)
    assert events(board.hear(forged)) == [("bad_signature", "word")]
    assert board.opened(tag(1))


def test_a_command_is_left_to_the_controller(board: Board) -> None:
    assert board.keys.receive(b'{"id": "a1"}', board.now) is None


# --- what hinders ---------------------------------------------------------------------------------------


def test_what_stands_in_the_way_hinders_as_always(board: Board) -> None:
    for _twice in range(2):
        board.controller.sense(1, (None, None, True, None), board.now)
    assert not board.opened(tag(1))
    assert whys(board) == ["obstructed"]


def test_a_locked_gate_opens_to_no_key(board: Board) -> None:
    board.controller.relays[1].stand = "locked"
    assert not board.opened(tag(1))
    board.controller.relays[1].stand = "free"
    assert board.opened(tag(1))
    assert whys(board) == ["locked_down", "opened"]


def test_a_gate_that_is_held_open_has_no_need_of_one(board: Board) -> None:
    board.controller.relays[1].stand = "open"
    board.controller.relays[1].until = board.now + HOUR
    board.controller.linked_at = board.now
    assert not board.opened(tag(1))
    assert whys(board) == ["held_open"]


def test_two_at_once_are_one_pulse(board: Board) -> None:
    wanted = board.present(tag(1)) + board.present(tag(2))
    assert [one for one in wanted if one[0] == "relay"] == [("relay", 1, True, 500)]


def test_a_key_opens_only_the_relays_that_are_its_own(board: Board) -> None:
    board.take(101, tags(1, relays=2))
    board.go_away()
    assert not board.opened(tag(1), relay=1)
    assert board.opened(tag(1), relay=2)
    assert whys(board) == ["other_relay", "opened"]


def test_a_hold_known_before_the_cut_holds(board: Board) -> None:
    """What is on hold, or locked down, is in no list."""
    board.take(101, [])
    board.go_away()
    assert not board.opened(tag(1))


# --- how long -------------------------------------------------------------------------------------------


def test_a_list_that_expired_opens_nothing(board: Board) -> None:
    board.now += 7 * DAY
    assert not board.opened(tag(1))
    assert whys(board) == ["no_list"]


def test_it_expires_when_it_was_to_expire_however_late_it_came(tmp_path: Path) -> None:
    board = Board(tmp_path, now=DAY)
    board.take(100, tags(1), until=DAY + 20_000)
    board.go_away()
    assert board.opened(tag(1))
    board.now += 10_000
    assert not board.opened(tag(1))


def test_a_list_of_yesterday_is_not_taken(tmp_path: Path) -> None:
    board = Board(tmp_path, now=DAY)
    assert events(board.take(100, tags(1), until=DAY - 1)) == [("keys_refused", "too_late")]


def test_nor_one_that_would_live_for_a_year(tmp_path: Path) -> None:
    board = Board(tmp_path)
    assert events(board.take(100, tags(1), until=365 * DAY)) == [("keys_refused", "too_long_lived")]


def test_it_may_be_kept_alive(board: Board) -> None:
    board.now += 6 * DAY
    board.hear(key_wire.encode_renewal(100, seal(board.now + 7 * DAY)))
    board.now += 6 * DAY
    assert board.opened(tag(1))


def test_a_renewal_of_another_list_is_refused(board: Board) -> None:
    assert events(board.hear(key_wire.encode_renewal(99, seal(board.now + 7 * DAY)))) == [
        ("keys_refused", "other_version")
    ]


def test_a_renewal_said_again_shortens_nothing(board: Board) -> None:
    early = key_wire.encode_renewal(100, seal(board.now + 2 * DAY))
    board.hear(early)
    assert board.told().minutes > 6 * 24 * 60


def test_a_key_ends_when_it_ends(tmp_path: Path) -> None:
    board = Board(tmp_path)
    board.take(100, tags(1, ends=60))
    board.go_away()
    assert board.opened(tag(1))
    board.now = HOUR
    assert not board.opened(tag(1))
    assert whys(board) == ["opened", "ended"]


# --- through a reset ------------------------------------------------------------------------------------


def test_a_power_cut_keeps_the_list(board: Board) -> None:
    after = board.restart()
    assert after.told().version == 100
    after.go_away()
    assert after.opened(tag(1))


def test_every_reset_costs_an_hour_of_its_life(board: Board) -> None:
    left = board.told().minutes
    after = board.restart()
    assert left - 61 <= after.told().minutes <= left - 59
    assert after.restart().told().minutes <= left - 119


def test_what_was_lived_is_written_down_every_hour(board: Board) -> None:
    for _hour in range(48):
        board.now += HOUR
        board.present()
    assert board.restart().told().minutes <= 5 * 24 * 60 - 59


def test_enough_resets_end_it(board: Board) -> None:
    after = board
    for _reset in range(7 * 24 + 1):
        after = after.restart()
    after.go_away()
    assert not after.opened(tag(1))


def test_a_key_with_an_end_does_not_outlive_a_reset(tmp_path: Path) -> None:
    """Its end was told by a clock that began anew: it opens no more until the server says when it ends."""
    board = Board(tmp_path)
    board.take(100, [*tags(1, ends=600), *tags(2)])
    after = board.restart()
    after.go_away()
    assert not after.opened(tag(1))
    assert after.opened(tag(2))


@pytest.mark.parametrize("damage", [b"", b"x", b"\0" * 80])
def test_a_list_that_was_damaged_opens_nothing(board: Board, damage: bytes) -> None:
    (board.folder / "keys.lst").write_bytes(damage)
    after = board.restart()
    after.go_away()
    assert (after.told().version, after.opened(tag(1))) == (0, False)


def test_one_bit_of_flash_turned_over_opens_nothing(board: Board) -> None:
    file = board.folder / "keys.lst"
    data = bytearray(file.read_bytes())
    data[8] ^= 2
    file.write_bytes(data)
    assert board.restart().told().version == 0


@pytest.mark.parametrize("damage", [b"", b"\xff" * 12])
def test_without_its_remaining_life_it_opens_nothing(board: Board, damage: bytes) -> None:
    (board.folder / "keys.life").write_bytes(damage)
    after = board.restart()
    after.go_away()
    assert not after.opened(tag(1))


# --- delivery -------------------------------------------------------------------------------------------

MANY = [Record(digest("tag", str(number)), 1) for number in range(1, 51)]


def page(number: int, version: int = 101, until: int = 7 * DAY, records: list[Record] | None = None) -> bytes:
    return key_wire.encode_page(version, MANY if records is None else records, number, seal(until))


def test_pages_fit_the_boards_messages() -> None:
    for number in (1, 2, 3):
        assert len(page(number, version=2**32 - 1, until=2**43)) <= 512
    struck = key_wire.encode_strike(2**32 - 1, 2**32 - 2, [digest("tag", "1")] * 25, seal(2**43))
    assert len(struck) <= 512


def test_half_a_list_replaces_nothing(board: Board) -> None:
    board.hear(page(1))
    board.hear(page(2))
    assert (board.told().version, board.told().coming, board.told().page) == (100, 101, 3)
    board.go_away()
    assert board.opened(tag(1))
    assert not board.opened(tag(40))


def test_half_a_list_is_nothing_after_a_reset(board: Board) -> None:
    board.hear(page(1))
    after = board.restart()
    assert (after.told().version, after.told().coming) == (100, 0)


def test_a_page_that_comes_twice_or_too_early_does_no_harm(board: Board) -> None:
    for number in (1, 3, 1, 2, 2, 1, 2, 3, 3):
        assert board.hear(page(number)) == []
    assert (board.told().version, board.keys.list.count) == (101, 50)
    board.go_away()
    assert board.opened(tag(40))


def test_pages_of_two_deliveries_are_not_mixed(board: Board) -> None:
    board.hear(page(1))
    board.hear(page(2, until=6 * DAY))
    board.hear(page(3, until=6 * DAY))
    assert board.told().page == 2


def test_an_older_list_is_refused(board: Board) -> None:
    assert events(board.take(99, tags(9))) == [("keys_refused", "used_before")]
    board.go_away()
    assert not board.opened(tag(9))


def test_yesterdays_list_is_void_in_todays_session(board: Board) -> None:
    captured = key_wire.encode_page(101, tags(9), 1, seal(7 * DAY))
    after = board.restart()
    assert after.hear(captured) == []
    assert after.told().version == 100


def test_a_list_signed_with_another_key_is_refused(board: Board) -> None:
    forged = key_wire.encode_page(101, tags(9), 1, seal(7 * DAY, key=bytes(32)))
    assert events(board.hear(forged)) == [("bad_signature", "keys")]
    assert board.told().version == 100


@pytest.mark.parametrize("payload", [b'{"keys"', b'{"keys": 1}', b'{"word": "here"}', b'{"keys": true, "word": 1}'])
def test_noise_is_an_event(board: Board, payload: bytes) -> None:
    assert [name for name, _detail in events(board.hear(payload))] == ["malformed"]


def test_all_keys_are_taken_back_with_one_message(board: Board) -> None:
    board.hear(key_wire.encode_page(101, [], 0, seal(board.now + 7 * DAY)))
    assert board.told().version == 101
    board.go_away()
    assert not board.opened(tag(1))


def test_one_key_is_taken_back_with_one_message(board: Board) -> None:
    struck = [digest("tag", "2"), digest("code", SECRET)]
    board.hear(key_wire.encode_strike(101, 100, struck, seal(board.now + 7 * DAY)))
    board.go_away()
    assert [board.opened(tag(number)) for number in (1, 2, 3)] == [True, False, True]
    assert not board.opened(*typed(SECRET))
    assert board.restart().told().version == 101


def test_what_is_struck_out_of_another_list_is_refused(board: Board) -> None:
    struck = key_wire.encode_strike(102, 101, [digest("tag", "2")], seal(board.now + 7 * DAY))
    assert events(board.hear(struck)) == [("keys_refused", "other_version")]


class Full:
    """Flash that takes nothing more."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return (lambda *_: False) if name in ("append", "replace") else getattr(self._store, name)


def test_without_room_for_it_the_list_before_stays(board: Board) -> None:
    board.keys.list._store = Full(board.keys.list._store)
    assert events(board.hear(page(1))) == [("keys_refused", "no_room")]
    board.go_away()
    assert board.opened(tag(1))


# --- trying ---------------------------------------------------------------------------------------------


def guess(board: Board, number: int) -> None:
    assert not board.opened(*typed(f"{990000 + number}"))


def test_after_wrong_codes_the_right_one_does_not_open_either(board: Board) -> None:
    for number in range(3):
        guess(board, number)
    assert not board.opened(*typed(SECRET))
    board.now += 64 * 60_000
    assert board.opened(*typed(SECRET))


def test_each_further_wrong_one_costs_twice_the_time(board: Board) -> None:
    pauses = []
    for number in range(12):
        guess(board, number)
        until = board.keys._tries["code"].until
        pauses.append(max(0, until - board.now + 2000) // 1000)
        board.now = max(board.now, until)
    assert pauses == [0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600]


def test_a_reset_gives_no_new_tries(board: Board) -> None:
    after = board.restart()
    after.go_away()
    guess(after, 1)
    guess(after, 2)
    assert not after.opened(*typed(SECRET))


def test_who_plays_with_the_keypad_does_not_lock_the_tags(board: Board) -> None:
    for number in range(5):
        guess(board, number)
    assert board.opened(tag(1))


def test_a_right_one_forgives(board: Board) -> None:
    guess(board, 1)
    assert board.opened(*typed(SECRET))
    guess(board, 2)
    guess(board, 3)
    assert board.opened(*typed(SECRET))


def test_trying_is_written_down_and_that_it_was_stopped(board: Board) -> None:
    for number in range(3):
        guess(board, number)
    assert whys(board) == ["unknown", "unknown", "locked"]


def test_the_servers_refusal_counts_as_a_wrong_one(tmp_path: Path) -> None:
    board = Board(tmp_path)
    for number in range(3):
        board.present(*typed(f"99000{number}"))
        board.word("refused", board.now)
        board.now += 1000
    assert board.present(*typed(SECRET)) == []
    assert events(board.present(tag(1))) != []


def test_a_refusal_said_again_counts_once(tmp_path: Path) -> None:
    board = Board(tmp_path)
    board.present(*typed("990001"))
    for _again in range(5):
        board.word("refused", board.now)
    assert board.keys._tries["code"].until == 0


def test_one_is_asked_about_at_a_time(tmp_path: Path) -> None:
    """Faster than the answers come nobody tries."""
    board = Board(tmp_path)
    assert events(board.present(*typed("990001"), *typed("990002"))) == [("key", f"1 code {digest('code', '990001')}")]
    board.now += AWAY // 3
    assert len(events(board.present(*typed("990002")))) == 1
