"""The page behind a guest's link: for somebody without an account, who is told as little as possible."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from access import guest_links
from access.guest_links import GuestLinkError
from access.models import GuestLink
from access.plate_html import plate
from access.vehicles import VehicleError
from portal.residents.forms import OwnGuestForm, sent
from portal.residents.photos import answer, filled_in, photo_of
from portal.residents.rates import within

# Of one address, links that are none; of one link, forms and photos sent.
MISSES, TRIES = 30, 30
View = Callable[[HttpRequest, GuestLink], HttpResponseBase]


def _by_token(view: View) -> Callable[[HttpRequest, str], HttpResponseBase]:
    """Find the link, on its condominium's clock; what is no link is counted, and answered alike whatever it was."""

    @never_cache
    def page(request: HttpRequest, token: str) -> HttpResponseBase:
        link = guest_links.find(token)
        if link is None:
            return _no_link(request)
        if request.method == "POST" and not within(f"link-{link.pk}", TRIES):
            return _quiet(render(request, "portal/residents/guest_later.html", status=429))
        with timezone.override(link.condominium.time_zone):
            return _quiet(view(request, link))

    return page


def _no_link(request: HttpRequest) -> HttpResponseBase:
    many = not within(f"missed-{request.META.get('REMOTE_ADDR', '')}", MISSES)
    template = "guest_later" if many else "guest_none"
    return _quiet(render(request, f"portal/residents/{template}.html", status=429 if many else 404))


def _quiet(response: HttpResponseBase) -> HttpResponseBase:
    """The address is the secret: no list of pages shall have it, and no other site (which our policy for all pages
    sees to; none at all would take the origin from our own form, too)."""
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@_by_token
def guest_link(request: HttpRequest, link: GuestLink) -> HttpResponse:
    if link.used_at is not None:
        return _told(request, link)
    if not link.is_open_at(timezone.now()):
        return render(request, "portal/residents/guest_none.html", status=410)
    form = OwnGuestForm(**sent(request))
    if request.method == "POST":
        if form.wants_reading:
            filled_in(form, photo_of(request, f"link-{link.pk}"))
        elif form.is_valid() and _used(link, form):
            return _told(request, link)
    context = {"form": form, "link": link, "token_path": request.path}
    return render(request, "portal/residents/guest_link.html", context, status=400 if form.errors else 200)


@_by_token
def guest_photo(request: HttpRequest, link: GuestLink) -> HttpResponseBase:
    if request.method != "POST" or not link.is_open_at(timezone.now()):
        return HttpResponse(status=405)
    return answer(photo_of(request, f"link-{link.pk}"))


def _used(link: GuestLink, form: OwnGuestForm) -> bool:
    try:
        guest_links.use(link, form.cleaned_data["plate"], form.cleaned_data["holder"])
    except (VehicleError, GuestLinkError) as error:
        form.add_error("plate", str(error))
        return False
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


def _told(request: HttpRequest, link: GuestLink) -> HttpResponse:
    """It was used: who has the link sees its plate, and that it is done."""
    permit = link.permit
    ended = permit is None or not permit.is_active
    drawn = plate(permit.vehicle.plate, large=True) if permit else ""
    return render(request, "portal/residents/guest_done.html", {"link": link, "plate": drawn, "ended": ended})
