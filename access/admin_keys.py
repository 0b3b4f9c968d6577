"""Keys: tags and codes, given out, taken back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from access import keys
from access.action_forms import SureForm
from access.keys import KeyRefusedError
from access.models import Key, KeyKind
from premises import pages
from premises.roles import Permission
from premises.tenant_admin import TenantAdmin
from premises.tenant_forms import TenantForm
from premises.theme import Label, action, display

DETAILS = ("unit", "person", "vehicle", "valid_from", "valid_until", "note")
STATE_COLOURS = {"active": "success", "waiting": "info", "ended": "default"}


class KeyForm(TenantForm):
    """Of a key that is given out. Its number is asked for here, and shown on no page afterwards."""

    number = forms.CharField(
        label=_("number"),
        max_length=20,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("Of a tag as it is printed: 0012345678 or 188,24910. Of a code: 6 to 10 digits, or empty: drawn."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        number, kind = cleaned.get("number", ""), cleaned.get("kind", "")
        chosen = cleaned.get("condominium")
        condominium = chosen.pk if chosen else self.instance.condominium_id
        try:
            digits = keys.tag_digits(number) if kind == KeyKind.TAG else number and keys.code_digits(number)
            keys.check_free(condominium, kind, digits)
        except KeyRefusedError as problem:
            self.add_error("number", str(problem))
        return cleaned


class EndForm(SureForm):
    reason = forms.CharField(
        label=_("reason"),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Lost, moved away… It is kept with the key."),
    )


class KeyAdmin(TenantAdmin):
    list_display = ("holder", "kind_shown", "unit", "gates_shown", "valid_until", "state_label")
    list_select_related = ("unit",)
    list_filter = ("kind", "gates", "unit")
    search_fields = ("holder", "unit__number", "note", "ending")
    search_help_text = _("Whose it is, unit, last three digits of a tag")
    autocomplete_fields = ("unit", "person", "vehicle")
    fields = (
        ("kind_shown", "state_label"),
        "holder",
        ("unit", "person"),
        "vehicle",
        "gates",
        "valid_from",
        "valid_until",
        "note",
        "ended_because",
    )
    add_fieldsets = (
        (None, {"fields": (("kind", "number"), "holder", ("unit", "person"), "vehicle")}),
        (_("Where and when"), {"fields": ("gates", "valid_from", "valid_until", "note")}),
    )
    readonly_fields = ("kind_shown", "state_label", "ended_because")
    actions_detail = ("take_back",)
    actions_row = ("take_back",)
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("digits").prefetch_related("gates")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Taken back instead: what it opened is told by it.
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = KeyForm
        return super().get_form(request, obj, change=change, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        ended = isinstance(obj, Key) and not obj.is_active
        return not ended and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made, obj.code = _give(obj, form.cleaned_data, request.user)
        obj.pk = made.pk
        obj._state.adding = False

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        if not obj.code:
            answer: HttpResponse = super().response_add(request, obj, post_url_continue)
            return answer
        return pages.show_once(
            request,
            title=_("The code of %(holder)s") % {"holder": obj.holder},
            intro=_("Typed at the reader and ended with #, it opens the gates chosen."),
            values=[(_("code"), obj.code)],
            back=_address(obj),
        )

    @display(description=_("kind"), ordering="kind")
    def kind_shown(self, row: Key) -> str:
        # Not broken between them.
        return f"{row.get_kind_display()} …\u2060{row.ending}" if row.ending else row.get_kind_display()

    @display(description=_("gates"))
    def gates_shown(self, row: Key) -> str:
        return ", ".join(str(gate) for gate in row.gates.all()) or str(_("all gates"))

    @display(description=_("state"), label=STATE_COLOURS)
    def state_label(self, row: Key) -> Label:
        now = timezone.now()
        if not row.is_active:
            return Label("ended", _("out of use"))
        if row.valid_from and now < row.valid_from:
            return Label("waiting", _("not yet valid"))
        return Label("active", _("in use")) if row.holds_at(now) else Label("ended", _("ended"))

    def row_buttons(self, row: Key, buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return buttons if row.is_active else []

    def has_register_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, Permission.CHANGE_REGISTRY)

    @action(description=_("Take back"), icon="key_off", permissions=["register"])
    def take_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key: Key = self.fetch(request, object_id, Permission.CHANGE_REGISTRY)
        form = EndForm(request.POST or None)
        if form.is_valid():
            try:
                keys.end(key, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
            except KeyRefusedError as problem:
                form.add_error(None, ValidationError(str(problem)))
            else:
                self.message_user(request, _("Taken back: it opens nothing any more."), "SUCCESS")
                return HttpResponseRedirect(_address(key))
        return pages.ask(
            request,
            title=_("Take %(key)s back?") % {"key": key},
            intro=_(
                "From now on it opens nothing. Boards that are connected hear of it at once, others when they are."
            ),
            form=form,
            submit=_("Take back"),
            back=_address(key),
            danger=True,
        )


def _give(row: Key, cleaned: dict[str, Any], by: Any) -> tuple[Key, str]:
    """The key of a filled in form, and its code where it has one."""
    said = {name: cleaned[name] for name in DETAILS if name in cleaned}
    terms: Any = {**said, "gates": list(cleaned["gates"]), "by": by}
    if cleaned["kind"] == KeyKind.TAG:
        return keys.give_tag(row.condominium, cleaned["number"], row.holder, **terms), ""
    return keys.give_code(row.condominium, row.holder, code=cleaned["number"], **terms)


def _address(key: Key) -> str:
    return reverse("admin:access_key_change", args=[key.pk])
