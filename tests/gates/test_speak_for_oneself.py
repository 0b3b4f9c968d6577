"""At both brokers, a controller's password opens its own topics and no others."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from gates import controllers, protocol
from gates.broker import Subscription, publisher
from gates.controllers import Credentials
from gates.models import Controller
from premises.models import Condominium
from tests.gates.parts import Broker, Firmware
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


class Somebody:
    """A client with a user and a password; it keeps what it receives."""

    def __init__(self, port: int, user: str | None, password: str, will: str = "", name: str = "") -> None:
        self.received: list[str] = []
        self.granted: list[bool] = []
        self.answer = ""
        self.closed = threading.Event()
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, name, protocol=MQTTProtocolVersion.MQTTv311, reconnect_on_failure=False
        )
        if user is not None:
            self.client.username_pw_set(user, password)
        if will:
            self.client.will_set(will, b"forged", qos=1)
        self.client.on_connect = self._on_connect
        self.client.on_disconnect = lambda *_: self.closed.set()
        self.client.on_subscribe = self._on_subscribe
        self.client.on_message = lambda _c, _d, message: self.received.append(message.topic)
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        wait_for(lambda: self.answer)

    def _on_connect(self, _c: Any, _d: Any, _f: Any, reason: Any, _p: Any) -> None:
        self.answer = str(reason)

    def _on_subscribe(self, _c: Any, _d: Any, _m: Any, reasons: list[Any], _p: Any) -> None:
        self.granted += [not reason.is_failure for reason in reasons]

    def subscribe(self, topic: str) -> None:
        before = len(self.granted)
        self.client.subscribe(topic, 1)
        wait_for(lambda: len(self.granted) > before or self.closed.is_set())

    def publish(self, topic: str) -> None:
        self.client.publish(topic, b"forged", qos=1).wait_for_publish(0.5)

    def vanish(self) -> None:
        """Without a good-bye, so that the broker speaks the will."""
        sock: Any = self.client.socket()
        sock.shutdown(2)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@contextmanager
def somebody(*arguments: Any, **more: Any) -> Iterator[Somebody]:
    one = Somebody(*arguments, **more)
    try:
        yield one
    finally:
        one.close()


@pytest.fixture
def heard(mallory: Credentials, any_broker: Broker) -> Iterator[list[str]]:
    """Topics of everything that the server gets to hear."""
    topics: list[str] = []
    everywhere = ["gates/+/+", "gates/+/+/+"]
    subscription = Subscription(everywhere, lambda message: topics.append(message.topic))
    subscription.open()
    assert subscription.ready.wait(5)
    yield topics
    subscription.close()


def settle(heard: list[str]) -> list[str]:
    """What was heard until now: a message of the server's own is the last of it."""
    before = heard.count("gates/end/event")
    publisher.publish("gates/end/event", b"")
    wait_for(lambda: heard.count("gates/end/event") > before)
    return [topic for topic in heard if topic != "gates/end/event"]


OWN = ["gates/mallory/status", "gates/mallory/ack", "gates/mallory/event"]
FOREIGN = [
    "gates/board-1/status",
    "gates/board-1/ack",
    "gates/board-1/event",
    "gates/board-1/cmd",
    "gates/mallory/cmd",
    "gates/mallory/other",
    "gates/mallory/ack/more",
]


def test_it_publishes_on_its_own_topics(heard: list[str], any_broker: Broker, mallory: Credentials) -> None:
    with somebody(any_broker.port, "mallory", mallory.password) as one:
        for topic in OWN:
            one.publish(topic)
        wait_for(lambda: len(heard) == 3)
    assert settle(heard) == OWN


@pytest.mark.parametrize("topic", FOREIGN)
def test_it_publishes_on_no_other(topic: str, heard: list[str], any_broker: Broker, mallory: Credentials) -> None:
    with somebody(any_broker.port, "mallory", mallory.password) as one:
        one.publish(topic)
    assert settle(heard) == []


@pytest.mark.parametrize("topic", ["gates/board-1/cmd", "gates/board-1/status", "gates/mallory/cmd"])
def test_its_will_is_not_spoken_elsewhere(
    topic: str, heard: list[str], any_broker: Broker, mallory: Credentials
) -> None:
    with somebody(any_broker.port, "mallory", mallory.password, will=topic) as one:
        one.vanish()
        wait_for(one.closed.is_set)
    with somebody(any_broker.port, "mallory", mallory.password, will="gates/mallory/status") as one:
        one.vanish()
        wait_for(lambda: "gates/mallory/status" in heard)
    assert settle(heard) == ["gates/mallory/status"]


@pytest.mark.parametrize(
    "topic", ["gates/board-1/cmd", "gates/+/cmd", "gates/#", "#", "gates/board-1/#", "$MQTT/sub/#", "$SYS/#"]
)
def test_it_hears_nothing_that_is_for_others(
    topic: str, any_broker: Broker, mallory: Credentials, heard: list[str]
) -> None:
    with somebody(any_broker.port, "mallory", mallory.password) as one:
        one.subscribe(topic)
        one.subscribe("gates/mallory/cmd")
        publisher.publish("gates/board-1/cmd", b"secret")
        wait_for(lambda: "gates/board-1/cmd" in heard)
        # What follows on the own topic says that the other's would have come by now.
        publisher.publish("gates/mallory/cmd", b"{}")
        wait_for(lambda: "gates/mallory/cmd" in one.received)
        assert set(one.received) == {"gates/mallory/cmd"}


