"""Why a passage was decided as it was: a code, and a sentence for a person."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recognition import Unread


class Outcome(TextChoices):
    OPEN = "open", _("opened")
    REFUSE = "refuse", _("not opened")
    ASK = "ask", _("needs the guard")
    RECORD = "record", _("recorded only")


class Reason(TextChoices):
    PERMITTED = "permitted", _("registered, and may pass")
    WATCHLISTED = "watchlisted", _("on the watch-list")
    UNKNOWN_PLATE = "unknown_plate", _("not registered")
    AMBIGUOUS = "ambiguous", _("two registered vehicles fit")
    NO_PERMIT = "no_permit", _("registered, without a permit")
    NOT_YET = "not_yet", _("permit not yet valid")
    EXPIRED = "expired", _("permit ended")
    OTHER_LANE = "other_lane", _("permit for another lane")
    GATE_ON_HOLD = "gate_on_hold", _("gate on hold")
    NO_GATE = "no_gate", _("lane without a gate")
    UNSURE = "unsure", _("the plate could not be read surely")
    ERROR = "error", _("an error on our side")
    IMPOSSIBLE = "impossible", _("not a plate that exists")
    CLONE_TIME = "clone_time", _("seen elsewhere too short a time ago")
    CLONE_COLOUR = "clone_colour", _("another colour than registered")


class Kind(TextChoices):
    """Why a plate is on the watch-list."""

    STOLEN = "stolen", _("reported stolen")
    BANNED = "banned", _("banned")
    OTHER = "other", _("other")


Facts = Mapping[str, Any]


def why_unread(reason: Unread) -> str:
    """Why nothing was read in a picture, and what helps, in the language in use."""
    return str(_UNREAD[reason])


_UNREAD: dict[Unread, Any] = {
    Unread.NO_PLATE: _("There is no plate to be seen in the picture."),
    Unread.TOO_SMALL: _("The plate is too small in the picture: bring the camera nearer, or zoom in."),
    Unread.TOO_BLURRED: _("The plate is too blurred: focus the camera, or let it expose more shortly."),
    Unread.TOO_DARK: _("The plate is too dark: it needs more light."),
    Unread.FORMAT_UNKNOWN: _("There is a plate, but its text is written as no plate that we know."),
}


def sentence(reason: str, facts: Facts) -> str:
    """The decision for a person, in the language in use; never raises for facts that are missing.

    `facts` is what `rules.decide` wrote: plain JSON, times as ISO 8601 strings in the condominium's own zone.
    """
    said = _TEMPLATES.get(reason)
    if said is None:
        return gettext("This passage is still being looked at.")
    told = str(said) % {name: dress(facts) for name, dress in _DRESS.items()}
    return " ".join(filter(None, [told, _misread(facts) if facts.get("read") else "", _noted(facts)]))


def _misread(facts: Facts) -> str:
    """That another plate was read than the one that is meant."""
    return gettext("It was read as %(read)s, and is this vehicle all the same as far as can be weighed.") % {
        "read": facts["read"]
    }


def _noted(facts: Facts) -> str:
    """A suspicion that was only noted."""
    said = _NOTED.get(str(facts.get("noted")))
    return str(said) % {name: dress(facts) for name, dress in _DRESS.items()} if said else ""


_NOTED: dict[str, Any] = {
    Reason.CLONE_TIME: _(
        "Only noted, for nobody is held back on leaving: the same plate was seen at %(elsewhere)s %(elapsed)s seconds "
        "apart from here."
    ),
    Reason.CLONE_COLOUR: _(
        "Only noted, for nobody is held back on leaving: in the picture it is %(seen)s, and registered is %(colour)s."
    ),
}
_TEMPLATES: dict[str, Any] = {
    Reason.PERMITTED: _("%(who)s and may use this lane."),
    Reason.WATCHLISTED: _("%(plate)s is on the watch-list: %(kind)s."),
    Reason.UNKNOWN_PLATE: _("%(plate)s is not registered here."),
    Reason.AMBIGUOUS: _("The pictures fit more than one registered vehicle: %(candidates)s."),
    Reason.NO_PERMIT: _("%(who)s but has no permit."),
    Reason.NOT_YET: _("%(who)s, but the permit begins only on %(since)s."),
    Reason.EXPIRED: _("%(who)s, but the permit ended on %(until)s."),
    Reason.OTHER_LANE: _("%(who)s, but the permit is for %(lanes)s, not for this lane."),
    Reason.GATE_ON_HOLD: _("%(who)s and may pass, but %(gate)s is on hold."),
    Reason.NO_GATE: _("%(who)s. This lane has no gate: the passage was only recorded."),
    Reason.UNSURE: _("The plate could not be read surely: the pictures say %(texts)s. It may be %(candidates)s."),
    Reason.ERROR: _("Something failed on our side, so the gate stayed closed."),
    Reason.IMPOSSIBLE: _("%(plate)s is not a plate that any country we know gives out."),
    Reason.CLONE_TIME: _(
        "%(who)s and may use this lane, but the same plate was seen at %(elsewhere)s %(elapsed)s seconds apart from "
        "here, where no vehicle takes less than %(least)s. One of the two may be a copy."
    ),
    Reason.CLONE_COLOUR: _(
        "%(who)s and may use this lane, but in the picture it is %(seen)s, and registered is %(colour)s. "
        "The plate may be a copy."
    ),
}


def holder(facts: Facts) -> str:
    """Whose a vehicle is, as far as it is known: "unit A 101 (Alice)"; empty where nothing is."""
    unit, owner = facts.get("unit"), facts.get("owner")
    if unit and owner:
        return gettext("unit %(unit)s (%(owner)s)") % {"unit": unit, "owner": owner}
    return gettext("unit %(unit)s") % {"unit": unit} if unit else str(owner or "")


def _who(facts: Facts) -> str:
    unit, owner = facts.get("unit"), facts.get("owner")
    if not facts.get("registered"):
        said = gettext("%(plate)s is not registered")
    elif unit and owner:
        said = gettext("%(plate)s belongs to unit %(unit)s (%(owner)s)")
    elif unit:
        said = gettext("%(plate)s belongs to unit %(unit)s")
    else:
        said = gettext("%(plate)s belongs to %(owner)s") if owner else gettext("%(plate)s is registered")
    return said % {"plate": _text("plate")(facts), "unit": unit, "owner": owner}


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


_DRESS: dict[str, Callable[[Facts], str]] = {
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
}
