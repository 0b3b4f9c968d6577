"""Signing in as a browser does, without one."""

import re
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client
from django.urls import reverse

from premises.models import User
from tests.conftest import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def sign_in(client: Client, name: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(reverse("account_login"), {"login": name, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def with_app(user: User) -> Authenticator:
    """A second factor, set up before."""
    found: Authenticator = TOTP.activate(user, SECRET).instance
    return found


def app_code(secret: str = SECRET) -> str:
    """What the app shows now."""
    now = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret, now[len(now) // 2])))


def mailed(pattern: str) -> str:
    """What the last mail says."""
    found = re.search(pattern, str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]


def said(answer: Any) -> str:
    """The page as a person reads it, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
