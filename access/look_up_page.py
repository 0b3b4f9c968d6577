"""The page that says whose a plate is, and where it was first registered."""

from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from access import looking
from access.owners import look_up
from access.plate_html import plate
from access.vehicles import VehicleError
from premises import pages
from premises.models import Condominium, User


class PlateForm(forms.Form):
    condominium = forms.ModelChoiceField(
        label=_("condominium"), queryset=Condominium.objects.none(), widget=UnfoldAdminSelectWidget
    )
    plate = forms.CharField(label=_("plate"), max_length=20, widget=UnfoldAdminTextInputWidget)

    def __init__(self, *args: Any, own: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only = own[0] if len(own) == 1 else None
        self.fields["condominium"].queryset = own  # type: ignore[attr-defined]
        if self.only:
            del self.fields["condominium"]

    def condominium_asked(self) -> Condominium:
        chosen: Condominium = self.only or self.cleaned_data["condominium"]
        return chosen


def look_up_page(request: HttpRequest) -> HttpResponse:
    own = Condominium.objects.restrict(request.user)
    if not own:
        raise PermissionDenied
    form = PlateForm(request.POST or None, own=own)
    return pages.ask(
        request,
        title=_("Whose plate is this?"),
        form=form,
        submit=_("Look up"),
        aside=_answer(request, form) if form.is_valid() else "",
        back=reverse("admin:access_vehicle_changelist"),
    )


def _answer(request: HttpRequest, form: PlateForm) -> str:
    condominium = form.condominium_asked()
    try:
        answer = look_up(condominium, form.cleaned_data["plate"])
    except VehicleError as problem:
        form.add_error("plate", str(problem))
        return ""
    looking.looked_up(condominium.pk, answer.plate, by=cast(User, request.user))
    drawn = plate(answer.plate, large=True)
    return render_to_string("access/look_up_answer.html", {"answer": answer, "plate": drawn}, request)
