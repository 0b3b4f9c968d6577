"""Forms by which a manager lets somebody in: a new account, or one that exists."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.password_validation import validate_password
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from premises.models import Membership, User
from premises.roles import Role
from premises.tenant_forms import TenantForm


def is_kept_in(user: User, condominium_ids: Collection[int]) -> bool:
    """Whether all that an account may do lies in these condominiums, so that who keeps them may keep it."""
    if user.is_superuser or user.is_staff:
        return False
    member_of = set(Membership.objects.filter(user=user).values_list("condominium_id", flat=True))
    return bool(member_of) and member_of <= set(condominium_ids)


class NewMember(TenantForm):
    """A role for a user named by e-mail or user name, who gets an account where there is none.

    An account that others keep is not taken over: whoever made it may know its password still.
    """

    # Set for each request: the condominiums whose accounts the asker keeps; None for who keeps all of them.
    kept: Collection[int] | None = frozenset()

    account = forms.CharField(label=_("e-mail or user name"), max_length=150, widget=UnfoldAdminTextInputWidget)
    first_name = forms.CharField(
        label=_("first name"), max_length=150, required=False, widget=UnfoldAdminTextInputWidget
    )
    last_name = forms.CharField(label=_("last name"), max_length=150, required=False, widget=UnfoldAdminTextInputWidget)
    password = forms.CharField(
        label=_("first password"),
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "For a new account, where there is no e-mail to invite to. Leave it empty where the person already has one."
        ),
    )

    class Meta:
        model = Membership
        fields = ("condominium", "role", "person")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nobody is made a manager by not looking.
        self.fields["role"].initial = Role.GUARD

    def clean_account(self) -> str:
        account: str = self.cleaned_data["account"].strip()
        User.username_validator(account)
        if "@" in account:
            validate_email(account)
        return account

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if account := cleaned.get("account"):
            self._settle(account, cleaned)
        return cleaned

    def _settle(self, account: str, cleaned: dict[str, Any]) -> None:
        """Set the membership's user: the account of that name, or a new one that is saved with it."""
        found = User.objects.filter(Q(username__iexact=account) | Q(email__iexact=account)).first()
        if found is None:
            self.instance.user = self._new_user(account, cleaned)
        elif self.kept is not None and not is_kept_in(found, self.kept):
            self.add_error("account", _("This name is taken. Choose another, or ask who runs this installation."))
        elif cleaned.get("password"):
            self.add_error("password", _("This person already has an account. Leave the password empty."))
        else:
            self.instance.user = found

    def _new_user(self, account: str, cleaned: dict[str, Any]) -> User:
        user = User(
            username=account,
            email=account if "@" in account else "",
            first_name=cleaned.get("first_name", ""),
            last_name=cleaned.get("last_name", ""),
        )
        self._set_password(user, cleaned.get("password") or "")
        return user

    def _set_password(self, user: User, password: str) -> None:
        if not password:
            self.add_error("password", _("A new account needs a first password."))
            return
        try:
            validate_password(password, user)
        except forms.ValidationError as problem:
            self.add_error("password", problem)
        user.set_password(password)

    def _get_validation_exclusions(self) -> set[str]:
        # Not on the form, but known: so that a second membership of one role is refused, not tried.
        known = {"user"} if self.instance.user_id is not None else set()
        return super()._get_validation_exclusions() - known

    def save(self, commit: bool = True) -> Membership:
        if self.instance.user.pk is None:
            self.instance.user.save()
            self.instance.user_id = self.instance.user.pk
        membership: Membership = super().save(commit)
        return membership


class NewPassword(SetPasswordForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("new_password1", "new_password2"):
            self.fields[name].widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})
