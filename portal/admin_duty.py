"""The gatehouse's book in the admin: read there, written at the console."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.models import Note, Shift
from premises.admin_filters import Days
from premises.templatetags.cancela import moment
from premises.tenant_admin import ReadOnly, TenantAdmin
from premises.theme import Label, display


class NoteAdmin(ReadOnly, TenantAdmin):
    list_display = ("written", "said", "by_name", "state_label", "done_by_name")
    list_display_links = ("written",)
    list_filter = (("at", Days),)
    search_fields = ("text", "by_name", "done_by_name")
    search_help_text = _("What the note says, who wrote it or did it")
    ordering = ("-at",)
    actions = None
    fields = ("said", ("by_name", "at"), ("done_by_name", "done_at"))
    readonly_fields = ("said",)

    @display(description=_("at"), ordering="at")
    def written(self, row: Note) -> str:
        return moment(row.at)

    @display(description=_("note of the gatehouse"), ordering="text")
    def said(self, row: Note) -> str:
        return row.text

    @display(description=_("state"), label={"stands": "warning", "done": "success"})
    def state_label(self, row: Note) -> Label:
        return Label("done", _("dealt with")) if row.done_at else Label("stands", _("stands"))


class ShiftAdmin(ReadOnly, TenantAdmin):
    list_display = ("guard_name", "began", "ended")
    list_filter = (("began_at", Days),)
    search_fields = ("guard_name",)
    actions = None
    fields = ("guard_name", ("began_at", "ended_at"))

    @display(description=_("began at"), ordering="began_at")
    def began(self, row: Shift) -> str:
        return moment(row.began_at)

    @display(description=_("until"), ordering="ended_at")
    def ended(self, row: Shift) -> Any:
        return moment(row.ended_at) if row.ended_at else _("under way")

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> tuple[str, ...]:
        return ("guard_name",)
