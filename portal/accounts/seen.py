"""When a session began, known without a query."""

import time
from typing import Any

from django.http import HttpRequest

KEY = "seen_at"


def begun(sender: Any, request: HttpRequest, **_rest: Any) -> None:
    """The sign-in itself is written down by allauth."""
    request.session[KEY] = time.time()
