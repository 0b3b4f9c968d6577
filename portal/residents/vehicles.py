"""My vehicles: listed, proposed, signed off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from access.households import Home, vehicles_of
from access.models import Vehicle
from access.proposals import propose_vehicle
from access.states import VehicleState
from access.vehicles import VehicleError, end_vehicle
from portal.residents import shown
from portal.residents.forms import SoldForm, VehicleForm, sent
from portal.residents.homes import at_home
from portal.residents.homes import shown as page
from portal.residents.photos import filled_in, photo_of


@at_home
def vehicles(request: HttpRequest, home: Home) -> HttpResponse:
    cards = shown.cards_of(vehicles_of(home).select_related("owner"))
    context = {
        "vehicles": [card for card in cards if card.row.state != VehicleState.ENDED],
        "ended": [card for card in cards if card.row.state == VehicleState.ENDED],
        # What somebody of this home proposed and another unit holds: nothing of it but the plate is told.
        "contested": [each.plate for each in Vehicle.objects.filter(claimed_by__unit=home.unit)],
    }
    return page(request, home, "vehicles", context)


@at_home
def add(request: HttpRequest, home: Home) -> HttpResponse:
    form = VehicleForm(**sent(request))
    if request.method == "POST":
        if form.wants_reading:
            filled_in(form, photo_of(request, f"user-{home.user.pk}"))
        elif form.is_valid() and _proposed(request, home, form):
            return HttpResponseRedirect(reverse("residents:vehicles"))
    return page(request, home, "vehicle_add", {"form": form}, 400 if form.errors else 200)


def _proposed(request: HttpRequest, home: Home, form: VehicleForm) -> bool:
    """Whether the form was carried out; what stands in the way is shown on it."""
    given = form.cleaned_data
    try:
        row = propose_vehicle(
            home.condominium, given["plate"], by=home.user, make=given["make"], colour=given["colour"]
        )
    except VehicleError as error:
        form.add_error("plate", str(error))
        return False
    if row is None:
        said = _("%(plate)s is registered here already. The manager was told, and will speak to you.")
        messages.warning(request, said % {"plate": given["plate"]})
    else:
        said = _("%(plate)s was passed on to the manager. The gate opens for it once it is approved.")
        messages.success(request, said % {"plate": row.plate})
    return True


@at_home
def sold(request: HttpRequest, home: Home, pk: int) -> HttpResponse:
    """Sign the own vehicle off; it stays on record."""
    row = get_object_or_404(vehicles_of(home).exclude(state=VehicleState.ENDED), pk=pk)
    form = SoldForm(**sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            end_vehicle(row, by=home.user, reason=form.words())
        except VehicleError as error:
            messages.error(request, str(error))
        else:
            said = _("%(plate)s is signed off: the gate does not open for it any more.")
            messages.success(request, said % {"plate": row.plate})
        return HttpResponseRedirect(reverse("residents:vehicles"))
    return page(request, home, "vehicle_sold", {"form": form, "vehicle": shown.vehicle(row)})
