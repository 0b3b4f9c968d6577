"""What `manage.py check --deploy` says of mail."""

from typing import Any

from django.conf import settings
from django.core.checks import Warning


def mail_can_be_sent(app_configs: Any, **_rest: Any) -> list[Warning]:
    """Codes, links and invitations need a mail server, and a sender that it accepts."""
    found = []
    if not settings.EMAIL_URL:
        hint = "Set EMAIL_URL (see docs/production.md). Until then nobody can be invited or sent a code."
        found.append(Warning("No mail can be sent.", hint=hint, id="portal.W001"))
    elif settings.DEFAULT_FROM_EMAIL.endswith("@localhost>"):
        hint = "Set EMAIL_FROM to an address that your mail server may send for."
        found.append(Warning("Mail has no sender of its own.", hint=hint, id="portal.W002"))
    return found
