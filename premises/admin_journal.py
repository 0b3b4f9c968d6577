"""The journal, to be read."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from premises.admin_filters import Days
from premises.journal_words import words
from premises.models import JournalEntry
from premises.tenant_admin import ReadOnly, TenantAdmin


class JournalEntryAdmin(ReadOnly, TenantAdmin):
    """Nothing is added, changed or deleted here, nor anywhere: the database refuses it too."""

    list_display = ("at", "what", "subject", "actor", "details")
    list_filter = (("at", Days),)
    search_fields = ("actor", "action", "subject")
    search_help_text = _("Who, what, to what")
    actions = None
    fields = (
        "sequence",
        "at",
        "what",
        "action",
        "actor",
        "subject",
        "passage_id",
        "all_details",
        "digest",
        "previous_digest",
    )
    readonly_fields = ("what", "all_details")

    @display(description=_("what"), ordering="action")
    def what(self, row: JournalEntry) -> str:
        return words(row.action)

    @display(description=_("details"))
    def details(self, row: JournalEntry) -> str:
        return ", ".join(f"{name}: {_short(value)}" for name, value in row.data.items() if value)[:160]

    @display(description=_("details"))
    def all_details(self, row: JournalEntry) -> str:
        return format_html("<pre>{}</pre>", json.dumps(row.data, indent=2, ensure_ascii=False))

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> tuple[str, ...]:
        return ("at",)


def _short(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
