"""Detections, decisions and photos on lists of their own: for who looks closer than a passage's page does."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from access.models import Decision, Detection, OpeningPhoto
from access.plate_html import picture_of, plate
from access.shown import COLOURS, outcome_label
from premises.admin_filters import Days
from premises.long_lists import LongList
from premises.templatetags.cancela import percent
from premises.tenant_admin import ReadOnly, TenantAdmin
from premises.theme import Label, display


class DetectionAdmin(LongList, ReadOnly, TenantAdmin):
    list_display = ("thumb", "plate_drawn", "certainty", "camera", "engine", "read_ms", "taken_at")
    list_select_related = ("camera",)
    list_filter = (("taken_at", Days), "camera")
    search_fields = ("text",)
    list_per_page = 25
    actions = None
    fields = (
        "frame_shown",
        "plate_drawn",
        ("certainty", "taken_at"),
        ("camera", "passage"),
        ("engine", "engine_version", "read_ms"),
        "frame_digest",
    )
    readonly_fields = ("frame_shown", "plate_drawn", "certainty")

    @display(description=_("picture"))
    def thumb(self, row: Detection) -> str:
        return _image(row, "thumb", "cancela-thumb") if row.frame or row.crop else str(_("no picture"))

    @display(description=_("picture"))
    def frame_shown(self, row: Detection) -> str:
        return _image(row, "frame", "cancela-photo") if row.frame else str(_("no picture"))

    @display(description=_("plate"), ordering="text")
    def plate_drawn(self, row: Detection) -> str:
        return plate(row.text)

    @display(description=_("certainty"), ordering="score")
    def certainty(self, row: Detection) -> str:
        return percent(row.score)


def _image(row: Detection, part: str, css: str) -> str:
    address = reverse("evidence", args=[row.pk, part])
    return format_html('<img class="{}" src="{}" alt="{}" loading="lazy">', css, address, picture_of(row.text))


class DecisionAdmin(LongList, ReadOnly, TenantAdmin):
    list_display = ("at", "passage", "outcome_label", "sentence", "policy_words")
    list_select_related = ("passage",)
    list_filter = (("at", Days), "outcome", "reason")
    search_fields = ("passage__plate",)
    ordering = ("-at",)
    actions = None
    fields = ("passage", ("outcome", "reason"), "sentence", "at", "policy_words", "vehicle", "permit")
    readonly_fields = ("sentence", "policy_words")

    @display(description=_("outcome"), ordering="outcome", label=COLOURS)
    def outcome_label(self, row: Decision) -> Label:
        return outcome_label(row.outcome)

    @display(description=_("why"))
    def sentence(self, row: Decision) -> str:
        return row.sentence

    @display(description=_("policy"), ordering="policy")
    def policy_words(self, row: Decision) -> str:
        return row.policy_words


class OpeningPhotoAdmin(ReadOnly, TenantAdmin):
    list_display = ("taken_at", "lane", "photo")
    list_select_related = ("lane",)
    list_filter = (("taken_at", Days), "lane")
    list_per_page = 25
    actions = None
    fields = ("photo", "lane", "taken_at", "frame_digest")
    readonly_fields = ("photo",)

    @display(description=_("picture"))
    def photo(self, row: OpeningPhoto) -> str:
        address = reverse("opening_photo", args=[row.command_id])
        return format_html(
            '<img class="cancela-photo" src="{}" alt="{}" loading="lazy">', address, _("photo of the opening")
        )
