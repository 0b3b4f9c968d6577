"""The pages of sign-in and account, by name."""

ACCOUNT_PAGES = (
    "account_home",
    "account_email",
    "account_change_password",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "usersessions_list",
)
ENTRANCES = ("account_login", "account_request_login_code", "account_reset_password", "account_signup")
