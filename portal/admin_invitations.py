"""Admin pages of invitations: made, sent again, taken back."""

from functools import partial
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from portal.accounts import invitation_mail, invitations
from portal.models import Invitation
from premises import journal_words, pages
from premises.roles import Permission, Role
from premises.templatetags.cancela import moment
from premises.tenant_admin import TenantAdmin
from premises.tenant_forms import TenantForm
from premises.theme import Label, action, display

COLOURS = {
    Invitation.State.WAITING: "info",
    Invitation.State.ACCEPTED: "success",
    Invitation.State.EXPIRED: "warning",
    Invitation.State.TAKEN_BACK: "danger",
}


def told_in_journal(data: dict[str, Any]) -> str:
    """In which role somebody was invited, and until when."""
    until = parse_datetime(str(data.get("valid until", "")))
    known = {"role": dict(Role.choices).get(str(data.get("role")), ""), "until": moment(until) if until else ""}
    return str(_("%(role)s; valid until %(until)s") % known)


journal_words.TELLERS["invitation"] = told_in_journal


class InvitationForm(TenantForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" in self.fields:
            # Nobody is made a manager by not looking.
            self.fields["role"].initial = Role.GUARD

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._refuse_member(cleaned)
        if cleaned.get("person") and cleaned.get("role") != Role.RESIDENT:
            self.add_error("person", _("Only residents are joined to a person. Leave it empty."))
        if cleaned.get("role") == Role.RESIDENT and not cleaned.get("person"):
            self.add_error("person", _("Choose who of the condominium's people this resident is."))
        return cleaned

    def _refuse_member(self, cleaned: dict[str, Any]) -> None:
        wanted = Invitation(
            condominium=cleaned.get("condominium") or self.instance.condominium,
            email=cleaned.get("email", ""),
            role=cleaned.get("role", ""),
        )
        try:
            invitations.refuse_unwanted(wanted)
        except invitations.InvitationError as problem:
            self.add_error("email", problem)


class InvitationAdmin(TenantAdmin):
    """Made once, then only sent again or taken back: what was sent is not edited."""

    form: Any = InvitationForm
    list_display = ("email", "role_label", "person", "state_label", "invited_by", "sent_at", "expires_at")
    list_filter = ("role",)
    list_select_related = ("person",)
    search_fields = ("email", "person__name")
    autocomplete_fields = ("person",)
    fields = ("email", "role", "person", "language")
    readonly_fields = ()
    actions_detail = ("send_again", "take_back")
    actions_row = ("send_again", "take_back")

    @display(description=_("role"), ordering="role", label=True)
    def role_label(self, row: Invitation) -> str:
        return row.get_role_display()

    @display(description=_("state"), label=COLOURS)
    def state_label(self, row: Invitation) -> Any:
        return Label(row.state, row.state.label)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        sets = super().get_fieldsets(request, obj)
        if obj is not None:
            sets[0][1]["fields"] += ["state_label", "invited_by", "sent_at", "expires_at", "accepted_at"]
        return sets

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_send_again_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, Permission.CHANGE_ACCOUNTS)

    has_take_back_permission = has_send_again_permission

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        token = invitations.invite(obj, by=request.user)  # type: ignore[arg-type]
        transaction.on_commit(partial(self._send, request, obj, token))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """Without Django's “was added successfully”: what matters is whether it was sent, which is said then."""
        return HttpResponseRedirect(_list())

    def _send(self, request: HttpRequest, row: Invitation, token: str) -> None:
        if invitation_mail.send(request, row, token):
            self.message_user(request, _("The invitation was sent to %(email)s.") % {"email": row.email}, "SUCCESS")
        else:
            self.message_user(
                request,
                _("The invitation is kept, but the e-mail could not be sent. Tell whoever runs this installation."),
                "ERROR",
            )

    @action(description=_("Send again"), icon="forward_to_inbox", permissions=["send_again"])
    def send_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: Invitation = self.fetch(request, object_id, Permission.CHANGE_ACCOUNTS)
        if request.method == "POST":
            return self._sent_again(request, row)
        return pages.ask(
            request,
            title=_("Send the invitation to %(email)s again?") % {"email": row.email},
            intro=_("A new link is sent, valid for a week. The old one stops working."),
            form=forms.Form(),
            submit=_("Send again"),
            back=_list(),
        )

    def _sent_again(self, request: HttpRequest, row: Invitation) -> HttpResponse:
        try:
            token = invitations.send_again(row, by=request.user)  # type: ignore[arg-type]
        except invitations.InvitationError as problem:
            self.message_user(request, problem.message, "ERROR")
        else:
            self._send(request, row, token)
        return HttpResponseRedirect(_list())

    @action(description=_("Take back"), icon="undo", permissions=["take_back"])
    def take_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: Invitation = self.fetch(request, object_id, Permission.CHANGE_ACCOUNTS)
        if request.method == "POST":
            done = invitations.take_back(row, by=request.user)  # type: ignore[arg-type]
            text = _("The invitation is taken back.") if done else _("This invitation is closed already.")
            self.message_user(request, text, "SUCCESS" if done else "ERROR")
            return HttpResponseRedirect(_list())
        return pages.ask(
            request,
            title=_("Take back the invitation to %(email)s?") % {"email": row.email},
            intro=_("Its link stops working at once."),
            form=forms.Form(),
            submit=_("Take back"),
            back=_list(),
            danger=True,
        )


def _list() -> str:
    return reverse("admin:portal_invitation_changelist")
