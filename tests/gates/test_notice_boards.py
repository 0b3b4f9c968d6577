"""Whether a board of another make is there: as its broker and its own words tell."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from gates import controllers
from gates.commands import request_open
from gates.models import Controller
from gates.shown import controller_label
from premises.models import Condominium
from tests.gates.boards import (
    PlainBoardWithStatus,
)
from tests.gates.dialects import Registered, at_broker, make, until_there
from tests.gates.parts import Broker, Ears
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_a_board_that_says_nothing_nobody_pretends_to_know(condominium: Condominium) -> None:
    gate, controller, _ = make(condominium, "plain")
    assert controllers.presence(controller) is None
    assert controller_label(controller)[0] == "unknown"
    assert not controllers.is_away(controller)
    controller.opens_unheard = False
    controller.save()
    assert controllers.is_away(controller)
    command = request_open(gate, by="cancela", reason="registered")
    command.refresh_from_db()
    assert (command.state, command.problem) == ("failed", "controller_offline")


def test_a_plain_board_with_a_last_will_is_known_to_be_there(
    condominium: Condominium, start: Callable[[], Broker]
) -> None:
    registered = gate, controller, _ = make(condominium, "plain", status_topic="portao/abrir-status")
    broker = start()
    with Ears() as ears, at_broker(registered, broker.port, kind=PlainBoardWithStatus) as board:
        until_there(ears, controller)
        board.vanish()
        ears.until(lambda: not Controller.objects.get().online, timeout=10)
    assert request_open(gate, by="cancela", reason="registered").problem == "controller_offline"


def test_who_listens_first_afterwards_learns_who_is_there(
    condominium: Condominium, start: Callable[[], Broker]
) -> None:
    registered = _, controller, _ = make(condominium, "tasmota")
    broker = start()
    with at_broker(registered, broker.port), Ears() as ears:
        until_there(ears, controller)
        assert controller.heard_at is None or controller.vouched_at is not None


def test_while_we_do_not_hear_the_broker_nobody_is_there(condominium: Condominium) -> None:
    _, controller, _ = make(condominium, "tasmota")
    now = timezone.now()
    Controller.objects.update(online=True, vouched_at=now)
    controller.refresh_from_db()
    assert controllers.is_online(controller, now + timedelta(seconds=10))
    assert not controllers.is_online(controller, now + timedelta(seconds=11))
    assert controllers.mark_silent(now + timedelta(hours=1)) == 0


def test_a_board_registered_meanwhile_is_listened_to(condominium: Condominium, start: Callable[[], Broker]) -> None:
    make(condominium, "tasmota")
    broker = start()
    with Ears() as ears:
        ears.until(lambda: ears.listener._boards._granted, timeout=15)
        registered = _, controller, _ = make(condominium, "cover")
        broker.reload()
        wait_for(lambda: _comes_in(registered, broker.port), timeout=30)
        with at_broker(registered, broker.port):
            until_there(ears, controller)


def _comes_in(registered: Registered, port: int) -> bool:
    try:
        with at_broker(registered, port):
            return True
    except AssertionError:
        return False
