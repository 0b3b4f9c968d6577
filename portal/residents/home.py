"""The first page, and the switch between homes."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from access.households import Home, homes_of, vehicles_of
from access.states import VehicleState
from portal.residents import shown
from portal.residents.homes import at_home, choose
from portal.residents.homes import shown as page

LATEST = 3


@at_home
def home_page(request: HttpRequest, home: Home) -> HttpResponse:
    coming, _past = shown.guests(home)
    waiting = vehicles_of(home).filter(state=VehicleState.WAITING)
    context = {
        "coming": coming[:LATEST],
        "links": shown.links(home)[:LATEST],
        "waiting": shown.cards_of(waiting),
        "passages": shown.passages(home, LATEST),
    }
    return page(request, home, "home", context)


@at_home
def switch(request: HttpRequest, home: Home) -> HttpResponse:
    """Go on in another of the own homes."""
    chosen = request.POST.get("unit", "") if request.method == "POST" else ""
    other = next((each for each in homes_of(home.user) if str(each.unit.pk) == chosen), None)
    if other is None:
        raise Http404
    choose(request, other)
    return HttpResponseRedirect(reverse("residents:home"))
