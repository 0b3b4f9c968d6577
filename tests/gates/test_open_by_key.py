"""The whole road with the real firmware at the real broker: a tag is presented, a gate opens, with and without us."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from access import keys
from access.models import Key
from gates import controllers, holds, key_lists, key_wire, protocol
from gates.broker import publisher
from gates.controllers import Credentials
from gates.key_lists import Pace
from gates.key_wire import Record, Sealing
from gates.models import Controller, Gate, GateCommand, KeyList, KeyUse
from premises.models import Condominium, JournalEntry, User
from tests.firmware.key_parts import tag, typed
from tests.gates.key_parts import Reader
from tests.gates.parts import Broker, Ears
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_lists, "pace", Pace(0.2))


@pytest.fixture
def tags(condominium: Condominium, alice: User) -> list[Key]:
    return [keys.give_tag(condominium, str(number), f"Resident {number}", by=alice) for number in (1, 2, 3)]


@pytest.fixture
def code(condominium: Condominium, alice: User) -> str:
    return keys.give_code(condominium, "The cleaner", by=alice)[1]


@pytest.fixture
def reader(
    tags: list[Key],
    code: str,
    broker: Broker,
    credentials: Credentials,
    controller: Controller,
    ears: Ears,
    tmp_path: Path,
) -> Iterator[Reader]:
    """Running, heard, and carrying these keys."""
    reader = Reader(tmp_path, credentials, broker.port)
    with reader.process:
        ears.until_online(controller)
        ears.until(is_delivered, timeout=20)
        yield reader


def is_delivered() -> bool:
    row = KeyList.objects.filter(version__gt=0).first()
    return bool(row and row.is_delivered)


def until_alone(reader: Reader, *frames: str) -> None:
    """Present it until the board answers by itself: nobody listens for the server meanwhile."""

    def answered() -> bool:
        if "offline" not in reader.process.output():
            reader.present(*frames)
        return "offline" in reader.process.output()

    wait_for(answered, 20, interval=0.5)


def test_a_tag_is_decided_by_the_server_while_it_is_there(reader: Reader, ears: Ears, gate: Gate) -> None:
    reader.present(tag(2))
    ears.until(lambda: GateCommand.objects.filter(state="pulsed").exists(), timeout=10)
    command = GateCommand.objects.get()
    assert (command.reason, reader.pulses()) == ("tag …2 · Resident 2 at the reader.", 1)
    use = KeyUse.objects.get()
    assert (use.what, use.offline, use.command_id) == ("granted", False, command.pk)


def test_a_code_is_too(reader: Reader, ears: Ears, code: str) -> None:
    reader.present(*typed(code))
    ears.until(lambda: GateCommand.objects.filter(state="pulsed").exists(), timeout=10)
    assert reader.pulses() == 1


def test_an_unknown_one_is_refused_by_the_server(reader: Reader, ears: Ears) -> None:
    reader.present(tag(999))
    ears.until(lambda: KeyUse.objects.filter(what="unknown").exists(), timeout=10)
    assert (reader.pulses(), GateCommand.objects.count()) == (0, 0)
    assert JournalEntry.objects.filter(action="gate.key_refused").count() == 1


def test_a_gate_on_hold_is_refused_by_the_server(reader: Reader, ears: Ears, gate: Gate, alice: User) -> None:
    holds.hold(gate, by=alice, reason="somebody works under it")
    reader.present(tag(1))
    ears.until(lambda: KeyUse.objects.filter(what="on_hold").exists(), timeout=10)
    assert reader.pulses() == 0


def test_when_the_server_says_nothing_any_more_the_board_decides_and_tells_it_later_once(
    reader: Reader, ears: Ears, controller: Controller
) -> None:
    until_alone(reader, tag(1))
    assert reader.pulses() == 1
    reader.present(tag(999))
    wait_for(lambda: "key refused offline: unknown" in reader.process.output(), 10)
    assert reader.pulses() == 1
    merged = JournalEntry.objects.filter(action__in=("gate.opened_offline", "gate.refused_offline"))
    ears.until(lambda: merged.count() == 2, timeout=20)
    ears.until(lambda: KeyList.objects.get().board_waiting == 0, timeout=20)
    assert list(merged.order_by("sequence").values_list("action", "subject")) == [
        ("gate.opened_offline", "Main gate"),
        ("gate.refused_offline", "Main gate"),
    ]


def test_when_the_broker_is_gone_too(reader: Reader, ears: Ears, broker: Broker) -> None:
    broker.kill()
    until_alone(reader, tag(3))
    assert reader.pulses() == 1
    broker.start()
    ears.until(lambda: KeyUse.objects.filter(what="opened", offline=True).count() == 1, timeout=40)


def test_one_that_was_taken_back_does_not_open_alone(reader: Reader, ears: Ears, tags: list[Key], alice: User) -> None:
    keys.end(tags[0], by=alice, reason="lost")
    ears.until(is_delivered, timeout=10)
    until_alone(reader, tag(1))
    assert reader.pulses() == 0
    reader.present(tag(2))
    wait_for(lambda: reader.pulses() == 1, 10)


def test_a_list_that_expired_opens_nothing(
    condominium: Condominium,
    alice: User,
    broker: Broker,
    credentials: Credentials,
    controller: Controller,
    ears: Ears,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(key_lists, "LIFE_MS", 4000)
    keys.give_tag(condominium, "1", "Alice", by=alice)
    reader = Reader(tmp_path, credentials, broker.port)
    with reader.process:
        ears.until_online(controller)
        ears.until(is_delivered, timeout=20)
        over = time.monotonic() + 4.5  # its life; nobody renews it
        wait_for(lambda: time.monotonic() > over, 10)
        until_alone(reader, tag(1))
        assert "key refused offline: no_list" in reader.process.output()
        assert reader.pulses() == 0


def test_who_tries_codes_is_slowed_down(reader: Reader, ears: Ears, code: str) -> None:
    until_alone(reader, tag(1))
    wait_for(lambda: reader.pulses() == 1, 10)
    for number in range(3):
        reader.present(*typed(f"99000{number}"))
    wait_for(lambda: reader.process.output().count("offline: unknown") >= 2, 10)
    reader.present(*typed(code))
    ears.until(lambda: KeyUse.objects.filter(what="locked", offline=True).exists(), timeout=20)
    assert reader.pulses() == 1


def deliver(controller: Controller, version: int, numbers: range, page: int = 1) -> None:
    """A page of a list, signed as the server would."""
    controller.refresh_from_db()
    key = controllers.key_of(controller)
    records = [Record(key_wire.digest("tag", str(number), device=controller.device, key=key), 1) for number in numbers]
    seal = Sealing(controller.device, key, controller.session, controller.uptime_ms + 3_600_000)
    payload = key_wire.encode_page(version, records, page, seal)
    publisher.publish(protocol.topic(controller.device, protocol.Kind.CMD), payload)


def test_an_older_list_is_refused(reader: Reader, ears: Ears, controller: Controller) -> None:
    version = KeyList.objects.get().version
    deliver(controller, version - 1, range(900, 901))
    ears.until(lambda: Controller.objects.filter(last_problem="keys_refused used_before").exists(), timeout=10)
    until_alone(reader, tag(900))
    assert reader.pulses() == 0


def test_half_a_list_replaces_nothing(reader: Reader, ears: Ears, controller: Controller) -> None:
    version = KeyList.objects.get().version
    deliver(controller, version + 5, range(900, 930))
    until_alone(reader, tag(1))
    wait_for(lambda: reader.pulses() == 1, 10)
    reader.present(tag(900))
    wait_for(lambda: "offline: unknown" in reader.process.output(), 10)
    assert reader.pulses() == 1


def test_a_power_cut_while_the_server_is_away_keeps_list_and_log(
    reader: Reader, ears: Ears, controller: Controller
) -> None:
    until_alone(reader, tag(1))
    reader.process.kill()
    reader.process.log.unlink()
    reader.process.start()
    until_alone(reader, tag(2))
    wait_for(lambda: reader.pulses() == 2, 10)
    opened = KeyUse.objects.filter(what="opened", offline=True)
    ears.until(lambda: opened.count() == 2, timeout=30)
    assert len(set(opened.values_list("session", flat=True))) == 2
