"""A tag or code that was presented while the server is heard: the registry decides, the board is told."""

import logging

from django.utils import timezone

from gates import controllers, key_lists, key_post, key_wire
from gates.key_book import book
from gates.models import Controller
from gates.protocol import Event

log = logging.getLogger("gates")

# Who stood there so long ago may stand there no more.
FRESH_MS = 5000


def take_in(controller: Controller, event: Event) -> None:
    """Decide a key that a board tells of. The event is signed, and news."""
    read = key_wire.parse_read(event)
    if controllers.uptime_at(controller, timezone.now()) - read.uptime > FRESH_MS:
        log.warning("%s: a key was presented too long ago; ignored", controller.device)
        return
    known = key_lists.key_of(controller, read.digest)
    word = "granted" if book().decide(controller, known.ref if known else None, read) else "refused"
    key_post.say(controller, word, event.session, event.uptime)
