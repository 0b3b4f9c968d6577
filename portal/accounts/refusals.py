"""What a form of allauth says to who may not go on, in plain words, by allauth's code."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WRONG = _("The name or the password is wrong.")
TOO_MANY = _("Too many tries. Wait some minutes.")
OF_ACCOUNTS: dict[str, Any] = {
    "username_password_mismatch": WRONG,
    "email_password_mismatch": WRONG,
    "incorrect_password": _("The password is wrong."),
    "enter_current_password": _("This is not your password until now."),
    "incorrect_code": _("This code is wrong, or too old."),
    "too_many_login_attempts": TOO_MANY,
    "rate_limited": TOO_MANY,
    "duplicate_email": _("This is your e-mail already."),
    "same_as_current": _("This is your e-mail already."),
}
OF_SECOND_FACTORS: dict[str, Any] = {
    "incorrect_code": OF_ACCOUNTS["incorrect_code"],
    "cannot_generate_recovery_codes": _("Set up an app or a passkey first."),
}
