"""Why a passage was decided as it was: a code, and a sentence for a person."""

from collections.abc import Iterator
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access import telling
from access.telling import Facts
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
    OUT_OF_HOURS = "out_of_hours", _("outside the permit's hours")
    HOLIDAY = "holiday", _("permit does not hold on holidays")
    USED = "used", _("pass used already")
    UNIT_FULL = "unit_full", _("the unit's places are taken")
    ALREADY_INSIDE = "already_inside", _("already inside")
    LOCKED_DOWN = "locked_down", _("condominium locked down")
    GATE_LOCKED = "gate_locked", _("gate locked down")
    LEAVING = "leaving", _("leaves, and may do so")
    LET_IN = "let_in", _("was let in by hand, and leaves")
    SEEN_TWICE = "seen_twice", _("seen by two cameras of the gate")
    WAITING_APPROVAL = "waiting_approval", _("registered, waits for approval")
    ENDED = "ended", _("vehicle was signed off")
    CLONE_TIME = "clone_time", _("seen elsewhere too short a time ago")
    CLONE_COLOUR = "clone_colour", _("another colour than registered")


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
    return " ".join([_dressed(said, facts), *_asides(reason, facts)])


def _asides(reason: str, facts: Facts) -> Iterator[str]:
    """What is worth saying beside the reason."""
    if facts.get("read"):
        said = gettext("It was read as %(read)s, and is this vehicle all the same as far as can be weighed.")
        yield said % {"read": facts["read"]}
    if reason == Reason.PERMITTED and facts.get("inside_since"):
        said = gettext("It came in on %(since)s and was not seen to leave.")
        yield said % {"since": telling.DRESS["inside_since"](facts)}
    if noted := _NOTED.get(str(facts.get("noted"))):
        yield _dressed(noted, facts)


def _dressed(said: Any, facts: Facts) -> str:
    return str(said) % {name: dress(facts) for name, dress in telling.DRESS.items()}


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
    Reason.OUT_OF_HOURS: _("%(who)s, but the permit holds only %(hours)s."),
    Reason.HOLIDAY: _("%(who)s, but the permit does not hold on holidays, and today is one: %(holiday)s."),
    Reason.USED: _("%(who)s, but the pass was for one entry, and that was made on %(used)s."),
    Reason.UNIT_FULL: _("%(who)s, but the places of the unit (%(places)s) are taken: %(occupied)s."),
    Reason.ALREADY_INSIDE: _("%(who)s, but it came in on %(inside_since)s and was not seen to leave."),
    Reason.LOCKED_DOWN: _("%(who)s, but the condominium is locked down: nobody enters."),
    Reason.GATE_LOCKED: _("%(who)s and may pass, but %(gate)s is locked down: it opens for nobody."),
    Reason.LEAVING: _("%(who)s. Whoever is inside may leave."),
    Reason.LET_IN: _("%(plate)s was let in by hand on %(let_in)s and may leave."),
    Reason.WAITING_APPROVAL: _("%(who)s, but it still waits for the manager's approval."),
    Reason.ENDED: _("%(who)s, but the vehicle was signed off."),
    Reason.CLONE_TIME: _(
        "%(who)s and may use this lane, but the same plate was seen at %(elsewhere)s %(elapsed)s seconds apart from "
        "here, where no vehicle takes less than %(least)s. One of the two may be a copy."
    ),
    Reason.CLONE_COLOUR: _(
        "%(who)s and may use this lane, but in the picture it is %(seen)s, and registered is %(colour)s. "
        "The plate may be a copy."
    ),
    Reason.SEEN_TWICE: _("%(plate)s was seen by another camera of this gate, %(other_lane)s, and dealt with there."),
}
