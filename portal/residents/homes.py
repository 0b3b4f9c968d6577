"""Who sees the resident pages, and of which home: every page of theirs is wrapped by `at_home`."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from access.households import Home, homes_of
from premises.models import User

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Home, P], HttpResponseBase]
CHOSEN = "home"


def at_home(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give the view the home that was chosen, on that condominium's clock; who lives nowhere is told whom to ask."""

    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        homes = homes_of(cast(User, request.user))
        if not homes:
            return _nowhere(request)
        home = _chosen(request, homes)
        request.homes = homes  # type: ignore[attr-defined]
        with timezone.override(home.condominium.time_zone):
            return view(request, home, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", never_cache(login_required(page)))


def shown(
    request: HttpRequest, home: Home, template: str, context: Mapping[str, object], status: int = 200
) -> HttpResponse:
    """A page of the resident's, with what all of them show."""
    homes: list[Home] = getattr(request, "homes", [home])
    told = {"home": home, "homes": homes if len(homes) > 1 else [], **context}
    return render(request, f"portal/residents/{template}.html", told, status=status)


def choose(request: HttpRequest, home: Home) -> None:
    request.session[CHOSEN] = home.unit.pk


def _chosen(request: HttpRequest, homes: list[Home]) -> Home:
    """The one chosen before, or the first: one that was left since is chosen no more."""
    chosen = request.session.get(CHOSEN)
    return next((home for home in homes if home.unit.pk == chosen), homes[0])


def _nowhere(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/residents/nowhere.html", {}, status=403)
