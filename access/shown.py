"""How passages are shown to a person."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from access.models import Passage
from access.reasons import Outcome, sentence
from premises.theme import Label

# Colours of the labels. The words say the same.
COLOURS: dict[str, str] = {
    Outcome.OPEN: "success",
    Outcome.REFUSE: "danger",
    Outcome.ASK: "warning",
    Outcome.RECORD: "info",
    "": "info",
}
# Of the decision. Whether the gate then opened is the command's to say.
WORDS: dict[str, Any] = {
    Outcome.OPEN: _("may pass"),
    Outcome.REFUSE: _("may not pass"),
    Outcome.ASK: _("needs the guard"),
    Outcome.RECORD: _("recorded only"),
    "": _("under way"),
}


def outcome_label(outcome: str) -> Label:
    """The outcome and its words, as the theme's labels want them."""
    return Label(outcome, WORDS.get(outcome, outcome))


def told_in_journal(data: dict[str, Any]) -> str:
    """The sentence of a decision, from its journal entry."""
    return sentence(str(data.get("reason", "")), data.get("facts") or {})


def outcome_words(passage: Passage) -> str:
    return str(WORDS.get(passage.outcome, passage.outcome))
