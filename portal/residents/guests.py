"""My guests: announced by plate, or by a link that they fill in; taken back."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from access import guest_links, visits
from access.guest_links import GuestLinkError
from access.households import Home, guests_of
from access.models import GuestLink
from access.vehicles import VehicleError
from portal.residents import shown
from portal.residents.forms import GuestForm, LinkForm, sent
from portal.residents.homes import at_home
from portal.residents.homes import shown as page
from portal.residents.photos import filled_in, photo_of

TERMS = ("valid_from", "valid_until", "single_entry")


@at_home
def guests(request: HttpRequest, home: Home) -> HttpResponse:
    coming, past = shown.guests(home)
    return page(request, home, "guests", {"coming": coming, "past": past, "links": shown.links(home)})


@at_home
def add(request: HttpRequest, home: Home) -> HttpResponse:
    form = GuestForm(**sent(request))
    if request.method == "POST":
        if form.wants_reading:
            filled_in(form, photo_of(request, f"user-{home.user.pk}"))
        elif form.is_valid() and _announced(home, form):
            said = _("%(name)s is announced with the plate %(plate)s.")
            messages.success(request, said % {"name": form.cleaned_data["holder"], "plate": form.cleaned_data["plate"]})
            return HttpResponseRedirect(reverse("residents:guests"))
    return page(request, home, "guest_add", {"form": form}, 400 if form.errors else 200)


def _announced(home: Home, form: GuestForm) -> bool:
    given = form.cleaned_data
    terms: Any = {name: given[name] for name in TERMS}
    try:
        visits.announce(home.unit, given["plate"], by=home.user, holder=given["holder"], **terms)
    except VehicleError as error:
        form.add_error("plate", str(error))
        return False
    except ValidationError as error:
        _show(form, error)
        return False
    return True


@at_home
def invite(request: HttpRequest, home: Home) -> HttpResponse:
    """A new link. It is shown in the answer to this form and nowhere again, since only its digest is kept."""
    form = LinkForm(**sent(request), initial={"greeting": home.user.first_name})
    if request.method == "POST" and form.is_valid():
        try:
            link, token = guest_links.invite(home, **form.cleaned_data)
        except ValidationError as error:
            _show(form, error)
        else:
            return _share(request, home, link, token)
    return page(request, home, "guest_invite", {"form": form}, 400 if form.errors else 200)


@at_home
@require_POST
def renew(request: HttpRequest, home: Home, pk: int) -> HttpResponse:
    link = get_object_or_404(GuestLink.objects.filter(host=home.unit), pk=pk)
    try:
        token = guest_links.renew(link, by=home.user)
    except GuestLinkError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("residents:guests"))
    return _share(request, home, link, token)


@at_home
@require_POST
def take_link_back(request: HttpRequest, home: Home, pk: int) -> HttpResponse:
    link = get_object_or_404(GuestLink.objects.filter(host=home.unit), pk=pk)
    try:
        guest_links.take_back(link, by=home.user)
        messages.success(request, _("The link is worth nothing any more."))
    except GuestLinkError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("residents:guests"))


@at_home
@require_POST
def take_back(request: HttpRequest, home: Home, pk: int) -> HttpResponse:
    permit = get_object_or_404(guests_of(home), pk=pk)
    try:
        visits.take_back(permit, by=home.user)
        messages.success(request, _("Taken back: the gate does not open for %(plate)s.") % {"plate": permit.vehicle})
    except VehicleError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("residents:guests"))


def _share(request: HttpRequest, home: Home, link: GuestLink, token: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse("residents:guest_link", args=[token]))
    until = formats.date_format(timezone.localtime(link.valid_until), "SHORT_DATETIME_FORMAT")
    said = _("You are expected at %(condominium)s. Fill in your plate here; the gate opens for you until %(until)s:")
    text = said % {"condominium": home.condominium, "until": until}
    context = {"link": link, "address": address, "text": text, "whatsapp": quote(f"{text} {address}")}
    return page(request, home, "guest_share", context)


def _show(form: Form, error: ValidationError) -> None:
    """A model's complaint on the form's own fields, or above them."""
    told = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    for name, said in told.items():
        form.add_error(name if name in form.fields else None, said)
