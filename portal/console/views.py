"""The guard's screen, and the stream that keeps it true."""

from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from access.action_forms import Why
from portal.console.admission import Watch, may_watch, note_looks, watch_of
from portal.console.drawing import Part, draw
from portal.console.forms import Until
from portal.console.streaming import events
from premises.grants import grants
from premises.models import Condominium

# Scripts name one another by plain addresses, so they are asked for beforehand by these, too.
MODULES = [
    f"{settings.STATIC_URL}portal/console/{name}.js"
    for name in ("cards", "connection", "dialogs", "keys", "bell", "visitor")
]


@require_safe
@login_required
@never_cache
def screen(request: HttpRequest) -> HttpResponse:
    """The whole screen as it is now. It says nothing of the gates until the stream has spoken."""
    watch = watch_of(request)
    if watch is None:
        raise PermissionDenied
    parts = parts_of(watch)
    note_looks(watch, {part.passage for part in parts if part.passage})
    return render(request, "portal/console/screen.html", _context(request, watch, parts))


def parts_of(watch: Watch) -> list[Part]:
    drawn = draw(watch.condominium_ids, [watch.language], timezone.now())
    return [part for key in sorted(drawn) for part in drawn[key].parts]


def _context(request: HttpRequest, watch: Watch, parts: list[Part]) -> dict[str, Any]:
    mine = Condominium.objects.filter(pk__in=may_watch(grants(request))).order_by("name")
    return {
        "lanes": [part for part in parts if part.key.startswith("lane-")],
        "duties": [part for part in parts if part.key.startswith("duty-")],
        "condominiums": mine,
        "watched": watch.condominium_ids,
        "several": len(watch.condominium_ids) > 1,
        "query": request.GET.urlencode(),
        "modules": MODULES,
        "reasons": Why.choices,
        "until": Until.choices,
    }


async def stream(request: HttpRequest) -> HttpResponseBase:
    """Server-sent events. 403 for who may not watch, which is where a console learns that its session has ended."""
    watch = await sync_to_async(_watch)(request)
    if watch is None:
        return HttpResponse(status=403)
    response = StreamingHttpResponse(events(watch), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    # A proxy that collects an answer before it passes it on would hold back every heartbeat.
    response["X-Accel-Buffering"] = "no"
    return response


def _watch(request: HttpRequest) -> Watch | None:
    """Its connection is not kept for as long as the stream lasts."""
    try:
        return watch_of(request)
    finally:
        connection.close()
