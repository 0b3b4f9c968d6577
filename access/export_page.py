"""The page that gives the register out as a list."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminSelectWidget

from access.list_export import export_vehicles
from access.sheet_writing import CONTENT_TYPES, Format
from premises import pages
from premises.models import Condominium
from premises.roles import Permission


class ExportForm(forms.Form):
    condominium = forms.ModelChoiceField(
        label=_("condominium"), queryset=Condominium.objects.none(), widget=UnfoldAdminSelectWidget
    )
    kind = forms.ChoiceField(
        label=_("kind of file"),
        choices=Format.choices,
        initial=Format.XLSX,
        widget=UnfoldAdminRadioSelectWidget(radio_style=2),
    )

    def __init__(self, *args: Any, own: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["condominium"].queryset = own  # type: ignore[attr-defined]
        self.only = own[0] if len(own) == 1 else None
        if self.only:
            del self.fields["condominium"]

    def condominium_asked(self) -> Condominium:
        chosen: Condominium = self.only or self.cleaned_data["condominium"]
        return chosen


def export_page(request: HttpRequest) -> HttpResponse:
    own = Condominium.objects.restrict(request.user, Permission.CHANGE_REGISTRY)
    if not own:
        raise PermissionDenied
    form = ExportForm(request.POST or None, own=own)
    if form.is_valid():
        condominium, kind = form.condominium_asked(), Format(form.cleaned_data["kind"])
        return download(condominium, kind, export_vehicles(condominium, kind, by=request.user))  # type: ignore[arg-type]
    return pages.ask(
        request,
        title=_("Export the vehicles"),
        intro=_(
            "All active vehicles with unit, owner and contact, as the import takes them. The journal says who took it."
        ),
        form=form,
        submit=_("Export"),
        back=reverse("admin:access_vehicle_changelist"),
    )


def download(condominium: Condominium, kind: Format, data: bytes) -> HttpResponse:
    """A file for this reader alone: it names people."""
    response = HttpResponse(data, content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{condominium.slug}-{localdate()}.{kind.value}"'
    response["Cache-Control"] = "no-store"
    return response
