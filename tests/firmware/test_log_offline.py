"""What a board did by itself is kept, told once it is heard again, and what was lost shows."""

from pathlib import Path
from typing import Any

import pytest

from tests.firmware.key_parts import SESSION, Board, digest, parsed, tag, tags


@pytest.fixture
def board(tmp_path: Path) -> Board:
    board = Board(tmp_path)
    board.take(100, tags(1, 2))
    board.go_away()
    return board


def pages(wanted: list[Any]) -> list[Any]:
    return [parsed(one[1]) for one in wanted if one[0] == "page"]


def test_an_opening_is_told_with_its_key_and_its_time(board: Board) -> None:
    at = board.now
    assert board.opened(tag(1))
    [entry] = board.entries()
    assert (entry.what, entry.relay, entry.digest) == ("opened", 1, digest("tag", "1"))
    assert (entry.session, entry.number, entry.uptime) == (SESSION, 1, at)


def test_an_opening_is_in_flash_before_the_relay_moves(board: Board) -> None:
    wanted = board.keys.feed(1, [tag(1)], board.now)
    assert [one for one in wanted if one[0] == "relay"] == []
    assert (board.folder / "keys.log").stat().st_size == 30


def test_a_power_cut_loses_no_opening(board: Board) -> None:
    board.opened(tag(1))
    after = board.restart()
    [entry] = after.entries()
    assert (entry.what, entry.session) == ("opened", SESSION)


def test_an_entry_cut_short_by_the_power_cut_is_dropped(board: Board) -> None:
    board.opened(tag(1))
    with (board.folder / "keys.log").open("ab") as file:
        file.write(b"half an entry")
    after = board.restart()
    after.go_away()
    after.opened(tag(2))
    assert [entry.digest for entry in after.entries()] == [digest("tag", "1"), digest("tag", "2")]


def test_what_opened_nothing_is_written_to_flash_seldom(board: Board) -> None:
    board.opened(tag(7))
    assert not (board.folder / "keys.log").exists()
    board.now += 600_000
    board.present()
    assert (board.folder / "keys.log").stat().st_size == 30


def test_nothing_is_told_while_nobody_listens(board: Board) -> None:
    board.opened(tag(1))
    assert pages(board.present()) == []


def test_it_is_said_again_until_the_server_has_it(board: Board) -> None:
    board.opened(tag(1))
    [first] = pages(board.word("here", board.now))
    board.now += 3000
    [again] = pages(board.word("here", board.now))
    assert again.entries == first.entries
    board.word("logged", again.uptime)
    board.now += 3000
    assert pages(board.word("here", board.now)) == []
    assert board.told().waiting == 0


def test_a_receipt_for_something_else_drops_nothing(board: Board) -> None:
    board.opened(tag(1))
    board.entries()
    board.word("logged", 5)
    assert board.told().waiting == 1


def test_a_long_log_comes_page_after_page(board: Board) -> None:
    for _time in range(20):
        assert board.opened(tag(1))
    told: list[int] = []
    [page] = pages(board.word("here", board.now))
    while page:
        told += [entry.number for entry in page.entries]
        page = next(iter(pages(board.word("logged", page.uptime))), None)
    assert told == list(range(1, 21))
    assert board.told().waiting == 0


def test_a_full_log_drops_the_oldest_and_the_numbers_show_it(board: Board) -> None:
    for _time in range(100):
        assert board.opened(tag(1))
    assert 50 < board.told().waiting <= 64
    assert (board.folder / "keys.log").stat().st_size <= 64 * 30
    first = board.entries()[0].number
    assert first == 100 - board.told().waiting + 1


def test_entries_that_were_dropped_while_their_page_was_under_way_are_dropped_once(board: Board) -> None:
    for _time in range(60):
        board.opened(tag(1))
    [page] = pages(board.word("here", board.now))
    board.go_away()
    for _time in range(20):
        board.opened(tag(1))
    left = board.told().waiting
    board.word("logged", page.uptime)
    assert board.told().waiting == left


def test_a_queue_at_a_closed_gate_does_not_fill_the_log(board: Board) -> None:
    board.opened(tag(1))
    board.take(101, tags(1, relays=2))
    board.go_away()
    for _time in range(20):
        board.opened(tag(1), relay=1)
    assert board.told().waiting <= 3


def test_of_two_sessions_each_counts_for_itself(board: Board) -> None:
    board.opened(tag(1))
    after = board.restart()
    after.go_away()
    after.opened(tag(2))
    assert [(entry.session, entry.number) for entry in after.entries()] == [(SESSION, 1), ("ffffffffffffffff", 1)]
