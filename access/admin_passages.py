"""Admin page of passages: what came, what was decided, what the gate did."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from access.looking import looked_at, looked_through
from access.missed_page import MissedOpenings
from access.models import Detection, Passage
from access.passage_actions import PassageActions
from access.passage_filters import Missed, OfUnit
from access.passage_search import found_by
from access.plate_html import picture_of, plate
from access.shown import COLOURS, outcome_label
from access.story import decision_of, tell
from gates.models import GateCommand
from gates.shown import COMMAND_COLOURS
from premises.admin_filters import Days
from premises.grants import grants
from premises.long_lists import LongList
from premises.templatetags.cancela import moment
from premises.tenant_admin import ReadOnly, TenantAdmin
from premises.theme import Label, display


class PassageAdmin(LongList, PassageActions, MissedOpenings, ReadOnly, TenantAdmin):
    """Passages are seen, corrected and acted upon; what was seen of them is never edited."""

    list_display = ("picture", "plate_drawn", "outcome_label", "why", "gate_state", "lane", "whose", "seen_at")
    list_display_links = ("picture", "plate_drawn")
    list_filter = (("opened_at", Days), "lane", OfUnit, "outcome", "reason", Missed)
    list_per_page = 25
    search_fields = ("plate", "unit_name", "owner_name")
    search_help_text = _("Plate or a part of it, unit, owner")
    actions = None
    change_form_template = "access/passage.html"
    fields = ("opened_at",)
    readonly_fields = fields

    # --- the list ---

    def get_queryset(self, request: HttpRequest) -> Any:
        kept = Detection.objects.filter(passage=OuterRef("pk")).exclude(frame="").order_by("-score")
        rows = super().get_queryset(request).select_related("lane__gate", "decision", "condominium")
        return rows.annotate(picture_id=Subquery(kept.values("pk")[:1]))

    def get_object(self, request: HttpRequest, object_id: Any, from_field: Any = None) -> Any:
        """The passage, fetched once a request: its page asks for it twice."""
        found: dict[str, Any] = request.__dict__.setdefault("_passages", {})
        if object_id not in found:
            found[object_id] = super().get_object(request, object_id, from_field)
        return found[object_id]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(found_by(search_term)), False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changes = super().get_changelist_instance(request)
        rows = list(changes.result_list)
        commands = GateCommand.objects.filter(passage_id__in=[row.pk for row in rows]).order_by("requested_at")
        latest = {command.passage_id: command for command in commands}
        for row in rows:
            row.command = latest.get(row.pk)
        changes.result_list = rows
        return changes

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response: HttpResponse = super().changelist_view(request, extra_context)
        if request.method == "GET" and response.status_code == 200:
            looked_through(grants(request).of("passages.view"), by=request.user)  # type: ignore[arg-type]
        return response

    @display(description=_("picture"))
    def picture(self, row: Any) -> str:
        if row.picture_id is None:
            return format_html('<span class="cancela-nothumb">{}</span>', _("no picture"))
        address = reverse("evidence", args=[row.picture_id, "thumb"])
        words = picture_of(row.shown_plate)
        return format_html('<img class="cancela-thumb" src="{}" alt="{}" loading="lazy">', address, words)

    @display(description=_("plate"), ordering="plate")
    def plate_drawn(self, row: Passage) -> str:
        return plate(row.shown_plate)

    @display(description=_("decision"), ordering="outcome", label=COLOURS)
    def outcome_label(self, row: Passage) -> Label:
        return outcome_label(row.outcome)

    @display(description=_("why"))
    def why(self, row: Passage) -> str:
        decision = decision_of(row)
        return format_html('<span class="cancela-why">{}</span>', decision.sentence if decision else "")

    @display(description=_("gate"), label=COMMAND_COLOURS)
    def gate_state(self, row: Any) -> Any:
        return Label(row.command.state, row.command.get_state_display()) if row.command else None

    @display(description=_("unit"), ordering="unit_name")
    def whose(self, row: Passage) -> str:
        return format_html(
            '<span class="cancela-two"><strong>{}</strong><span>{}</span></span>', row.unit_name, row.owner_name
        )

    @display(description=_("seen at"), ordering="opened_at")
    def seen_at(self, row: Passage) -> str:
        return moment(row.opened_at)

    # --- the page of one ---

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        passage = self.get_object(request, object_id) if object_id else None
        context = dict(extra_context or {})
        if passage is not None:
            looked_at(passage, by=request.user)  # type: ignore[arg-type]
            sees_journal = self.may(request, "journal.view", passage)
            context["story"] = tell(passage, journal=sees_journal)
            context["outcome"] = outcome_label(passage.outcome)[1]
            context["plate"] = plate(passage.shown_plate, large=True)
            if passage.corrected_plate:
                context["read_plate"] = plate(passage.plate, struck=True)
        return super().changeform_view(request, object_id, form_url, context)
