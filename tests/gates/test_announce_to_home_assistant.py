"""Home Assistant finds the gates of a condominium by itself, is told what passes, and opens only where it may."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.utils import timezone

from gates import announcements, home_requests, home_topics, homes
from gates.announcements import ControllerSeen, GateSeen, Home
from gates.broker import publisher
from gates.heard import Heard
from gates.models import Controller, Gate, GateCommand, HomeAssistant
from gates.positions import Position
from premises.models import Condominium, JournalEntry, User
from tests.gates.boards import Watch
from tests.gates.dialects import make
from tests.gates.parts import Broker, Ears
from tests.gates.test_speak_for_oneself import Somebody, somebody

pytestmark = pytest.mark.django_db(transaction=True)

# The keys of the documentation: mqtt "MQTT Discovery", cover.mqtt, event.mqtt, binary_sensor.mqtt.
COMMON = {"name", "unique_id", "device", "origin", "availability", "availability_mode", "qos", "entity_category"}
KEYS = {
    "cover": COMMON
    | {
        "device_class",
        "state_topic",
        "command_topic",
        "payload_open",
        "payload_close",
        "payload_stop",
        "retain",
        "optimistic",
    },
    "event": COMMON | {"state_topic", "event_types", "device_class"},
    "binary_sensor": COMMON | {"device_class", "state_topic", "payload_on", "payload_off"},
}
DEVICE = {"identifiers", "name", "manufacturer", "model"}


def registered(condominium: Condominium, **more: Any) -> tuple[HomeAssistant, str]:
    home = HomeAssistant(condominium=condominium, user=f"ha-{condominium.slug}", **more)
    home.full_clean(exclude=["broker_bcrypt", "broker_pbkdf2"])
    return home, homes.register(home, by="tests")


def a_home(**more: Any) -> Home:
    usual: dict[str, Any] = {
        "condominium_id": 7,
        "name": "Acácias",
        "prefix": "homeassistant",
        "takes_commands": False,
        "gates": [GateSeen(3, "Portão", Position.CLOSED, True)],
        "controllers": [ControllerSeen(5, "Placa", True)],
        "lanes": [(9, "Entrada")],
    }
    return Home(**usual | more)


def configs(home: Home) -> dict[str, dict[str, Any]]:
    """By their topics."""
    found = announcements.retained(home)
    return {topic: json.loads(payload) for topic, payload in found.items() if topic.endswith("/config")}


# --- what is announced ----------------------------------------------------------------------------------


@pytest.mark.parametrize("takes_commands", [False, True])
def test_every_key_is_documented_and_every_id_unique(takes_commands: bool) -> None:
    found = configs(a_home(takes_commands=takes_commands))
    assert [topic.split("/")[1] for topic in found] == ["cover", "binary_sensor", "event"]
    for topic, config in found.items():
        assert set(config) <= KEYS[topic.split("/")[1]]
        assert set(config["device"]) <= DEVICE
        assert {"name", "unique_id", "device", "state_topic"} <= set(config)
    assert len({config["unique_id"] for config in found.values()}) == 3


def test_names_of_rows_change_and_ids_do_not() -> None:
    before, after = configs(a_home()), configs(a_home(gates=[GateSeen(3, "Outro nome", Position.OPEN, False)]))
    assert before.keys() == after.keys()
    [topic] = [each for each in before if "/cover/" in each]
    assert before[topic]["unique_id"] == after[topic]["unique_id"] == "cancela_7_gate_3"
    assert (before[topic]["name"], after[topic]["name"]) == ("Portão", "Outro nome")


def test_a_gate_is_shown_and_nothing_can_be_asked_of_it() -> None:
    [config] = [config for topic, config in configs(a_home()).items() if "/cover/" in topic]
    assert "command_topic" not in config
    assert config["device_class"] == "gate"
    assert [each["topic"] for each in config["availability"]] == ["cancela/status", "cancela/7/gate/3/availability"]


def test_where_it_may_be_asked_it_opens_and_never_closes() -> None:
    [config] = [config for topic, config in configs(a_home(takes_commands=True)).items() if "/cover/" in topic]
    assert config["command_topic"] == "cancela/7/gate/3/set"
    assert (config["payload_open"], config["payload_close"], config["payload_stop"]) == ("OPEN", None, None)
    assert (config["retain"], config["optimistic"]) == (False, False)


@pytest.mark.parametrize(
    ("position", "state"),
    [("open", b"open"), ("closed", b"closed"), ("unknown", b"None"), ("between", b"None"), ("fault", b"None")],
)
def test_a_gate_that_nobody_sees_is_unknown(position: str, state: bytes) -> None:
    home = a_home(gates=[GateSeen(3, "Portão", Position(position), None)])
    assert announcements.retained(home)["cancela/7/gate/3/state"] == state


@pytest.mark.parametrize(("online", "said"), [(True, b"online"), (False, b"offline"), (None, b"None")])
def test_a_controller_that_says_nothing_is_neither_there_nor_away(online: bool | None, said: bytes) -> None:
    found = announcements.retained(a_home(controllers=[ControllerSeen(5, "Placa", online)]))
    assert found["cancela/7/controller/5/status"] == said


def test_a_plate_is_told_only_where_that_is_wanted(condominium: Condominium, start: Callable[[], Broker]) -> None:
    home, _ = registered(condominium)
    broker = start()
    topic = announcements.passage_topic(condominium.pk, 9)
    with Watch(broker.port, site.MQTT_PASSWORD, (topic,)) as watch:
        homes.tell_passage(condominium.pk, 9, "open", "ABC1D23")
        watch.until(topic, b'{"event_type": "open"}')
        HomeAssistant.objects.filter(pk=home.pk).update(tells_plates=True)
        homes.tell_passage(condominium.pk, 9, "refuse", "ABC1D23")
        watch.until(topic, b'{"event_type": "refuse", "plate": "ABC1D23"}')
        assert [retained for _, _, retained in watch.seen] == [False, False]
    with Watch(broker.port, site.MQTT_PASSWORD, (topic,)) as later:
        publisher.publish(topic, b"{}")
        later.until(topic, b"{}")
        assert len(later.seen) == 1


def test_nobody_is_told_where_nobody_is_announced_to(condominium: Condominium, settings: Any) -> None:
    settings.MQTT_URL = "mqtt://cancela@127.0.0.1:1"
    homes.tell_passage(condominium.pk, 9, "open", "ABC1D23")
    registered(condominium)
    homes.tell_passage(condominium.pk, 9, "open", "ABC1D23")  # nor does a broker that is away keep anybody waiting


# --- what lies at the broker ----------------------------------------------------------------------------


def kept_for(broker: Broker, *homes_there: HomeAssistant) -> dict[str, bytes]:
    """What the broker keeps on the topics of these, as the server may hear it."""
    mark = f"cancela/{homes_there[0].condominium_id}/the/last/mark"
    with Watch(broker.port, site.MQTT_PASSWORD, tuple(home_topics.server_hears(homes_there))) as watch:
        publisher.publish(mark, b"")
        watch.until(mark, b"")
        return watch.kept()


def test_what_is_announced_lies_at_the_broker_and_is_taken_back(
    condominium: Condominium, start: Callable[[], Broker]
) -> None:
    gate, _, _ = make(condominium, "plain")
    home, password = registered(condominium)
    config = f"homeassistant/cover/cancela_{condominium.pk}/gate_{gate.pk}/config"
    broker = start()
    with Ears() as ears:
        ears.until(lambda: config in kept_for(broker, home), timeout=15)
        found, state = kept_for(broker, home), f"cancela/{condominium.pk}/gate/{gate.pk}"
        assert (found[f"{state}/state"], found[f"{state}/availability"]) == (b"None", b"online")
        with Watch(broker.port, password, (home_topics.STATUS,), home.user) as watch:
            watch.until(home_topics.STATUS, b"online")
        other = Gate.objects.create(condominium=condominium, name="Second")
        second = f"homeassistant/cover/cancela_{condominium.pk}/gate_{other.pk}/config"
        ears.until(lambda: second in kept_for(broker, home), timeout=15)
        other.delete()
        ears.until(lambda: second not in kept_for(broker, home), timeout=15)
    # Somebody else listens now, who never announced it; and it is switched off meanwhile.
    homes_off(home)
    with Ears() as ears:
        ears.until(lambda: not kept_for(broker, home), timeout=15)


def homes_off(home: HomeAssistant) -> None:
    home.announces = False
    homes.adjust(home, by="tests", fields=["announces"])


def test_a_request_that_was_retained_is_wiped_out_and_opens_nothing(
    condominium: Condominium, start: Callable[[], Broker]
) -> None:
    gate, _, _ = make(condominium, "plain")
    home, password = registered(condominium, takes_commands=True)
    broker = start()
    topic = f"cancela/{condominium.pk}/gate/{gate.pk}/set"
    with somebody(broker.port, home.user, password) as one:
        one.client.publish(topic, b"OPEN", qos=1, retain=True).wait_for_publish(2)
    assert topic in kept_for(broker, home)
    with Ears() as ears:
        ears.until(lambda: kept_for(broker, home) and topic not in kept_for(broker, home), timeout=15)
    assert GateCommand.objects.count() == 0


def test_it_hears_its_own_condominium_and_no_other(
    condominium: Condominium, elsewhere: Condominium, start: Callable[[], Broker]
) -> None:
    gate, _, _ = make(condominium, "plain")
    home, password = registered(condominium)
    other, _ = registered(elsewhere, prefix="theirs")
    theirs = Gate.objects.create(condominium=elsewhere, name="Their secret gate")
    broker = start()
    with Ears() as ears, somebody(broker.port, home.user, password) as one:
        for topic in ("homeassistant/#", f"cancela/{condominium.pk}/#", "cancela/#", "theirs/#", "#"):
            one.subscribe(topic)
        ears.until(lambda: f"homeassistant/cover/cancela_{condominium.pk}/gate_{gate.pk}/config" in one.received, 15)
        ears.until(
            lambda: f"theirs/cover/cancela_{elsewhere.pk}/gate_{theirs.pk}/config" in kept_for(broker, other), 15
        )
        assert [topic for topic in one.received if f"/{elsewhere.pk}/" in topic or "theirs" in topic] == []


@pytest.mark.parametrize("takes_commands", [False, True])
def test_it_asks_only_where_the_broker_lets_it(
    takes_commands: bool, condominium: Condominium, start: Callable[[], Broker]
) -> None:
    gate, _, _ = make(condominium, "plain")
    home, password = registered(condominium, takes_commands=takes_commands)
    broker = start()
    with Ears() as ears, somebody(broker.port, home.user, password) as one:
        ears.until(lambda: kept_for(broker, home), timeout=15)
        ask(one, f"cancela/{condominium.pk}/gate/{gate.pk}/set")
        ask(one, f"cancela/{condominium.pk}/gate/{gate.pk}/state")
        ask(one, f"homeassistant/cover/cancela_{condominium.pk}/gate_{gate.pk}/config")
        if takes_commands:
            ears.until(lambda: GateCommand.objects.exists(), timeout=10)
        assert b"OPEN" not in kept_for(broker, home).values()
    assert GateCommand.objects.count() == int(takes_commands)


def ask(one: Somebody, topic: str) -> None:
    one.client.publish(topic, b"OPEN", qos=1).wait_for_publish(2)


# --- what it asks for -----------------------------------------------------------------------------------


def asked(gate: Gate, payload: bytes = b"OPEN", **how: Any) -> None:
    condominium_id = how.pop("condominium_id", gate.condominium_id)
    topic = f"cancela/{condominium_id}/gate/{gate.pk}/set"
    home_requests.take_in(Heard(topic, payload, how.pop("retained", False), **how))


@pytest.fixture
def gate(condominium: Condominium, settings: Any) -> Gate:
    settings.MQTT_URL = "mqtt://cancela@127.0.0.1:1"
    return make(condominium, "plain")[0]


def test_an_opening_that_it_asked_for_is_an_opening_like_any_other(gate: Gate) -> None:
    registered(gate.condominium, takes_commands=True)
    asked(gate)
    command = GateCommand.objects.get()
    assert (command.requested_by_name, command.reason) == (
        f"Home Assistant (ha-{gate.condominium.slug})",
        "Asked for in Home Assistant",
    )
    entry = JournalEntry.objects.get(action="gate.requested")
    assert entry.actor == command.requested_by_name


def test_the_kill_switch_holds_for_it_too(gate: Gate) -> None:
    registered(gate.condominium, takes_commands=True)
    Gate.objects.update(on_hold=True)
    asked(gate)
    assert GateCommand.objects.get().problem == "on_hold"


def test_it_opens_nothing_unless_it_was_allowed(gate: Gate) -> None:
    home, _ = registered(gate.condominium)
    asked(gate)
    home.refresh_from_db()
    assert (GateCommand.objects.count(), home.last_problem) == (0, "Main gate: asked to open, which is not allowed")


def test_it_opens_nothing_while_the_condominium_is_locked_down(gate: Gate) -> None:
    home, _ = registered(gate.condominium, takes_commands=True)
    Condominium.objects.update(locked_down=True)
    asked(gate)
    home.refresh_from_db()
    assert (GateCommand.objects.count(), "locked down" in home.last_problem) == (0, True)


@pytest.mark.parametrize("payload", [b"CLOSE", b"STOP", b"", b"open", b"OPEN ", b"\xff"])
def test_it_is_asked_to_open_and_nothing_else(payload: bytes, gate: Gate) -> None:
    registered(gate.condominium, takes_commands=True)
    asked(gate, payload)
    assert GateCommand.objects.count() == 0


def test_what_the_broker_kept_is_no_wish(gate: Gate) -> None:
    registered(gate.condominium, takes_commands=True)
    asked(gate, retained=True)
    assert GateCommand.objects.count() == 0


def test_it_opens_no_gate_of_another_condominium(gate: Gate, elsewhere: Condominium) -> None:
    registered(elsewhere, takes_commands=True)
    asked(gate)
    asked(gate, condominium_id=elsewhere.pk)
    assert GateCommand.objects.count() == 0


def test_it_is_not_heard_more_often_than_people_would_ask(gate: Gate) -> None:
    home, _ = registered(gate.condominium, takes_commands=True)
    for _ in range(5):
        asked(gate)
    assert GateCommand.objects.count() == 1
    others = [Gate.objects.create(condominium=gate.condominium, name=f"Gate {number}") for number in range(8)]
    for other in others:
        asked(other)
    home.refresh_from_db()
    assert (GateCommand.objects.count(), "too often" in home.last_problem) == (6, True)
    asked(gate, at=timezone.now() + timedelta(seconds=61))
    assert GateCommand.objects.count() == 7


def test_what_is_done_to_it_is_in_the_journal(condominium: Condominium, alice: User) -> None:
    home = HomeAssistant(condominium=condominium, user="ha-1")
    first = homes.register(home, by=alice)
    second = homes.renew(home, by=alice)
    homes.adjust(home, by=alice, fields=["announces"])
    assert first != second
    entries = JournalEntry.objects.filter(action__startswith="homeassistant.").order_by("sequence")
    assert [entry.action for entry in entries] == [
        "homeassistant.added",
        "homeassistant.renewed",
        "homeassistant.changed",
    ]
    assert first not in json.dumps([entry.data for entry in entries])
    assert Controller.objects.count() == 0
