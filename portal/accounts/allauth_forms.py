"""Forms of allauth with plain labels: a placeholder that repeats the label is left out, or is the label."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Any] = {
    "login": _("E-mail or user name"),
    "email": _("E-mail"),
    "password": _("Password"),
    "oldpassword": _("Password until now"),
    "password1": _("New password"),
    "password2": _("New password again"),
    "code": _("Code"),
    "name": _("What shall it be called?"),
}


# In a line what the four validators of the settings say in a paragraph; what is wrong they say themselves.
PASSWORD_RULE = _("At least 8 characters; not your name, not only digits, nothing that many people use.")


class Plain:
    """Mixed into a form: our labels, no placeholders."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = PASSWORD_RULE
        if "code" in self.fields:
            self.fields["code"].widget.attrs |= {"autocapitalize": "off", "spellcheck": "false"}


class Login(Plain, account.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "off"}


class RequestLoginCode(Plain, account.RequestLoginCodeForm):  # type: ignore[misc]
    pass


class ConfirmLoginCode(Plain, account.ConfirmLoginCodeForm):  # type: ignore[misc]
    pass


class ResetPassword(Plain, account.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKey(Plain, account.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ChangePassword(Plain, account.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPassword(Plain, account.SetPasswordForm):  # type: ignore[misc]
    pass


class AddEmail(Plain, account.AddEmailForm):  # type: ignore[misc]
    pass


class ChangeEmail(Plain, account.ChangeEmailForm):  # type: ignore[misc]
    pass


class Reauthenticate(Plain, account.ReauthenticateForm):  # type: ignore[misc]
    pass


class Authenticate(Plain, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateByCode(Plain, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateApp(Plain, ActivateTOTPForm):  # type: ignore[misc]
    pass


class AddPasskey(Plain, AddWebAuthnForm):  # type: ignore[misc]
    """A key is always made so that it can sign in alone: one kind less to choose from."""

    passwordless = forms.BooleanField(widget=forms.HiddenInput, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("For example: phone, office computer.")


class RenamePasskey(Plain, EditWebAuthnForm):  # type: ignore[misc]
    pass
