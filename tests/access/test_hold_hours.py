"""When in the week a permit holds."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from access import calendars
from access.hours import OnHolidays, Window, holds
from access.models import Holiday
from access.models.permits import check_days
from access.telling import hours_told
from premises.models import Condominium

MONDAY = date(2026, 11, 23)
WORKDAYS = Window(frozenset(range(5)), time(8), time(18))
NIGHTS = Window(frozenset({4}), time(22), time(6))  # Friday night
SUNDAYS = Window(frozenset({6}), time(10), time(12))
WHOLE = Window(frozenset({1}), time(0), time(0))


def at(day: int, clock: str) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=day), time.fromisoformat(clock))


@pytest.mark.parametrize(
    ("window", "moment", "expected"),
    [
        (WORKDAYS, at(0, "08:00"), True),
        (WORKDAYS, at(0, "07:59:59"), False),
        (WORKDAYS, at(4, "17:59:59"), True),
        (WORKDAYS, at(4, "18:00"), False),
        (WORKDAYS, at(5, "12:00"), False),
        (NIGHTS, at(4, "22:00"), True),
        (NIGHTS, at(5, "05:59"), True),
        (NIGHTS, at(5, "06:00"), False),
        (NIGHTS, at(5, "22:30"), False),
        (NIGHTS, at(4, "05:00"), False),
        (WHOLE, at(1, "00:00"), True),
        (WHOLE, at(1, "23:59:59"), True),
        (WHOLE, at(2, "00:00"), False),
    ],
)
def test_a_window_holds_on_its_days_and_past_midnight(window: Window, moment: datetime, expected: bool) -> None:
    assert holds([window], OnHolidays.SAME, moment) is expected


HOLIDAY = {MONDAY: "Natal"}


@pytest.mark.parametrize(
    ("windows", "on_holidays", "moment", "expected"),
    [
        ([WORKDAYS], OnHolidays.SAME, at(0, "12:00"), True),
        ([WORKDAYS], OnHolidays.NEVER, at(0, "12:00"), False),
        ([WORKDAYS], OnHolidays.NEVER, at(1, "12:00"), True),
        ([WORKDAYS], OnHolidays.SUNDAY, at(0, "11:00"), False),
        ([WORKDAYS, SUNDAYS], OnHolidays.SUNDAY, at(0, "11:00"), True),
        ([], OnHolidays.SAME, at(0, "11:00"), True),
        ([], OnHolidays.NEVER, at(0, "11:00"), False),
        # The night that began on the day before goes on, the one that would begin on the holiday does not.
        ([Window(frozenset(range(7)), time(22), time(6))], OnHolidays.NEVER, at(0, "03:00"), True),
        ([Window(frozenset(range(7)), time(22), time(6))], OnHolidays.NEVER, at(1, "03:00"), False),
    ],
)
def test_a_holiday_counts_as_the_permit_says(
    windows: list[Window], on_holidays: str, moment: datetime, expected: bool
) -> None:
    assert holds(windows, on_holidays, moment, HOLIDAY) is expected


windows = st.builds(Window, st.frozensets(st.integers(0, 6), min_size=1), st.times(), st.times())
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1))


@given(st.lists(windows, max_size=3), windows, moments)
def test_a_window_more_never_takes_an_hour_away(some: list[Window], more: Window, moment: datetime) -> None:
    if some and holds(some, OnHolidays.SAME, moment):
        assert holds([*some, more], OnHolidays.SAME, moment)


@given(windows)
def test_a_window_is_kept_as_plain_data(window: Window) -> None:
    short = Window(
        window.days, window.begins.replace(second=0, microsecond=0), window.ends.replace(second=0, microsecond=0)
    )

    assert Window.recalled(short.told()) == short


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (WORKDAYS, "Monday to Friday 08:00–18:00"),
        (Window(frozenset(range(7)), time(6), time(22)), "every day 06:00–22:00"),
        (Window(frozenset({1, 3}), time(9), time(9)), "Tuesday, Thursday all day"),
    ],
)
def test_says_the_hours(window: Window, said: str) -> None:
    assert hours_told(window.told()) == said


@pytest.mark.parametrize("days", [[], None, [7], [-1], ["1"], [True], "01", {}])
def test_days_that_are_none_are_refused(days: object) -> None:
    with pytest.raises(ValidationError):
        check_days(days)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo("America/Sao_Paulo"))


@pytest.mark.parametrize(
    ("state", "day", "named"),
    [
        ("", date(2026, 12, 25), ("Natal",)),
        ("SP", date(2026, 7, 9), ("Revolução Constitucionalista",)),
        ("RJ", date(2026, 7, 9), ()),
        ("", date(2026, 11, 23), ()),
    ],
)
def test_knows_the_holidays_of_country_and_state(
    condominium: Condominium, state: str, day: date, named: tuple[str, ...]
) -> None:
    condominium.state = state

    assert tuple(name for _, name in calendars.around(condominium, noon(day))) == named


def test_a_condominium_has_days_of_its_own(condominium: Condominium, elsewhere: Condominium) -> None:
    Holiday.objects.create(condominium=condominium, date=MONDAY, name="Aniversário da cidade")

    assert calendars.around(condominium, noon(MONDAY)) == ((MONDAY, "Aniversário da cidade"),)
    assert calendars.around(elsewhere, noon(MONDAY)) == ()


def test_the_day_is_that_of_the_condominiums_clock(condominium: Condominium) -> None:
    """At one in the morning of the 25th in London it is the 24th in São Paulo."""
    early = datetime(2026, 12, 25, 1, tzinfo=ZoneInfo("UTC"))

    assert calendars.around(condominium, early) == ()
    assert [day for day, _ in calendars.around(condominium, early + timedelta(hours=3))] == [date(2026, 12, 25)]
