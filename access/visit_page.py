"""The page on which a visitor is announced: plate, unit, name, until when."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from access import visits
from access.vehicles import VehicleError
from premises import pages
from premises.models import Unit, User
from premises.roles import Permission


class VisitForm(forms.Form):
    plate = forms.CharField(
        label=_("plate"),
        max_length=20,
        widget=UnfoldAdminTextInputWidget(attrs={"autofocus": True}),
        help_text="ABC1D23",
    )
    unit = forms.ModelChoiceField(label=_("unit"), queryset=Unit.objects.none(), widget=UnfoldAdminSelectWidget)
    holder = forms.CharField(
        label=_("visitor's name"), max_length=120, required=False, widget=UnfoldAdminTextInputWidget
    )
    until = forms.SplitDateTimeField(label=_("until"), required=False, widget=UnfoldAdminSplitDateTimeWidget)
    single_entry = forms.BooleanField(
        label=_("for one entry"), required=False, initial=True, widget=UnfoldBooleanSwitchWidget
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["until"].widget.widgets[1].format = "%H:%M"
        self.fields["until"].initial = datetime.combine(timezone.localdate(), time(23, 59))

    def clean_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["until"]
        if until is not None and until <= timezone.now():
            raise ValidationError(_("That is over already."))
        return until

    def announce(self, by: User) -> bool:
        """Write the pass; False where it cannot be, which the form then says."""
        given = self.cleaned_data
        terms: visits.Terms = {
            "holder": given["holder"],
            "valid_until": given["until"],
            "single_entry": given["single_entry"],
        }
        try:
            visits.announce(given["unit"], given["plate"], by=by, **terms)
        except VehicleError as problem:
            self.add_error("plate", str(problem))
        except ValidationError as problem:
            self.add_error(None, problem.messages)
        return not self.errors


def visit_page(request: HttpRequest) -> HttpResponse:
    units = Unit.objects.restrict(request.user, Permission.ANNOUNCE_VISITS).select_related("condominium")
    if not request.user.is_authenticated or not units:
        raise PermissionDenied
    back = reverse("admin:access_permit_changelist")
    form = VisitForm(request.POST or None, units=units)
    if form.is_valid() and form.announce(request.user):
        messages.success(
            request, _("Announced: %(plate)s may come in.") % {"plate": form.cleaned_data["plate"].upper()}
        )
        return HttpResponseRedirect(back)
    return pages.ask(
        request,
        title=_("Announce a visitor"),
        intro=_("The vehicle is let in on this unit's word. It can always leave."),
        form=form,
        submit=_("Announce"),
        back=back,
    )
