"""A condominium's holidays: those of the country, of its state, and its own."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

from access.models import Holiday
from premises.models import Condominium

# By whose names the days are kept in decisions; the country's own.
COUNTRY, LANGUAGE = "BR", "pt_BR"

Named = tuple[date, str]


def around(condominium: Condominium, now: datetime) -> tuple[Named, ...]:
    """Those of today and yesterday on the condominium's clock: an hour past midnight may belong to the day before."""
    today = now.astimezone(ZoneInfo(condominium.time_zone)).date()
    days = (today - timedelta(days=1), today)
    own = dict(Holiday.objects.filter(condominium=condominium, date__in=days).values_list("date", "name"))
    named = {day: own.get(day) or _official(condominium.state, day.year).get(day, "") for day in days}
    return tuple((day, name) for day, name in named.items() if name)


@lru_cache(maxsize=128)
def _official(state: str, year: int) -> dict[date, str]:
    return dict(country_holidays(COUNTRY, subdiv=state or None, years=year, language=LANGUAGE))
