"""Where a session was seen last. Written now and then: a page that only reads shall not have to write each time."""

import time

from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from portal.accounts.seen import KEY

NOTED_EVERY_SECONDS = 300


def note(request: HttpRequest) -> None:
    """Write down address and browser of the request's session, where that was not done lately."""
    if time.time() - request.session.get(KEY, 0) < NOTED_EVERY_SECONDS or not request.session.session_key:
        return
    request.session[KEY] = time.time()
    UserSession.objects.create_from_request(request)