def test_it_throws_no_other_off_by_taking_its_name(
    any_broker: Broker, mallory: Credentials, credentials: Credentials, heard: list[str], tmp_path: Path
) -> None:
    """A broker knows its clients by names that they choose, and lets a second of one name replace the first."""
    with Firmware(tmp_path, credentials, any_broker.port) as board:
        wait_for(lambda: "link: up" in board.output())
        with somebody(any_broker.port, "mallory", mallory.password, name="board-1") as one:
            assert one.answer == "Success"
            heard.clear()
            wait_for(lambda: heard.count("gates/board-1/status") >= 2)
        assert "link: down" not in board.output()


def test_it_hears_its_own_commands(any_broker: Broker, mallory: Credentials, heard: list[str]) -> None:
    with somebody(any_broker.port, "mallory", mallory.password) as one:
        one.subscribe("gates/mallory/cmd")
        publisher.publish("gates/mallory/cmd", b"{}")
        wait_for(lambda: one.received == ["gates/mallory/cmd"])


@pytest.mark.parametrize(
    ("user", "password"),
    [("mallory", "wrong"), ("board-1", "wrong"), ("cancela", ""), ("nobody", "x"), (None, "")],
)
def test_without_the_password_nobody_comes_in(
    user: str | None, password: str, any_broker: Broker, mallory: Credentials
) -> None:
    with somebody(any_broker.port, user, password) as one:
        assert one.answer in ("Not authorized", "Bad user name or password")


def test_the_embedded_brokers_own_protocol_is_closed(mallory: Credentials, broker: Broker) -> None:
    config = json.loads((broker.folder / "nats.conf").read_text())
    assert (config["host"], config["port"]) == ("127.0.0.1", -1)
    users = config["authorization"]["users"]
    assert [user["allowed_connection_types"] for user in users] == [["MQTT"]] * 3


def test_files_with_hashes_are_for_their_owner_only(any_broker: Broker) -> None:
    files = [path for path in any_broker.folder.iterdir() if path.suffix in (".passwd", ".acl")]
    files += list(any_broker.folder.glob("nats.conf"))
    assert files
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_a_password_is_nowhere_in_them(any_broker: Broker, mallory: Credentials, settings: Any) -> None:
    text = "".join(path.read_text(errors="replace") for path in any_broker.folder.iterdir() if path.is_file())
    assert "mallory" in text
    assert [secret in text for secret in (mallory.password, mallory.key, settings.MQTT_PASSWORD)] == [False] * 3


def test_a_new_controller_comes_in_and_those_connected_stay(
    any_broker: Broker, mallory: Credentials, elsewhere: Condominium
) -> None:
    with somebody(any_broker.port, "mallory", mallory.password) as one:
        _, credentials = controllers.register(elsewhere, "New", "newcomer")
        any_broker.reload()
        wait_for(lambda: comes_in(any_broker.port, credentials))
        one.subscribe("gates/mallory/cmd")
        assert (one.closed.is_set(), one.granted) == (False, [True])


def comes_in(port: int, credentials: Credentials) -> bool:
    with somebody(port, credentials.device, credentials.password) as one:
        return one.answer == "Success"


def test_a_revoked_controller_is_shut_out(any_broker: Broker, mallory: Credentials) -> None:
    assert comes_in(any_broker.port, mallory)
    controllers.revoke(Controller.objects.get(device="mallory"))
    any_broker.reload()
    wait_for(lambda: not comes_in(any_broker.port, mallory))


def test_a_revoked_controller_that_is_connected_is_thrown_out(
    heard: list[str], any_broker: Broker, mallory: Credentials
) -> None:
    with somebody(any_broker.port, "mallory", mallory.password) as one:
        controllers.revoke(Controller.objects.get(device="mallory"))
        any_broker.reload()
        if type(any_broker) is Broker:
            assert one.closed.wait(5)
        else:
            # Mosquitto keeps the connection and takes its rights away.
            wait_for(lambda: one.closed.is_set() or not spoken(one, heard))


def spoken(one: Somebody, heard: list[str]) -> bool:
    """Whether a message of its own still gets through."""
    before = len(heard)
    one.publish("gates/mallory/event")
    settle(heard)
    return "gates/mallory/event" in heard[before:]


def test_the_settings_of_production_are_written(tmp_path: Path, mallory: Credentials) -> None:
    call_command("write_broker_config", "--for", "mosquitto", "--out", str(tmp_path / "out"))
    acl = (tmp_path / "out" / "mosquitto.acl").read_text()
    assert acl.split("\n\n")[2] == (
        "user mallory\ntopic write gates/mallory/status\ntopic write gates/mallory/ack\n"
        "topic write gates/mallory/event\ntopic read gates/mallory/cmd\n"
    )
    assert protocol.topic("mallory", protocol.Kind.CMD) == "gates/mallory/cmd"
