"""A lane's rehearsals: what the last ones found, and a button that asks for one now."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from access import rehearsals
from access.models import Lane, Rehearsal
from access.rehearsal_words import broken_of, links_of
from access.rehearsing import is_on_hold
from gates.hearing import hearing_of
from premises import pages
from premises.grants import grants
from premises.roles import Permission
from premises.theme import action

SHOWN = 7
# Longer than a rehearsal that was asked for may wait and take.
PATIENCE = timedelta(seconds=90)
ASKED = "asked"


class RehearsalPages:
    """For the admin page of lanes."""

    change_form_outer_before_template = "access/lane_panel.html"

    def has_view_lane_permission(self: Any, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.may(request, Permission.VIEW_DEVICES))

    @action(description=_("Rehearsals"), icon="fact_check", permissions=["view_lane"])
    def rehearsals(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        lane: Lane = self.fetch(request, object_id, Permission.VIEW_DEVICES)
        if request.method == "POST":
            return _rehearse(self, request, lane)
        may = grants(request).allow(Permission.CHANGE_DEVICES, lane.condominium_id)
        return pages.show(
            request,
            "access/rehearsals.html",
            title=_("Rehearsals: %(lane)s") % {"lane": lane},
            back=reverse("admin:access_lane_change", args=[lane.pk]),
            may=may and lane.is_active,
            lane_heard=hearing_of(lane.gate),
            **_shown(lane, request.GET.get(ASKED, "")),
        )

    def changeform_view(
        self: Any, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        answer = super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        context = getattr(answer, "context_data", None)
        if context and (lane := context.get("original")):
            context |= panel_of(request, lane)
        return answer


def _rehearse(admin: Any, request: HttpRequest, lane: Lane) -> HttpResponse:
    if not grants(request).allow(Permission.CHANGE_DEVICES, lane.condominium_id):
        raise PermissionDenied
    if is_on_hold(lane):
        admin.message_user(request, _("A lane is not rehearsed while its gate is on hold."), "WARNING")
        return HttpResponseRedirect(request.path)
    asked = int(timezone.now().timestamp())
    try:
        rehearsals.ask(lane, by=request.user)  # type: ignore[arg-type]
    except OperationalError:
        admin.message_user(request, _("The task queue cannot be reached. Nothing was rehearsed."), "ERROR")
        return HttpResponseRedirect(request.path)
    return HttpResponseRedirect(f"{request.path}?{ASKED}={asked}")


def panel_of(request: HttpRequest, lane: Lane) -> dict[str, Any]:
    row = next(iter(rehearsals.latest_of([lane.pk])), None)
    return {
        "lane_heard": hearing_of(lane.gate),
        "lane_rehearsal_shown": lane.is_active,
        "rehearsal": row,
        "broken": broken_of(row.links) if row else "",
        "rehearses": grants(request).allow(Permission.CHANGE_DEVICES, lane.condominium_id),
    }


def _shown(lane: Lane, asked: str) -> dict[str, Any]:
    """`waits` while one is under way, or was just asked for; `lost` where that one never came."""
    now = timezone.now()
    rows = list(Rehearsal.objects.filter(lane=lane).exclude(ended_at=None)[:SHOWN])
    at = datetime.fromtimestamp(int(asked), UTC) if asked.isdecimal() and len(asked) < 12 else None
    missing = at is not None and not any(row.begun_at >= at for row in rows)
    patient = at is not None and now - at < PATIENCE
    return {
        "rehearsals": [{"row": row, "links": links_of(row)} for row in rows],
        "waits": (missing and patient) or rehearsals.under_way([lane.pk], now),
        "lost": missing and not patient,
    }
