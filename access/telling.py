"""The parts of a decision's sentence: whose a vehicle is, times, lists, hours; in the language in use."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.dateformat import format as date_format
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Facts = Mapping[str, Any]


class Kind(TextChoices):
    """Why a plate is on the watch-list."""

    STOLEN = "stolen", _("reported stolen")
    BANNED = "banned", _("banned")
    OTHER = "other", _("other")


def holder(facts: Facts) -> str:
    """Whose a vehicle is, as far as it is known: "unit A 101 (Alice)"; empty where nothing is."""
    unit, owner = facts.get("unit"), facts.get("owner")
    if unit and owner:
        return gettext("unit %(unit)s (%(owner)s)") % {"unit": unit, "owner": owner}
    return gettext("unit %(unit)s") % {"unit": unit} if unit else str(owner or "")


def _who(facts: Facts) -> str:
    unit, owner = facts.get("unit"), facts.get("owner")
    if facts.get("kind_of_permit"):
        return _guest(facts)
    if not facts.get("registered"):
        said = gettext("%(plate)s is not registered")
    elif unit and owner:
        said = gettext("%(plate)s belongs to unit %(unit)s (%(owner)s)")
    elif unit:
        said = gettext("%(plate)s belongs to unit %(unit)s")
    else:
        said = gettext("%(plate)s belongs to %(owner)s") if owner else gettext("%(plate)s is registered")
    return said % {"plate": _text("plate")(facts), "unit": unit, "owner": owner}


def _guest(facts: Facts) -> str:
    """A visitor or a service provider: who it is, and on whose word."""
    holder, host = facts.get("holder"), facts.get("host")
    if facts["kind_of_permit"] == "visitor":
        said = gettext("%(plate)s is a visitor (%(holder)s)") if holder else gettext("%(plate)s is a visitor")
    else:
        said = gettext("%(plate)s is of %(holder)s") if holder else gettext("%(plate)s is of a service provider")
    told = said % {"plate": _text("plate")(facts), "holder": holder}
    hosted = gettext("%(visitor)s of unit %(unit)s")
    return hosted % {"visitor": told, "unit": host} if host else told


def _hours(facts: Facts) -> str:
    """ "Monday to Friday 08:00–18:00, Saturday 08:00–12:00"; never raises."""
    windows = facts.get("hours") or []
    return ", ".join(hours_told(each) for each in windows if isinstance(each, Mapping)) or "?"


def hours_told(window: Facts) -> str:
    """A window as `hours.Window.told` has it, for people."""
    begins, ends = window.get("begins"), window.get("ends")
    clock = gettext("all day") if begins == ends else f"{begins}–{ends}"
    return f"{_days(list(window.get('days') or []))} {clock}"


def _days(days: list[int]) -> str:
    if len(days) == len(WEEKDAYS):
        return gettext("every day")
    names = [str(WEEKDAYS[day]) for day in days if day in WEEKDAYS]
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return gettext("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    return ", ".join(names) or "?"


_COLOURS: dict[str, Any] = {
    "white": _("white"),
    "red": _("red"),
    "orange": _("orange"),
    "yellow": _("yellow"),
    "green": _("green"),
    "blue": _("blue"),
}


def _seen(facts: Facts) -> str:
    return str(_COLOURS.get(str(facts.get("seen")), "?"))


def _text(name: str) -> Callable[[Facts], str]:
    return lambda facts: str(facts.get(name) or "?")


def _list(name: str) -> Callable[[Facts], str]:
    return lambda facts: ", ".join(map(str, facts.get(name) or ["?"]))


def _time(name: str) -> Callable[[Facts], str]:
    def dress(facts: Facts) -> str:
        try:
            moment = datetime.fromisoformat(facts[name])
        except (KeyError, TypeError, ValueError):
            return "?"
        return date_format(moment, "j M Y, H:i")

    return dress


def _kind(facts: Facts) -> str:
    labels: dict[Any, Any] = dict(Kind.choices)
    return str(labels.get(facts.get("kind"), Kind.OTHER.label))


DRESS: dict[str, Callable[[Facts], str]] = {
    "who": _who,
    "plate": _text("plate"),
    "gate": _text("gate"),
    "kind": _kind,
    "candidates": _list("candidates"),
    "lanes": _list("lanes"),
    "texts": _list("texts"),
    "elsewhere": _text("elsewhere"),
    "elapsed": _text("elapsed"),
    "least": _text("least"),
    "seen": _seen,
    "colour": _text("colour"),
    "since": _time("since"),
    "until": _time("until"),
    "used": _time("used"),
    "inside_since": _time("inside_since"),
    "let_in": _time("let_in"),
    "hours": _hours,
    "holiday": _text("holiday"),
    "places": _text("places"),
    "occupied": _list("occupied"),
    "other_lane": _text("other_lane"),
}
