"""No two boards share a topic, none speaks on ours, and the broker holds each to its own."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from gates import broker_config, controllers, rights, turns
from gates.broker import publisher
from gates.controllers import Credentials
from gates.models import Controller, Gate, HomeAssistant
from premises.models import Condominium
from tests.gates.boards import Watch
from tests.gates.dialects import SPEAKS, make
from tests.gates.parts import Broker
from tests.gates.test_speak_for_oneself import somebody
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


# --- names ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "+",
        "#",
        "a/#",
        "a/+/b",
        "$SYS/x",
        "/a",
        "a/",
        "a//b",
        "a.b",
        "with space",
        "é",
        "a\n",
        "x" * 121,
        "a/b/c/d/e/f/g",
    ],
)
@pytest.mark.parametrize("dialect", ["plain", "cover", "tasmota"])
def test_a_topic_is_nothing_that_a_broker_reads_as_syntax(dialect: str, topic: str, condominium: Condominium) -> None:
    with pytest.raises(ValidationError):
        make(condominium, dialect, topic=topic)


@pytest.mark.parametrize(
    ("dialect", "topic"),
    [
        ("plain", "gates/board-1/cmd"),
        ("plain", "gates"),
        ("cover", "cancela/1"),
        ("cover", "homeassistant"),
        ("plain", "homeassistant/status"),
        ("plain", "cmnd"),
        ("tasmota", "tasmotas"),
        ("shelly1", "command"),
        ("esphome", "stat"),
        ("shelly2", "shellies"),
    ],
)
def test_a_topic_that_is_ours_or_of_all_boards_is_refused(dialect: str, topic: str, condominium: Condominium) -> None:
    with pytest.raises(ValidationError, match="not for one board alone"):
        make(condominium, dialect, topic=topic)


def test_a_topic_below_a_home_assistants_prefix_is_refused(condominium: Condominium) -> None:
    HomeAssistant.objects.create(condominium=condominium, user="ha-1", prefix="casa")
    with pytest.raises(ValidationError, match="not for one board alone"):
        make(condominium, "plain", topic="casa/portao")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("plain", "portao"), ("plain", "portao")),
        (("plain", "portao"), ("plain", "portao/abrir")),
        (("tasmota", "sonoff"), ("plain", "cmnd/sonoff/POWER")),
        (("shelly1", "shelly1-A"), ("cover", "shellies/shelly1-A/relay/0")),
        (("esphome", "portaria"), ("shelly2", "portaria")),
        (("cover", "casa/portao"), ("esphome", "casa")),
    ],
)
def test_two_boards_share_no_topic(
    first: tuple[str, str], second: tuple[str, str], condominium: Condominium, elsewhere: Condominium
) -> None:
    """Not even those of two condominiums, who share a broker; and neither learns whose the other is."""
    for one, other in ((first, second), (second, first)):
        Gate.objects.all().delete()
        Controller.objects.all().delete()
        make(condominium, one[0], topic=one[1])
        with pytest.raises(ValidationError) as refused:
            controllers.register(elsewhere, "Theirs", "theirs", dialect=other[0], topic=other[1])
        assert refused.value.messages == ["Another controller uses this topic, or one above or below it."]


def test_a_status_topic_is_a_boards_own_too(condominium: Condominium, elsewhere: Condominium) -> None:
    make(condominium, "plain", status_topic="portao/vivo")
    with pytest.raises(ValidationError, match="Another controller"):
        controllers.register(elsewhere, "Theirs", "theirs", dialect="plain", topic="x", status_topic="portao/vivo")
    with pytest.raises(ValidationError, match="Letters, digits"):
        controllers.register(elsewhere, "Theirs", "theirs", dialect="plain", topic="x", status_topic="#")


def test_a_neighbour_with_a_longer_name_is_no_collision(condominium: Condominium) -> None:
    make(condominium, "plain", topic="portao")
    controllers.register(condominium, "Other", "other", dialect="plain", topic="portao2")


@pytest.mark.parametrize(("dialect", "last"), [("plain", 1), ("cover", 1), ("shelly1", 4), ("tasmota", 8)])
def test_a_gate_is_on_a_relay_that_such_a_board_can_have(dialect: str, last: int, condominium: Condominium) -> None:
    gate, _, _ = make(condominium, dialect)
    gate.relay = last
    gate.full_clean()
    gate.relay = last + 1
    with pytest.raises(ValidationError) as refused:
        gate.full_clean()
    assert "relay" in refused.value.message_dict


# --- rights ---------------------------------------------------------------------------------------------


def test_an_own_board_has_the_rights_that_it_had(condominium: Condominium) -> None:
    controllers.register(condominium, "One", "board-1")
    [board] = rights.of_boards()
    own = "gates/board-1"
    assert (board.says, board.hears) == ([f"{own}/status", f"{own}/ack", f"{own}/event"], [f"{own}/cmd"])
    assert rights.of_server() == (["gates/#"], ["gates/#"])


def test_a_board_out_of_service_has_none(condominium: Condominium) -> None:
    _, controller, _ = make(condominium, "tasmota")
    controllers.revoke(controller)
    assert rights.of_boards() == []
    assert rights.of_server() == (["gates/#"], ["gates/#"])


def test_nats_reads_subjects(condominium: Condominium, settings: Any, tmp_path: Path) -> None:
    make(condominium, "tasmota")
    users = json.loads(broker_config.nats_text(tmp_path))["authorization"]["users"]
    assert users[1]["permissions"] == {
        "publish": [
            "stat.tasmota_9CF9D1", "stat.tasmota_9CF9D1.>", "tele.tasmota_9CF9D1", "tele.tasmota_9CF9D1.>",
            "cmnd.tasmota_9CF9D1.POWER",
        ],
        "subscribe": ["cmnd.tasmota_9CF9D1", "cmnd.tasmota_9CF9D1.>", "$MQTT.sub.>"],
    }  # fmt: skip


def test_the_server_never_hears_more_than_its_boards_say(condominium: Condominium) -> None:
    for dialect in SPEAKS:
        make(condominium, dialect)
    says, hears = rights.of_server()
    assert [topic for topic in says + hears if topic.startswith(("#", "+", "$"))] == []


FOREIGN = {
    "plain": ["portao/abrir", "tele/tasmota_9CF9D1/LWT", "gates/board-1/status"],
    "tasmota": ["cmnd/tasmota_9CF9D1/Backlog0", "portao/abrir", "shellies/shelly1-ABC123/relay/0"],
    "shelly1": ["shellies/shelly1-ABC123/relay/0/command", "stat/tasmota_9CF9D1/POWER"],
    "shelly2": ["shellyplus1-a8032abe54dc/rpc", "portaria/status"],
    "esphome": ["portaria/switch/relay_1/command", "portao/vivo"],
    "cover": ["garagem/portao/set", "portaria/cover/gate_1/state"],
}
OWN = {
    "plain": "portao/vivo",
    "tasmota": "stat/tasmota_9CF9D1/POWER",
    "shelly1": "shellies/shelly1-ABC123/relay/0",
    "shelly2": "shellyplus1-a8032abe54dc/events/rpc",
    "esphome": "portaria/switch/relay_1/state",
    "cover": "garagem/portao/state",
}


def test_each_board_says_what_is_its_own_and_no_more(condominium: Condominium, start: Callable[[], Broker]) -> None:
    """Messages and last wills alike, at either broker."""
    more: dict[str, Any] = {"plain": {"status_topic": "portao/vivo"}}
    boards = {dialect: make(condominium, dialect, **more.get(dialect, {})) for dialect in SPEAKS}
    broker = start()
    seen: list[tuple[str, bytes, bool]] = []
    with ExitStack() as watches:
        watches.enter_context(Watch(broker.port, _password(), tuple(rights.of_server()[1]), seen=seen))
        for _, controller, credentials in boards.values():
            hears = tuple(rights._topics(controller)[1])
            watches.enter_context(Watch(broker.port, credentials.password, hears, controller.device, seen))
        for dialect, (_, controller, credentials) in boards.items():
            _intrude(broker.port, controller, credentials, FOREIGN[dialect])
            with somebody(broker.port, controller.device, credentials.password) as one:
                one.publish(OWN[dialect])
                wait_for(lambda own=OWN[dialect]: own in [topic for topic, _, _ in seen])  # type: ignore[misc]
    assert sorted({topic for topic, _, _ in seen}) == sorted(OWN.values())


def _intrude(port: int, controller: Controller, credentials: Credentials, topics: list[str]) -> None:
    for topic in topics:
        with somebody(port, controller.device, credentials.password, will=topic) as one:
            one.publish(topic)
            one.vanish()
            wait_for(one.closed.is_set)


def test_each_board_hears_what_is_its_own_and_no_more(condominium: Condominium, start: Callable[[], Broker]) -> None:
    boards = {dialect: make(condominium, dialect) for dialect in SPEAKS}
    broker = start()
    for dialect, (gate, controller, credentials) in boards.items():
        with somebody(broker.port, controller.device, credentials.password) as one:
            one.subscribe("#")
            for _, other, _ in boards.values():
                for topic in rights._topics(other)[1]:
                    one.subscribe(topic)
            for other_gate, other, _ in boards.values():
                if other.pk != controller.pk:
                    publisher.publish(_opens(other, other_gate), b"not for you")
            publisher.publish(_opens(controller, gate), b"{}")
            wait_for(lambda one=one: one.received)  # type: ignore[misc]
            assert set(one.received) == {_opens(controller, gate)}, dialect


def _opens(controller: Controller, gate: Gate) -> str:
    return turns.pulse_of(controller, gate, "", 100).start.topic


def _password() -> str:
    return str(settings.MQTT_PASSWORD)
