"""What is asked before something is done about a passage or a gate."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextInputWidget

from access.missed import likely_of, likely_words
from access.models import Passage
from recognition import PlateError, normalise


class Why(TextChoices):
    """What gates are opened for by hand, most often first."""

    RESIDENT = "resident", _("Resident, not recognised")
    VISITOR = "visitor", _("Visitor, announced")
    DELIVERY = "delivery", _("Delivery or service")
    EMERGENCY = "emergency", _("Emergency")
    OTHER = "other", _("Another reason")


class OpenForm(forms.Form):
    why = forms.ChoiceField(label=_("reason"), choices=Why.choices, widget=UnfoldAdminRadioSelectWidget(radio_style=2))
    note = forms.CharField(
        label=_("note"),
        max_length=150,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Whom, what, for which unit. Needed for another reason."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("why") == Why.OTHER and not cleaned.get("note"):
            self.add_error("note", _("Give the reason."))
        return cleaned

    def reason(self) -> str:
        """The reason as it is written into the journal."""
        why, note = self.cleaned_data["why"], self.cleaned_data["note"].strip()
        if why == Why.OTHER:
            return str(note)
        label = str(Why(why).label)
        return f"{label}: {note}" if note else label


class MisreadForm(forms.Form):
    """The right plate: a registered one that it may be, one that another picture of the passage showed, or typed."""

    chosen = forms.ChoiceField(label=_("it may be"), required=False, widget=UnfoldAdminRadioSelectWidget(radio_style=2))
    typed = forms.CharField(
        label=_("plate"), max_length=20, required=False, widget=UnfoldAdminTextInputWidget, help_text="ABC1D23"
    )

    def __init__(self, *args: Any, known: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            self.fields["chosen"].choices = known  # type: ignore[attr-defined]
        else:
            del self.fields["chosen"]

    def clean_typed(self) -> str:
        typed = self.cleaned_data["typed"]
        try:
            return normalise(typed) if typed else ""
        except PlateError as problem:
            raise forms.ValidationError(_("This cannot be a plate.")) from problem

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not (cleaned.get("typed") or cleaned.get("chosen")):
            self.add_error("typed", _("Choose a plate or type one."))
        return cleaned

    def plate(self) -> str:
        return str(self.cleaned_data["typed"] or self.cleaned_data["chosen"])


def candidates(passage: Passage) -> list[tuple[str, str]]:
    """Plates that it may have been, with what speaks for them: registered ones, then what other pictures said."""
    likely = [(each.vehicle.plate, likely_words(each)) for each in likely_of(passage)]
    texts = [detection.text for detection in passage.detections.all() if detection.text]
    known = {passage.shown_plate, "", *(plate for plate, _words in likely)}
    others = {text for text in [*texts, passage.plate] if text not in known}
    return likely + [(text, f"{text} · {_('also read')}") for text in sorted(others, key=_by_frequency(texts))]


def _by_frequency(texts: list[str]) -> Callable[[str], tuple[int, str]]:
    return lambda text: (-texts.count(text), text)


class SureForm(forms.Form):
    """A yes."""

    sure = forms.CharField(widget=forms.HiddenInput, initial="yes")
