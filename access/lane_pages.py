"""A lane's buttons: read one picture now and say what was read or why nothing was; and what policies would cost."""

import base64
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from access import engines, quality_page, tolerance_page
from access.models import Lane
from access.plate_html import plate
from access.reasons import why_unread
from access.regions import look_in, region_of
from cameras.snapshots import SnapshotError, test_connection
from premises import pages
from premises.roles import Permission
from premises.templatetags.cancela import percent
from premises.theme import action
from recognition import EngineError, ImageError, Look, decode_image

# What a page shows once its button was pressed.
Shown = Callable[[HttpRequest, Lane], dict[str, Any]]


class LanePages:
    """For the admin pages of lanes. Nothing is recorded, and no gate moves."""

    def has_lane_pages_permission(self: Any, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.may(request, Permission.CHANGE_DEVICES))

    @action(description=_("Try reading"), icon="document_scanner", permissions=["lane_pages"])
    def try_reading(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        lane: Lane = self.fetch(request, object_id, Permission.CHANGE_DEVICES)
        return _page(request, lane, "access/try_reading.html", _("Try reading: %(lane)s"), _tried)

    @action(description=_("Tolerance"), icon="balance", permissions=["lane_pages"])
    def tolerance(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        lane: Lane = self.fetch(request, object_id, Permission.CHANGE_DEVICES)
        return _page(request, lane, "access/tolerance.html", _("Tolerance: %(lane)s"), tolerance_page.shown)

    @action(description=_("Reading quality"), icon="spellcheck", permissions=["lane_pages"])
    def reading_quality(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        lane: Lane = self.fetch(request, object_id, Permission.CHANGE_DEVICES)
        return pages.show(
            request,
            "access/quality.html",
            title=_("Reading quality: %(lane)s") % {"lane": lane},
            back=reverse("admin:access_lane_change", args=[lane.pk]),
            **quality_page.shown(lane),
        )

    @action(description=_("Comparisons"), icon="compare_arrows", permissions=["lane_pages"])
    def comparisons(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        lane: Lane = self.fetch(request, object_id, Permission.CHANGE_DEVICES)
        return HttpResponseRedirect(f"{reverse('admin:access_shadowrun_changelist')}?lane__id__exact={lane.pk}")


def _page(request: HttpRequest, lane: Lane, template: str, title: Any, shown: Shown) -> HttpResponse:
    return pages.show(
        request,
        template,
        title=title % {"lane": lane},
        back=reverse("admin:access_lane_change", args=[lane.pk]),
        # Only when somebody presses: an estimate takes seconds, and a login that is refused counts towards the lock
        # of the recorder's account.
        **(shown(request, lane) if request.method == "POST" else {}),
    )


def _tried(request: HttpRequest, lane: Lane) -> dict[str, Any]:
    try:
        engine = engines.engine(lane.engine)
        frame = test_connection(lane.camera, request.user)  # type: ignore[arg-type]
        look = look_in(region_of(lane.region), decode_image(frame.data), engine)
    except EngineError as error:
        return {"problem": _("The lane's recognition cannot be loaded: %(why)s") % {"why": error}}
    except (SnapshotError, ImageError) as error:
        return {"problem": str(error)}
    picture = f"data:image/jpeg;base64,{base64.b64encode(frame.data).decode()}"
    return {"picture": picture, "reads": _shown(look), "why": why_unread(look.unread) if look.unread else ""}


def _shown(look: Look) -> list[tuple[SafeString, str]]:
    return [(plate(read.text), percent(read.certainty)) for read in look.reads]
