"""Admin pages of accounts: memberships, API clients, and the users themselves."""

from typing import Any

from django import forms
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from premises import clients, journal, pages, second_factors
from premises.grants import grants
from premises.member_forms import NewMember, NewPassword, is_kept_in
from premises.models import ApiClient, Membership, User
from premises.roles import Permission
from premises.tenant_admin import TenantAdmin
from premises.tenant_forms import NamedFieldsFormSet, TenantForm
from premises.theme import action, display


class MembershipAdmin(TenantAdmin):
    """Who may do what here. A manager never sees or touches anything else of a user."""

    list_display = ("user_name", "full_name", "role_label", "person", "last_login")
    list_filter = ("role",)
    list_select_related = ("user", "person")
    search_fields = ("user__username", "user__first_name", "user__last_name", "user__email", "person__name")
    autocomplete_fields = ("person",)
    fields = ("user_name", "role", "person")
    add_fieldsets = ((None, {"fields": ("account", ("first_name", "last_name"), "password", "role", "person")}),)
    actions_list = ("invite",)
    actions_detail = ("new_password", "second_factor_lost")

    @display(description=_("user"), ordering="user__username")
    def user_name(self, row: Membership) -> str:
        return row.user.get_username()

    @display(description=_("name"), ordering="user__first_name")
    def full_name(self, row: Membership) -> str:
        return row.user.get_full_name()

    @display(description=_("role"), ordering="role", label=True)
    def role_label(self, row: Membership) -> str:
        return row.get_role_display()

    @display(description=_("last sign-in"), ordering="user__last_login")
    def last_login(self, row: Membership) -> Any:
        return row.user.last_login

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewMember
        form = super().get_form(request, obj, change=change, **kwargs)
        form.kept = None if is_superuser(request) else grants(request).of(Permission.CHANGE_ACCOUNTS)
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["user_name"] if obj else [])]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Nobody ends the own membership: the last manager would lock everybody out.
        return super().has_delete_permission(request, obj) and not _is_own(request, obj)

    def has_new_password_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, Permission.CHANGE_ACCOUNTS)

    @action(description=_("New password"), icon="key", permissions=["new_password"])
    def new_password(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: Membership = self.fetch(request, object_id, Permission.CHANGE_ACCOUNTS)
        back = reverse("admin:premises_membership_change", args=[row.pk])
        if not _belongs_here(request, row.user):
            self.message_user(request, _("This account is not yours to change."), "ERROR")
            return HttpResponseRedirect(back)
        form = NewPassword(row.user, request.POST or None)
        if form.is_valid():
            form.save()
            self.note(request, row, "password_set", {})
            self.message_user(request, _("The new password is set."), "SUCCESS")
            return HttpResponseRedirect(back)
        title = _("New password for %(user)s") % {"user": row.user}
        return pages.ask(request, title=title, form=form, submit=_("Set password"), back=back)

    def has_invite_permission(self, request: HttpRequest) -> bool:
        return self.may(request, Permission.CHANGE_ACCOUNTS)

    @action(description=_("Invite…"), icon="mail", permissions=["invite"])
    def invite(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:portal_invitation_add"))

    @action(description=_("Second factor lost…"), icon="phonelink_erase", permissions=["new_password"])
    def second_factor_lost(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: Membership = self.fetch(request, object_id, Permission.CHANGE_ACCOUNTS)
        back = reverse("admin:premises_membership_change", args=[row.pk])
        if not (is_superuser(request) or _belongs_here(request, row.user)):
            self.message_user(request, _("This account is not yours to change."), "ERROR")
            return HttpResponseRedirect(back)
        if request.method == "POST":
            self.note(request, row, "second_factor_removed", {"number": second_factors.forget(row.user)})
            self.message_user(request, _("The second factors are removed."), "SUCCESS")
            return HttpResponseRedirect(back)
        return pages.ask(
            request,
            title=_("Remove the second factors of %(user)s?") % {"user": row.user},
            intro=_("Make sure first that it is really they who ask. Then the password alone lets them in."),
            form=forms.Form(),
            submit=_("Remove"),
            back=back,
            danger=True,
        )


def _is_own(request: HttpRequest, row: Any) -> bool:
    return isinstance(row, Membership) and row.user_id == request.user.pk


def _belongs_here(request: HttpRequest, user: User) -> bool:
    """Whether everything that the account may do lies in condominiums whose accounts the asker keeps."""
    return user.pk != request.user.pk and is_kept_in(user, grants(request).of(Permission.CHANGE_ACCOUNTS))


class ApiClientForm(TenantForm):
    scopes = forms.MultipleChoiceField(
        label=_("may do"), choices=Permission.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )


class ApiClientAdmin(TenantAdmin):
    form = ApiClientForm
    list_display = ("name", "prefix", "words", "is_active", "last_used_at")
    fields = ("name", "is_active", "scopes", "prefix", "last_used_at")
    readonly_fields = ("prefix", "last_used_at")
    search_fields = ("name", "prefix")
    actions_detail = ("renew",)

    @display(description=_("may do"))
    def words(self, row: ApiClient) -> str:
        known = dict(Permission.choices)
        return ", ".join(str(known.get(scope, scope)) for scope in row.scopes)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.shown_token = clients.renew_token(obj)
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return self._show_token(request, obj, obj.shown_token)

    def has_renew_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, Permission.CHANGE_ACCOUNTS)

    @action(description=_("New token"), icon="key", permissions=["renew"])
    def renew(self, request: HttpRequest, object_id: str) -> HttpResponse:
        client = self.fetch(request, object_id, Permission.CHANGE_ACCOUNTS)
        if request.method == "POST":
            token = clients.renew_token(client)
            self.note(request, client, "renewed", {})
            return self._show_token(request, client, token)
        return pages.ask(
            request,
            title=_("New token for %(client)s") % {"client": client},
            intro=_("The old token stops working at once."),
            form=forms.Form(),
            submit=_("Make a new token"),
            back=reverse("admin:premises_apiclient_change", args=[client.pk]),
            danger=True,
        )

    def _show_token(self, request: HttpRequest, client: ApiClient, token: str) -> HttpResponse:
        return pages.show_once(
            request,
            title=_("Token of %(client)s") % {"client": client},
            intro=_("The program sends it with every request, in the header “Authorization: Token …”."),
            values=[(_("token"), token)],
            back=reverse("admin:premises_apiclient_changelist"),
        )


class SuperuserOnly:
    """A page for who keeps the installation, not for who keeps a condominium."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_superuser(request)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


def is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


class MembershipInline(SuperuserOnly, TabularInline):  # type: ignore[misc]
    model = Membership
    formset = NamedFieldsFormSet
    fields = ("condominium", "role")
    extra = 0


class UserAdmin(SuperuserOnly, DjangoUserAdmin, ModelAdmin):  # type: ignore[misc, type-arg]
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "first_name", "last_name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    list_fullwidth = True
    show_full_result_count = False
    filter_horizontal = ()
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": (("first_name", "last_name"), "email")}),
        (_("Rights"), {"fields": ("is_active", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Memberships that the owner gives or ends are written into the journals of their condominiums."""
        super().save_formset(request, form, formset, change)
        changed = [row for row, _fields in formset.changed_objects]
        for verb, rows in (("added", formset.new_objects), ("changed", changed), ("deleted", formset.deleted_objects)):
            for row in rows:
                journal.record(row.condominium_id, f"membership.{verb}", actor=request.user, subject=str(row))  # type: ignore[arg-type]
