"""The journal, to be read."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from premises.admin_filters import Days
from premises.journal_words import details, words
from premises.long_lists import LongList
from premises.models import JournalEntry
from premises.templatetags.cancela import moment
from premises.tenant_admin import ReadOnly, TenantAdmin
from premises.theme import display


class JournalEntryAdmin(LongList, ReadOnly, TenantAdmin):
    """Nothing is added, changed or deleted here, nor anywhere: the database refuses it too."""

    list_display = ("seen_at", "what", "subject", "actor", "told")
    list_filter = (("at", Days),)
    search_fields = ("actor", "action", "subject")
    search_help_text = _("Who, what, to what")
    actions = None
    fields = (
        "sequence",
        "at",
        "what",
        "code",
        "actor",
        "subject",
        "passage_id",
        "all_details",
        "is_erased",
        "digest",
        "personal_digest",
        "previous_digest",
    )
    readonly_fields = ("what", "code", "all_details")

    @display(description=_("at"), ordering="id")
    def seen_at(self, row: JournalEntry) -> str:
        return moment(row.at)

    @display(description=_("what"), ordering="action")
    def what(self, row: JournalEntry) -> str:
        return words(row.action)

    @display(description=_("code"))
    def code(self, row: JournalEntry) -> str:
        return row.action

    @display(description=_("details"))
    def told(self, row: JournalEntry) -> str:
        return str(_("erased")) if row.is_erased else details(row.action, row.data)

    @display(description=_("details"))
    def all_details(self, row: JournalEntry) -> str:
        return format_html("<pre>{}</pre>", json.dumps(row.data, indent=2, ensure_ascii=False))

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> tuple[str, ...]:
        return ("seen_at",)
