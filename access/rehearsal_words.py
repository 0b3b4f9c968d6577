"""A rehearsal in words: a sentence for each link, in the language and the time of whoever reads it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import Link, Rehearsal
from access.reasons import Reason
from access.rehearsal_links import BROKEN, OK, SKIPPED
from cameras.problems import Problem as CameraProblem
from gates.dry_runs import Finding
from gates.hearing import Heard, Hearing
from gates.problems import Problem
from premises.templatetags.cancela import moment

# A sign beside each colour, for who sees none.
SIGNS = {OK: "✓", BROKEN: "✕", SKIPPED: "–"}
STATES = {
    OK: gettext_lazy("holds"),
    BROKEN: gettext_lazy("broken"),
    SKIPPED: gettext_lazy("not tried"),
}
_SENTENCES: dict[str, Any] = {
    "gave": gettext_lazy("It gave a picture."),
    "lately": gettext_lazy("It gave a picture at %(at)s."),
    "sent": gettext_lazy("Pictures are sent to this lane: nobody asks the camera for one."),
    "no_picture": gettext_lazy("The camera gave no picture since %(since)s: %(problem)s"),
    "never": gettext_lazy("The camera never gave a picture: %(problem)s"),
    "live": gettext_lazy("A plate was read in the picture just taken."),
    "kept": gettext_lazy("The plate of a kept picture was read again."),
    "drawn": gettext_lazy("The plate of a drawn test picture was read."),
    "kept_unread": gettext_lazy("The plate of a kept picture, of %(at)s, was not read again."),
    "drawn_unread": gettext_lazy("The plate of the test picture was not read."),
    "engine": gettext_lazy("The recognition cannot be loaded: %(why)s"),
    "would_open": gettext_lazy("It would have opened: %(reason)s."),
    "would_not": gettext_lazy("It would not have opened: %(reason)s."),
    "failed": gettext_lazy("The decision failed, so nothing opens."),
    "opens_for_nobody": gettext_lazy("The decision would open for a plate that nobody registered."),
    "nothing_read": gettext_lazy("There was nothing to decide on."),
    "no_gate": gettext_lazy("This lane has no gate."),
    "cannot": gettext_lazy("A board of this kind cannot be asked without moving the gate."),
    "no_broker": gettext_lazy("It could not be asked."),
    "reached": gettext_lazy("It took a command and passed it on."),
    "checked": gettext_lazy("It checked a command without a pulse, and answered."),
}


@dataclass(frozen=True)
class LinkSaid:
    """One link for a page: `state` is ok, broken or skipped."""

    name: Any
    state: str
    sentence: str
    ms: int | None

    @property
    def sign(self) -> str:
        return SIGNS[self.state]

    @property
    def word(self) -> Any:
        return STATES[self.state]


def links_of(rehearsal: Rehearsal) -> list[LinkSaid]:
    return [LinkSaid(Link(each["link"]).label, each["state"], _sentence(each), each["ms"]) for each in rehearsal.links]


def broken_of(links: list[dict[str, Any]]) -> str:
    """The first broken link with what was found; empty where all hold."""
    each = next((each for each in links if each["state"] == BROKEN), None)
    if each is None:
        return ""
    return _("%(link)s: %(sentence)s") % {
        "link": str(Link(each["link"]).label).capitalize(),
        "sentence": _sentence(each),
    }


def told_in_journal(data: dict[str, Any]) -> str:
    """What an entry of a rehearsal says beside its lane."""
    states: dict[str, str] = data.get("links") or {}
    broken = [str(Link(link).label) for link in states if states[link] == BROKEN and link in Link.values]
    return _("broken: %(links)s") % {"links": ", ".join(broken)} if broken else _("all links hold")


def _sentence(each: dict[str, Any]) -> str:
    code, facts = each["code"], each["facts"]
    if code == Problem.CONTROLLER_OFFLINE:
        return Heard(Hearing(facts["hearing"]), _moment(facts.get("since"))).sentence
    if code == "no_picture" and not facts.get("since"):
        code = "never"
    said = _SENTENCES.get(code)
    if said is None:
        return str({**dict(Problem.choices), **dict(Finding.choices)}.get(code, code))
    return str(said) % {name: _dressed(name, value) for name, value in facts.items()}


def _dressed(name: str, value: Any) -> str:
    if name in ("at", "since"):
        return moment(_moment(value))
    named = {"problem": CameraProblem, "reason": Reason}.get(name)
    return str(dict(named.choices).get(value, value)) if named else str(value)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
