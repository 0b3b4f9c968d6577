"""What is counted for the first page: days of lanes, and what is kept."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from access import holdings, lane_days, tasks
from access.lane_days import SPAN
from access.models import Detection, Holding, Lane, LaneDay, Passage, SubjectRequest
from access.pulse_times import Times, times_of
from access.reasons import Outcome, Reason
from access.retention import Days
from gates.models import GateCommand
from premises.models import Condominium
from tests.admin.furnishing import furnish
from tests.admin.pages import row_of
from tests.admin.test_show_today import passages

LOCAL = ZoneInfo("America/Sao_Paulo")
# 22:30 in São Paulo; in UTC it is tomorrow already.
NIGHT = datetime(2026, 11, 20, 22, 30, tzinfo=LOCAL)


@pytest.fixture
def emptied(condominium: Condominium) -> Condominium:
    furnish(condominium, rows=1, prefix="Q")
    Passage.objects.all().delete()
    LaneDay.objects.all().delete()
    return condominium


def test_a_day_of_a_lane_is_a_day_of_its_condominium(emptied: Condominium) -> None:
    passages(
        emptied,
        (NIGHT, Outcome.OPEN, Reason.PERMITTED),
        (NIGHT, Outcome.ASK, Reason.UNSURE),
        (NIGHT, Outcome.REFUSE, Reason.UNKNOWN_PLATE),
        (NIGHT - timedelta(days=1), Outcome.OPEN, Reason.PERMITTED),
    )
    Passage.objects.filter(reason=Reason.UNKNOWN_PLATE).update(corrected_plate="QQQ1Q11")
    lane_days.catch_up(emptied, NIGHT)
    counted = {row.day.day: (row.decided, row.sure, row.corrected) for row in LaneDay.objects.filter(decided__gt=0)}
    assert counted == {20: (3, 1, 1), 19: (1, 1, 0)}
    assert LaneDay.objects.count() == SPAN


def test_earlier_days_are_counted_once_until_the_night(emptied: Condominium) -> None:
    old = NIGHT - timedelta(days=5)
    passages(emptied, (old, Outcome.ASK, Reason.UNSURE))
    lane_days.catch_up(emptied, NIGHT)
    Passage.objects.update(corrected_plate="QQQ1Q11")
    lane_days.catch_up(emptied, NIGHT)
    assert LaneDay.objects.get(day=old.date()).corrected == 0
    lane_days.recount_all(emptied, NIGHT)
    assert LaneDay.objects.get(day=old.date()).corrected == 1


def test_what_was_purged_stays_counted(emptied: Condominium, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane_days, "days_of", lambda condominium: Days(3, 90, 180, 1095))
    old = NIGHT - timedelta(days=5)
    passages(emptied, (old, Outcome.OPEN, Reason.PERMITTED))
    lane_days.catch_up(emptied, NIGHT)
    Passage.objects.all().delete()
    lane_days.recount_all(emptied, NIGHT)
    assert LaneDay.objects.get(day=old.date()).decided == 1


def test_the_pulse_is_timed_from_the_deciding_picture(condominium: Condominium) -> None:
    furnish(condominium, rows=3, prefix="Q")
    for passage, took in zip(Passage.objects.order_by("opened_at"), (80, 100, 400), strict=True):
        at = passage.opened_at + timedelta(milliseconds=took)
        GateCommand.objects.filter(passage_id=passage.pk).update(pulsed_at=at)
    assert times_of(Passage.objects.all()) == Times(3, 100, 400)
    assert times_of(Passage.objects.none()) == Times(0, None, None)


def test_what_never_pulsed_is_not_timed(condominium: Condominium) -> None:
    furnish(condominium, rows=1, prefix="Q")
    GateCommand.objects.update(pulsed_at=None)
    assert times_of(Passage.objects.all()).count == 0


def test_what_is_kept_is_counted_in_files_and_rows(condominium: Condominium) -> None:
    furnish(condominium, rows=2, prefix="Q")
    size = sum(each.frame.size + each.crop.size for each in Detection.objects.all())
    now = timezone.now()
    found = holdings.count(condominium, now)
    assert (found.pictures, found.bytes, found.due) == (2, size, 0)
    assert found.oldest_at == Passage.objects.earliest("opened_at").opened_at
    # What an open request names is held.
    Passage.objects.update(last_seen_at=now - timedelta(days=4000))
    assert holdings.count(condominium, now).due == 0
    SubjectRequest.objects.all().delete()
    assert holdings.count(condominium, now).due == 2
    assert Holding.objects.count() == 1


def test_the_next_purge_is_at_three_in_the_night() -> None:
    assert [holdings.next_purge(NIGHT.replace(hour=hour)).isoformat() for hour in (1, 4)] == [
        "2026-11-20T03:00:00-03:00",
        "2026-11-21T03:00:00-03:00",
    ]


def test_the_tasks_count_each_condominium(condominium: Condominium, elsewhere: Condominium) -> None:
    furnish(condominium, rows=1, prefix="Q")
    furnish(elsewhere, rows=1, prefix="Z")
    LaneDay.objects.all().delete()
    Holding.objects.all().delete()
    for each in (condominium, elsewhere):
        tasks.count_figures_of.apply(args=(each.pk,))
    assert LaneDay.objects.filter(lane=row_of(Lane, condominium), decided=1).count() == 1
    assert set(Holding.objects.values_list("condominium", flat=True)) == {condominium.pk, elsewhere.pk}
    tasks.count_holdings_of.apply(args=(condominium.pk,))
    tasks.count_figures_of.apply(args=(0,))
