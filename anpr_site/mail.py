"""Where mail goes, from one address: EMAIL_URL.

smtp+tls://user:password@mail.example.org:587    STARTTLS, as most providers want it
smtps://user:password@mail.example.org:465       TLS from the first byte
smtp://127.0.0.1:25                              a relay on this machine, without TLS
file:///var/lib/cancela/mail                     a folder, for demonstrations
"""

from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BACKENDS = "django.core.mail.backends"
# Scheme, and the port and kind of TLS that it means.
SMTP: dict[str, tuple[int, bool, bool]] = {
    "smtp": (25, False, False),
    "smtp+tls": (587, True, False),
    "smtps": (465, False, True),
}
# A mail server that hangs shall not hang whoever waits for the page.
TIMEOUT_SECONDS = 10


def mail_settings(url: str) -> dict[str, Any]:
    """Django's settings for this address; an empty one means that no mail can be sent, and says so when one is."""
    if not url:
        return {"EMAIL_BACKEND": "portal.accounts.mail.NoMail"}
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path:
        return {"EMAIL_BACKEND": f"{BACKENDS}.filebased.EmailBackend", "EMAIL_FILE_PATH": unquote(parts.path)}
    if parts.scheme in SMTP and parts.hostname:
        return _smtp(parts)
    raise ImproperlyConfigured("EMAIL_URL is not understood; write smtp+tls://user:password@host:587 or the like")


def _smtp(parts: SplitResult) -> dict[str, Any]:
    port, starttls, tls = SMTP[parts.scheme]
    return {
        "EMAIL_BACKEND": f"{BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": starttls,
        "EMAIL_USE_SSL": tls,
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }
