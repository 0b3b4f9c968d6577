"""Forms of invitations."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from portal.accounts.allauth_forms import PASSWORD_RULE
from premises.models import User


class OwnPassword(forms.Form):
    """A password, twice, by the rules of the installation."""

    password1 = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password2 = forms.CharField(
        label=_("Password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, user: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password1"].help_text = PASSWORD_RULE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ."))
        elif first:
            self._check(first)
        return cleaned

    def _check(self, password: str) -> None:
        try:
            validate_password(password, self.user)
        except forms.ValidationError as problem:
            self.add_error("password1", problem)


class NewAccount(OwnPassword):
    """What an invited person says of themselves."""

    first_name = forms.CharField(
        label=_("First name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    field_order = ("first_name", "last_name", "password1", "password2")

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, user=User(username=email, email=email), **kwargs)

    def account(self) -> dict[str, str]:
        """What `accept_as_new` asks for."""
        said = self.cleaned_data
        return {"first_name": said["first_name"], "last_name": said["last_name"], "password": said["password1"]}
