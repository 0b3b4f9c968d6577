"""Admin pages of what boards carry, and of what became of the keys that were presented."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gates.key_words import OPENING, SUSPICIOUS, What
from gates.models import CarriedKey, KeyList, KeyUse
from premises.admin_filters import Days
from premises.long_lists import LongList
from premises.templatetags.cancela import moment
from premises.tenant_admin import ReadOnly, TenantAdmin
from premises.theme import Label, display

WHAT_COLOURS = {what: "success" if what in OPENING else "danger" if what in SUSPICIOUS else "warning" for what in What}
LIST_COLOURS = {"there": "success", "under way": "warning", "expired": "danger", "none": "default"}


class KeyListAdmin(ReadOnly, TenantAdmin):
    """Which list is on which board, since when, and for how long it is good."""

    list_display = ("controller", "state", "keys", "delivered_at", "expires", "board_waiting", "told_at")
    list_select_related = ("controller",)
    search_fields = ("controller__name", "controller__device")
    actions = None
    fields = (
        "controller",
        "state",
        "keys",
        ("version", "board_version"),
        ("made_at", "delivered_at"),
        ("expires", "told_at"),
        "board_waiting",
    )
    readonly_fields = ("state", "keys", "expires")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("controller__carried")

    @display(description=_("list"), label=LIST_COLOURS)
    def state(self, row: KeyList) -> Label:
        return list_label(row)

    @display(description=_("keys in it"))
    def keys(self, row: KeyList) -> int:
        return sum(bool(each.relays) for each in _carried(row))

    @display(description=_("good until"))
    def expires(self, row: KeyList) -> str:
        """As the board said, on our clock."""
        if row.told_at is None or not row.board_version:
            return ""
        return str(moment(row.told_at + timedelta(minutes=row.board_minutes)))


def _carried(row: KeyList) -> list[CarriedKey]:
    return list(row.controller.carried.all())


def list_label(row: KeyList) -> Label:
    if not row.board_version:
        return Label("none", _("not there yet"))
    if not row.board_minutes:
        return Label("expired", _("expired: it opens nothing"))
    return Label("there", _("up to date")) if row.is_delivered else Label("under way", _("a newer one is on its way"))


class KeyUseAdmin(LongList, ReadOnly, TenantAdmin):
    """What was presented at the readers, also while the server was away."""

    list_display = ("at_shown", "gate", "key_name", "what_label", "by_whom")
    list_select_related = ("gate", "controller")
    list_filter = (("at", Days), "gate", "what", "offline")
    search_fields = ("key_name",)
    search_help_text = _("Whose key it is")
    actions = None
    fields = ("at_shown", ("gate", "controller"), "key_name", ("what_label", "by_whom"), "lost_shown", "created_at")
    readonly_fields = ("at_shown", "what_label", "by_whom", "lost_shown")

    @display(description=_("when"), ordering="at")
    def at_shown(self, row: KeyUse) -> str:
        return when(row)

    @display(description=_("what became of it"), ordering="what", label=WHAT_COLOURS)
    def what_label(self, row: KeyUse) -> Label:
        return Label(row.what, row.get_what_display())

    @display(description=_("decided by"))
    def by_whom(self, row: KeyUse) -> str:
        return str(_("the board, without the server") if row.offline else _("the server"))

    @display(description=_("entries lost"))
    def lost_shown(self, row: KeyUse) -> str:
        if not row.lost:
            return ""
        return ngettext("%(count)d entry", "%(count)d entries", row.lost) % {"count": row.lost}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "passages.view")


def when(row: KeyUse) -> str:
    """The time, and how far it may be off where only a board without a clock of its own knows it."""
    if row.spread is None or row.not_before is None:
        return str(moment(row.at))
    if row.spread < timedelta(minutes=2):
        return f"{moment(row.at)}, ±\u00a0{round(row.spread.total_seconds() / 2)}\u00a0s"
    words = {"from": moment(row.not_before), "until": moment(row.not_after) if row.not_after else ""}
    return str(_("between %(from)s and %(until)s") % words)


def told_in_journal(data: dict[str, Any]) -> str:
    """What a journal entry of a key says: whose it is, and what became of it."""
    words = dict(What.choices)
    lost = data.get("lost")
    said = ngettext("%(count)d entry lost", "%(count)d entries lost", lost) % {"count": lost} if lost else ""
    return " · ".join(filter(None, (data.get("key", ""), str(words.get(data.get("what", ""), "")), said)))
