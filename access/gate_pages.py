"""The page of a gate: its live state above its settings, large buttons, and its last openings."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from access import gate_live
from access.looking import looked_through
from access.plate_html import plate
from access.rehearsal_words import broken_of, links_of
from access.shown_gate import shown_gate
from gates.hearing import hearing
from gates.models import Gate
from premises.grants import grants
from premises.roles import Permission

# Buttons that stop something: red.
STOPPING = frozenset({"stop", "stop_all", "lock_down", "lock_all_down"})


class GatePages:
    """For the admin page of gates."""

    change_form_outer_before_template = "access/gate_panel.html"

    def get_urls(self: Any) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(never_cache(self.live)))
        own = path("<int:object_id>/live/", view, name="gates_gate_live")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def live(self: Any, request: HttpRequest, object_id: int) -> HttpResponse:
        """What changes of the page, alone."""
        gate = _gate(request, object_id)
        return render(
            request, "access/gate_now.html", {**now_of(request, gate), "gate_actions": self._buttons(request, gate)}
        )

    def changeform_view(
        self: Any, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """The buttons stand in the panel, where a thumb finds them, instead of in the head of the page."""
        answer = super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        context = getattr(answer, "context_data", None)
        if context and (gate := context.get("original")):
            shown = _gate(request, gate.pk)
            looked_through([gate.condominium_id], by=request.user)  # type: ignore[arg-type]
            context |= {**now_of(request, shown), "gate_actions": self._buttons(request, shown), "actions_detail": []}
        return answer

    def _buttons(self: Any, request: HttpRequest, gate: Gate) -> list[dict[str, Any]]:
        """All that may be done to this gate: its own buttons, then the switch for all gates of the condominium."""
        offered = self.get_actions_detail(request, gate.pk)
        own = [_button(each.path, each.description, each.icon, gate.pk) for each in offered]
        return [*own, *_whole(request, gate)]


def _gate(request: HttpRequest, pk: int) -> Gate:
    gate = shown_gate(request, pk)
    if gate is None:
        raise Http404
    return gate


def _button(name: str, words: Any, icon: str | None, pk: int | None, query: str = "") -> dict[str, Any]:
    address = reverse(f"admin:gates_gate_{name}", args=[] if pk is None else [pk])
    return {"id": f"do-{name}", "words": words, "icon": icon, "address": address + query, "stops": name in STOPPING}


def _whole(request: HttpRequest, gate: Gate) -> list[dict[str, Any]]:
    if not grants(request).allow(Permission.OPEN_GATES, gate.condominium_id):
        return []
    query = f"?condominium={gate.condominium_id}"
    whole = gate.condominium
    return [
        _button("free_all", _("End lock-down…"), "lock_open", None, query)
        if whole.locked_down
        else _button("lock_all_down", _("Lock all down…"), "lock", None, query),
        _button("give_all_back", _("Give all gates back…"), "undo", None, query)
        if whole.gates_on_hold
        else _button("stop_all", _("Stop all gates…"), "block", None, query),
    ]


def now_of(request: HttpRequest, gate: Gate) -> dict[str, Any]:
    """What the panel shows. Openings and plates only for who may see passages."""
    now, held = timezone.now(), grants(request)
    sees = held.allow(Permission.VIEW_PASSAGES, gate.condominium_id)
    return {
        "gate": gate,
        "position": gate_live.position(gate, now),
        "heard": hearing(gate.controller, now),
        "notes": gate_live.notes(gate, now),
        "told": gate_live.told_last(gate) if sees else "",
        "gate_lanes": [_lane(each) for each in gate_live.lanes(gate)],
        "sees": sees,
        "commands": gate_live.commands(gate, now) if sees else [],
        "held_back": [(row, plate(row.shown_plate)) for row in gate_live.held_back(gate, now)] if sees else [],
        "forgives": held.allow(Permission.CHANGE_REGISTRY, gate.condominium_id),
        "rehearses": held.allow(Permission.CHANGE_DEVICES, gate.condominium_id),
    }


def _lane(shown: gate_live.LaneShown) -> dict[str, Any]:
    row = shown.rehearsal
    said = {"links": links_of(row), "broken": broken_of(row.links)} if row else {}
    return {"shown": shown, "lane": shown.lane, "rehearsal": row, **said}
