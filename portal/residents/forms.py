"""What residents and their guests fill in."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.models import PLATE_PROBLEMS
from access.vehicles import VehicleError, read_plate
from portal.models import Preferences

# The least that is left of a day for it to be offered as the end of a visit.
SHORT = timedelta(hours=3)
PLATE = {
    "autocapitalize": "characters",
    "autocomplete": "off",
    "autocorrect": "off",
    "spellcheck": "false",
    "class": "plate-input",
    "enterkeyhint": "next",
    "data-plate": "",
}


def sent(request: HttpRequest) -> dict[str, Any]:
    """What a form is made of: what was sent, however little, or nothing where nothing was."""
    return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}


class PlateField(forms.CharField):
    """A plate as people type it. Empty is allowed where a photo of it may come instead."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Plate"), max_length=20, widget=forms.TextInput(attrs=PLATE), **kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return read_plate(text)
        except VehicleError as error:
            raise ValidationError(str(error), code=error.code) from error


class Photographed(forms.Form):
    """A form whose plate may come from a photo, which is read and not kept."""

    photo = forms.FileField(
        label=_("Photo of the plate"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment", "data-photo": ""}),
    )
    plate = PlateField(required=False)

    @property
    def wants_reading(self) -> bool:
        """Whether it was sent with a photo in the place of a plate, by a browser that does not read it beforehand."""
        return bool(self.files.get("photo")) and not str(self.data.get("plate") or "").strip()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("plate") and "plate" not in self.errors:
            self.add_error("plate", str(PLATE_PROBLEMS["empty"]))
        return given


class VehicleForm(Photographed):
    make = forms.CharField(
        label=_("Make and model"), max_length=60, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    colour = forms.CharField(
        label=_("Colour"), max_length=30, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class MomentField(forms.DateTimeField):
    """A day and a time, with the phone's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        picker = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        super().__init__(widget=picker, **kwargs)


class VisitTerms(forms.Form):
    """From when until when, and how often."""

    valid_from = MomentField(label=_("From"))
    valid_until = MomentField(label=_("Until"))
    single_entry = forms.BooleanField(
        label=_("Only one entry"), required=False, help_text=_("The pass ends when your guest has come in once.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.localtime()
        self.fields["valid_from"].initial = now.replace(second=0, microsecond=0)
        self.fields["valid_until"].initial = end_of_visit(now)


class GuestForm(Photographed, VisitTerms):
    holder = forms.CharField(
        label=_("Guest's name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    field_order = ("photo", "plate", "holder", "valid_from", "valid_until", "single_entry")


class LinkForm(VisitTerms):
    note = forms.CharField(
        label=_("For whom"),
        max_length=80,
        help_text=_("For your own list. Your guest does not see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    greeting = forms.CharField(
        label=_("What your guest reads"),
        max_length=80,
        required=False,
        help_text=_("For example your first name. The name of the condominium stands there anyway, nothing else."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("note", "greeting", "valid_from", "valid_until", "single_entry")


class OwnGuestForm(Photographed):
    """What the guest fills in."""

    holder = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class SoldForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=[("sold", _("Sold")), ("moved", _("It is not ours any more")), ("wrong", _("Registered by mistake"))],
        initial="sold",
        widget=forms.RadioSelect,
    )

    def words(self) -> str:
        labels = dict(self.fields["reason"].choices)  # type: ignore[attr-defined]
        return str(labels[self.cleaned_data["reason"]])


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("as this site has it")), *settings.LANGUAGES], required=False
    )

    class Meta:
        model = Preferences
        fields = ["mail_arrivals", "push_arrivals", "mail_vehicles", "push_vehicles", "language"]


def end_of_visit(now: datetime) -> datetime:
    """The end of the day; where little is left of it, noon of the next."""
    end = datetime.combine(now.date(), time(23, 59), now.tzinfo)
    return end if end - now >= SHORT else datetime.combine(now.date() + timedelta(days=1), time(12), now.tzinfo)
