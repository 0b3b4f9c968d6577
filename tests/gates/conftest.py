"""A gate on a real controller at a real broker."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gates import controllers
from gates.broker import publisher
from gates.controllers import Credentials
from gates.models import Controller, Gate
from premises.models import Condominium
from tests.gates.parts import BROKERS, MOSQUITTO, Broker, Contacts, Ears, Firmware, make_gate


@pytest.fixture
def registered(condominium: Condominium) -> tuple[Gate, Controller, Credentials]:
    return make_gate(condominium)


@pytest.fixture
def gate(registered: tuple[Gate, Controller, Credentials]) -> Gate:
    return registered[0]


@pytest.fixture
def controller(registered: tuple[Gate, Controller, Credentials]) -> Controller:
    return registered[1]


@pytest.fixture
def credentials(registered: tuple[Gate, Controller, Credentials]) -> Credentials:
    return registered[2]


@pytest.fixture
def mallory(elsewhere: Condominium, registered: object) -> Credentials:
    """A controller of another condominium, with a good password of its own."""
    return controllers.register(elsewhere, "Mallory", "mallory")[1]


@pytest.fixture
def broker(registered: object, tmp_path: Path, settings: Any) -> Iterator[Broker]:
    with Broker(tmp_path, settings) as broker:
        yield broker
    publisher.close()


@pytest.fixture(params=sorted(BROKERS))
def any_broker(
    request: pytest.FixtureRequest, registered: object, mallory: object, tmp_path: Path, settings: Any
) -> Iterator[Broker]:
    if request.param == "mosquitto" and MOSQUITTO is None:
        pytest.skip("Mosquitto is not installed")
    with BROKERS[request.param](tmp_path, settings) as broker:
        yield broker
    publisher.close()


@pytest.fixture(params=sorted(BROKERS))
def start(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[Callable[[], Broker]]:
    """Starts a broker that knows who is registered by then."""
    if request.param == "mosquitto" and MOSQUITTO is None:
        pytest.skip("Mosquitto is not installed")
    running: list[Broker] = []

    def started() -> Broker:
        running.append(BROKERS[request.param](tmp_path, settings).start())
        return running[-1]

    yield started
    publisher.close()
    for broker in running:
        broker.kill()


@pytest.fixture
def ears(broker: Broker) -> Iterator[Ears]:
    with Ears() as ears:
        yield ears


@pytest.fixture
def firmware(
    broker: Broker, credentials: Credentials, controller: Controller, ears: Ears, tmp_path: Path
) -> Iterator[Firmware]:
    """Running, and heard."""
    with Firmware(tmp_path, credentials, broker.port) as firmware:
        ears.until_online(controller)
        yield firmware


@pytest.fixture
def wired(tmp_path: Path) -> Contacts:
    return Contacts(tmp_path / "contacts.json")


@pytest.fixture
def board(
    broker: Broker, credentials: Credentials, controller: Controller, ears: Ears, tmp_path: Path, wired: Contacts
) -> Iterator[Firmware]:
    """The real firmware, with contacts."""
    with Firmware(tmp_path, credentials, broker.port, simulate={"contacts": str(wired.path)}) as board:
        ears.until_online(controller)
        yield board
