"""Passages of my unit, their pictures, and who looked at them."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from access import lookers
from access.household_pictures import picture_of
from access.households import Home
from portal.residents import shown
from portal.residents.homes import at_home
from portal.residents.homes import shown as page

A_PAGE = 12


@at_home
def passages(request: HttpRequest, home: Home) -> HttpResponse:
    part = Paginator(shown.rows_of(home), A_PAGE).get_page(request.GET.get("page"))
    return page(request, home, "passages", {"page": part, "passages": [shown.passage(row) for row in part]})


@at_home
def passage(request: HttpRequest, home: Home, pk: UUID) -> HttpResponse:
    row = get_object_or_404(shown.rows_of(home).select_related("lane", "decision__permit"), pk=pk)
    context = {"passage": shown.passage(row), "looks": lookers.who_looked_at(home, row)}
    return page(request, home, "passage", context)


@at_home
def picture(request: HttpRequest, home: Home, pk: UUID, size: str) -> HttpResponse:
    """A picture of a passage of the own unit. `never_cache` of `at_home` keeps it out of every cache."""
    data = picture_of(home, str(pk), size)
    if data is None:
        raise Http404
    response = HttpResponse(data, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@at_home
def looked(request: HttpRequest, home: Home) -> HttpResponse:
    return page(request, home, "looked", {"looks": lookers.who_looked(home)})
