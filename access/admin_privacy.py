"""Data protection: how long passages are kept, and the requests of those whom they are about."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from access import subject_requests
from access.models import RequestState, RequestWork, RetentionPolicy, SubjectRequest
from access.request_pages import RequestPages
from access.subjects import subject_of
from premises.tenant_admin import TenantAdmin
from premises.theme import Label, display

COLOURS = {RequestState.OPEN: "warning", RequestState.CLOSED: "success"}


class RetentionPolicyAdmin(TenantAdmin):
    list_display = ("days", "decided")
    list_before_template = "access/retention_note.html"
    fields = (("strangers_days", "visitors_days"), ("registered_days", "incidents_days"), "notes_days", "decided")
    actions = None

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {**(extra_context or {}), "defaults": RetentionPolicy()}
        answer: HttpResponse = super().changelist_view(request, context)
        return answer

    @display(description=_("days: strangers / visitors / registered / incidents"))
    def days(self, row: RetentionPolicy) -> str:
        return str(row)


class SubjectRequestAdmin(RequestPages, TenantAdmin):
    """A request is opened, answered and closed; it is not deleted, being the proof that it was answered."""

    list_display = ("number", "kind", "state_label", "person", "plates", "asked_by", "opened_at", "closed_at")
    list_filter = ("state", "kind")
    search_fields = ("plates", "person__name", "asked_by")
    search_help_text = _("Plate, person, who asked")
    autocomplete_fields = ("person",)
    actions = None
    asked = ("kind", "person", "plates", "asked_by")
    fieldsets = (
        (None, {"fields": ("kind", ("person", "plates"), "asked_by", "note")}),
        (_("Answer"), {"fields": ("state_label", "named", "gathered_at", "digest_shown", "erased_at")}),
        (_("Who"), {"fields": (("opened_by", "opened_at"), ("closed_by", "closed_at"))}),
    )
    add_fieldsets = ((None, {"fields": ("kind", "person", "plates", "asked_by", "note")}),)
    written = (
        "state_label",
        "named",
        "gathered_at",
        "digest_shown",
        "erased_at",
        "opened_by",
        "opened_at",
        "closed_by",
        "closed_at",
    )
    readonly_fields = written

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("person", "condominium")

    def get_object(self, request: HttpRequest, object_id: Any, from_field: Any = None) -> Any:
        """The request, fetched once: its page and its buttons ask for it."""
        found: dict[str, Any] = request.__dict__.setdefault("_subject_requests", {})
        if object_id not in found:
            found[object_id] = super().get_object(request, object_id, from_field)
        return found[object_id]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """With how far it is, where something is being done for the request."""
        row = kwargs.get("obj")
        context["work"] = RequestWork.objects.filter(request=row).first() if row is not None else None
        answer: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return answer

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # What was asked is not changed afterwards: who asks something else asks again.
        return [*super().get_readonly_fields(request, obj), *(self.asked if obj else [])]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        closed = isinstance(obj, SubjectRequest) and not obj.is_open
        return super().has_change_permission(request, obj) and not closed

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            subject_requests.open_request(obj, by=request.user)  # type: ignore[arg-type]

    @display(description=_("number"), ordering="id")
    def number(self, row: SubjectRequest) -> int:
        return row.pk

    @display(description=_("state"), ordering="state", label=COLOURS)
    def state_label(self, row: SubjectRequest) -> Label:
        return Label(row.state, row.get_state_display())

    @display(description=_("SHA-256 of the archive"))
    def digest_shown(self, row: SubjectRequest) -> str:
        return format_html('<code class="cancela-digest">{}</code>', row.archive_digest or "-")

    @display(description=_("passages named"))
    def named(self, row: Any) -> int:
        if not hasattr(row, "named_count"):  # the page asks for it twice
            row.named_count = subject_of(row).passages.count()
        count: int = row.named_count
        return count
