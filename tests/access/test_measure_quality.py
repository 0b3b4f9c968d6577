"""How well a lane reads: which characters are taken for which, and when."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from access.quality import ENOUGH, Confusion, KnownRead, Share, quality

MORNING = datetime(2026, 11, 20, 11, tzinfo=UTC)
LOCAL = ZoneInfo("America/Sao_Paulo")


def reads(text: str, key: str, count: int = 1, at: datetime = MORNING, corrected: bool = False) -> list[KnownRead]:
    return [KnownRead(text, key, at, corrected)] * count


def test_the_share_that_is_read_right_is_of_all_known_reads() -> None:
    found = quality([*reads("ABC1D23", "ABC1D23", 3), *reads("ABC1D28", "ABC1D23", corrected=True)], LOCAL)

    assert (found.all, found.all.part, found.corrected) == (Share(4, 3), 0.75, 1)


def test_the_old_spelling_is_read_right() -> None:
    assert quality(reads("ABC1323", "ABC1D23"), LOCAL).all == Share(1, 1)


def test_a_foreign_plate_is_read_right() -> None:
    assert quality(reads("MH20EE7601", "MH20EE7601"), LOCAL).all == Share(1, 1)


def test_characters_are_counted_by_how_often_they_were_taken_for_another() -> None:
    found = quality([*reads("ABC1D28", "ABC1D23", 2), *reads("ABO1D23", "ABC1D23")], LOCAL)

    assert found.confusions == [Confusion("3", "8", 2, 3), Confusion("C", "O", 1, 3)]


def test_another_length_is_no_confusion() -> None:
    found = quality([*reads("ABC1D2", "ABC1D23"), *reads("ABC1D23", "ABC1D23")], LOCAL)

    assert (found.length, found.confusions, found.all) == (1, [], Share(2, 1))


def test_hours_and_days_are_told_in_the_condominiums_time_where_there_are_enough_reads() -> None:
    night = MORNING + timedelta(hours=15)
    found = quality(
        [
            *reads("ABC1D23", "ABC1D23", ENOUGH),
            *reads("ABC1D28", "ABC1D23", ENOUGH, night),
            *reads("ABC1D23", "ABC1D23", ENOUGH - 1, night + timedelta(days=1)),
        ],
        LOCAL,
    )

    assert found.hours == [(8, Share(ENOUGH, ENOUGH)), (23, Share(2 * ENOUGH - 1, ENOUGH - 1))]
    assert found.days == [("2026-11-20", Share(2 * ENOUGH, ENOUGH))]


def test_without_a_read_there_is_no_share() -> None:
    found = quality([], LOCAL)

    assert (found.all.part, found.hours, found.confusions) == (0.0, [], [])
