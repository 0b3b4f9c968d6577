"""What the server says to a board about keys, once; the board's next heartbeat asks again for what it lacks."""

import logging

from gates import controllers, key_wire, protocol
from gates.broker import BrokerError, publisher
from gates.models import Controller
from gates.protocol import Kind

log = logging.getLogger("gates")


def say(controller: Controller, word: str, session: str, uptime: int) -> None:
    """A word of ours that answers what a board said at `uptime`."""
    key = controllers.key_of(controller)
    send(controller, key_wire.encode_word(word, uptime, device=controller.device, key=key, session=session))


def send(controller: Controller, message: bytes) -> None:
    try:
        publisher.publish(protocol.topic(controller.device, Kind.CMD), message)
    except BrokerError as error:
        log.warning("%s: nothing was sent about keys: %s", controller.device, error)
