"""Who may sit down: the condominium or the lane of an address, and the frame around a step."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from access.models import Lane
from portal.setup.steps import TITLES, Sitting, sitting_of
from premises import pages
from premises.models import Condominium, User
from premises.roles import Permission

Page = Callable[[HttpRequest, Sitting], HttpResponse]
View = Callable[..., HttpResponseBase]


def of_condominium(page: Page) -> View:
    """A step about a condominium. 404 for who may not change its devices."""

    @wraps(page)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        mine = Condominium.objects.restrict(request.user, Permission.CHANGE_DEVICES)
        return page(request, sitting_of(get_object_or_404(mine, pk=pk)))

    return admin.site.admin_view(view)


def of_new_lane(page: Page) -> View:
    """The step that makes a lane, for one more of the condominium."""

    def alone(request: HttpRequest, sitting: Sitting) -> HttpResponse:
        return page(request, Sitting(sitting.condominium))

    return of_condominium(alone)


def of_lane(page: Page) -> View:
    """A step about a lane. 404 for who may not change it."""

    @wraps(page)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        mine = Lane.objects.restrict(request.user, Permission.CHANGE_DEVICES)
        rows = mine.select_related("condominium", "camera__recorder", "gate__controller")
        lane = get_object_or_404(rows, pk=pk)
        return page(request, Sitting(lane.condominium, lane))

    return admin.site.admin_view(view)


def lane_of(sitting: Sitting) -> Lane:
    """The lane of a step that is about one."""
    if sitting.lane is None:
        raise ValueError("this step is about a lane")
    return sitting.lane


def user_of(request: HttpRequest) -> User:
    """The signed-in user: the admin's frame lets nobody else in."""
    user: Any = request.user
    signed_in: User = user
    return signed_in


def show(request: HttpRequest, sitting: Sitting | None, code: str, **context: Any) -> HttpResponse:
    """The page of a step: its progress above, its own part below."""
    title = TITLES.get(code, _("Set-up"))
    around = {"progress": progress_of(sitting, code), "back": sitting.before(code) if sitting else ""}
    return pages.show(request, f"portal/setup/{code}.html", title=title, **around, **context)


def progress_of(sitting: Sitting | None, code: str) -> SafeString:
    if sitting is None:
        steps = [
            {"code": each, "title": title, "current": each == code or (code, each) == ("begin", "condominium")}
            for each, title in TITLES.items()
        ]
        return render_to_string("portal/setup/progress.html", {"steps": steps})
    context = {"steps": sitting.steps(code), "condominium": sitting.condominium, "lane": sitting.lane}
    return render_to_string("portal/setup/progress.html", context)
