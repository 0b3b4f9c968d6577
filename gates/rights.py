"""Who may say and hear what at the broker, as MQTT topic filters: boards, Home Assistants, and the server between them.

Whatever is not named here is refused, last wills included.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from gates import home_topics
from gates.dialects import DIALECTS
from gates.models import Controller, HomeAssistant

SPOKEN = ("status", "ack", "event")
HEARD = ("cmd",)


@dataclass(frozen=True)
class Rights:
    """What one user of the broker may publish on, and subscribe to."""

    user: str
    bcrypt: str
    pbkdf2: str
    says: list[str]
    hears: list[str]


def of_boards() -> list[Rights]:
    """Of every controller in service."""
    return [_of_board(each) for each in Controller.objects.filter(is_active=True).order_by("device")]


def of_homes() -> list[Rights]:
    """Of every Home Assistant that is announced to."""
    return [
        Rights(home.user, home.broker_bcrypt, home.broker_pbkdf2, home_topics.may_say(home), home_topics.may_hear(home))
        for home in HomeAssistant.objects.filter(announces=True).order_by("user")
    ]


def of_server() -> tuple[list[str], list[str]]:
    """What the server itself says and hears: the other end of all of them."""
    others = Controller.objects.filter(is_active=True, dialect__in=DIALECTS).order_by("device")
    boards = [(DIALECTS[each.dialect], each.board) for each in others]
    homes = list(HomeAssistant.objects.order_by("user"))
    says = [topic for dialect, board in boards for topic in dialect.may_hear(board)]
    hears = [topic for dialect, board in boards for topic in dialect.may_say(board)]
    return (
        _unique(["gates/#", *says, *home_topics.server_says(homes)]),
        _unique(["gates/#", *hears, *home_topics.server_hears(homes)]),
    )


def _of_board(controller: Controller) -> Rights:
    says, hears = _topics(controller)
    return Rights(controller.device, controller.broker_bcrypt, controller.broker_pbkdf2, says, hears)


def _topics(controller: Controller) -> tuple[list[str], list[str]]:
    if controller.is_signed:
        own = f"gates/{controller.device}"
        return [f"{own}/{kind}" for kind in SPOKEN], [f"{own}/{kind}" for kind in HEARD]
    dialect = DIALECTS[controller.dialect]
    return dialect.may_say(controller.board), dialect.may_hear(controller.board)


def _unique(topics: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(topics))
