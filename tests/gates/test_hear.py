"""What controllers say is written down if it is theirs, whatever happens to broker, database and listener."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from gates import controllers, listener, protocol
from gates.broker import publisher
from gates.commands import request_open
from gates.controllers import Credentials
from gates.listener import Heard, Shares
from gates.models import Controller, Gate
from gates.protocol import Kind
from premises.models import Condominium
from tests.gates.parts import ROOT, Broker, Ears, Firmware, free_port
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

SESSION = "00112233445566aa"


def heartbeat(controller: Controller, uptime: int, *, session: str = SESSION) -> bytes:
    values: list[str | int] = ["true", session, uptime, "1.0"]
    signature = protocol.sign(bytes.fromhex(controller.key), Kind.STATUS, controller.device, values)
    fields = {"online": True, "session": session, "uptime": uptime, "firmware": "1.0"}
    return json.dumps(fields | {"signature": signature}).encode()


def hear(controller: Controller, payload: bytes, *, retained: bool = False, kind: str = "status") -> None:
    listener.apply(Heard(f"gates/{controller.device}/{kind}", payload, retained))
    controller.refresh_from_db()


def test_a_heartbeat_shows_the_controllers_clock(controller: Controller) -> None:
    hear(controller, heartbeat(controller, 60_000))
    assert (controller.online, controller.session, controller.firmware) == (True, SESSION, "1.0")
    assert controller.heard_at is not None
    assert 62_000 <= controllers.uptime_in(controller, timedelta(seconds=2)) < 63_000


def test_a_clock_that_was_never_heard_cannot_be_read(controller: Controller) -> None:
    with pytest.raises(ValueError, match="never heard"):
        controllers.uptime_in(controller, timedelta(0))


def test_a_heartbeat_of_before_does_not_turn_the_clock_back(controller: Controller) -> None:
    hear(controller, heartbeat(controller, 60_000))
    hear(controller, heartbeat(controller, 59_000))
    assert controller.uptime_ms == 60_000


def test_a_retained_heartbeat_shows_no_clock(controller: Controller) -> None:
    hear(controller, heartbeat(controller, 60_000), retained=True)
    assert (controller.online, controller.heard_at) == (False, None)


def test_a_restart_is_another_session(controller: Controller) -> None:
    hear(controller, heartbeat(controller, 60_000))
    controllers.note_problem(controller, "something")
    hear(controller, heartbeat(controller, 500, session="f" * 16))
    assert (controller.session, controller.uptime_ms, controller.last_problem) == ("f" * 16, 500, "")


def test_the_last_will_is_believed_of_the_session_that_we_know(controller: Controller) -> None:
    hear(controller, heartbeat(controller, 60_000))
    hear(controller, json.dumps({"online": False, "session": "f" * 16}).encode())
    assert controller.online is True
    hear(controller, json.dumps({"online": False, "session": SESSION}).encode(), retained=True)
    assert controller.online is False


def test_ten_seconds_without_a_word_are_silence(controller: Controller) -> None:
    hear(controller, heartbeat(controller, 60_000))
    assert controller.heard_at is not None
    limit = controller.heard_at + timedelta(seconds=10)
    assert controllers.is_online(controller, limit)
    assert not controllers.is_online(controller, limit + timedelta(milliseconds=1))
    assert controllers.mark_silent(limit) == 0
    assert controllers.mark_silent(limit + timedelta(milliseconds=1)) == 1
    controller.refresh_from_db()
    assert controller.online is False


def test_a_forged_heartbeat_is_told_to_whoever_looks_after_it(controller: Controller) -> None:
    forged = heartbeat(controller, 60_000).replace(b"60000", b"70000")
    hear(controller, forged)
    assert controller.online is False
    assert controller.last_problem == "a message on status was ignored: the signature does not fit"


def test_what_one_controller_signed_is_not_of_another(
    controller: Controller, elsewhere: Condominium, caplog: pytest.LogCaptureFixture
) -> None:
    stranger, _ = controllers.register(elsewhere, "Stranger", "board-2")
    hear(controller, heartbeat(stranger, 60_000))
    assert controller.online is False


@pytest.mark.parametrize("topic", ["gates/nobody/status", "gates/board-1/other", "doors/board-1/status"])
def test_messages_of_strangers_are_ignored_with_a_line(
    topic: str, controller: Controller, caplog: pytest.LogCaptureFixture
) -> None:
    listener.apply(Heard(topic, heartbeat(controller, 60_000), False))
    assert "ignored" in caplog.text
    controller.refresh_from_db()
    assert controller.online is False


def test_a_command_on_its_way_past_us_is_not_ours_to_take(controller: Controller) -> None:
    hear(controller, b"{}", kind="cmd")
    assert controller.last_problem == "a message on cmd was ignored: commands are ours to give"


def test_a_controller_out_of_service_is_not_listened_to(controller: Controller) -> None:
    controllers.revoke(controller)
    hear(controller, heartbeat(controller, 60_000))
    assert controller.online is False


def test_a_board_that_floods_takes_nobody_elses_turn(
    controller: Controller, mallory: Credentials, ears: Ears, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3 * listener.SHARE):
        publisher.publish("gates/mallory/event", b"rubbish")
    publisher.publish("gates/board-1/status", heartbeat(controller, 60_000))
    ears.until_online(controller)
    assert caplog.text.count("too much on gates/mallory/event") == 1
    assert caplog.text.count("mallory: a message on event was ignored") == 1


def test_its_share_begins_anew() -> None:
    shares = Shares()
    assert [shares.take("gates/mallory/event", at) for at in (100.0, 109.9, 110.0)] == [1, 2, 1]
    assert [shares.take(f"gates/{topic}", 110.0) for topic in ("mallory/ack", "board-1/event")] == [1, 1]


def test_a_key_that_cannot_be_decrypted_is_told_and_stops_nobody(controller: Controller) -> None:
    payload = heartbeat(controller, 60_000)
    Controller.objects.filter(pk=controller.pk).update(key="as it was with another secret")
    hear(controller, payload)
    assert (controller.online, controller.last_problem) == (
        False,
        "a message on status was ignored: its key cannot be read: SECRET_KEY or FIELD_ENCRYPTION_KEY changed",
    )


def test_a_failing_database_loses_nothing(
    gate: Gate, controller: Controller, firmware: Firmware, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failures = listener.apply, [OperationalError("database is locked")] * 2

    def failing(heard: Heard) -> None:
        if heard.topic.endswith("/ack") and failures:
            raise failures.pop()
        real(heard)

    monkeypatch.setattr(listener, "apply", failing)
    command = request_open(gate, by="cancela", reason="registered")
    ears.until_state(command, "pulsed")
    assert (failures, command.accepted_at is not None) == ([], True)


def test_a_database_that_stays_away_is_given_up_with_a_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing() -> None:
        raise OperationalError("database is locked")

    listener._patiently(failing, pauses=(0.0, 0.0))
    assert caplog.text.count("database is locked") == 2
    assert "given up after 2 tries" in caplog.text


def test_an_answer_that_nobody_heard_is_said_again(gate: Gate, controller: Controller, firmware: Firmware) -> None:
    """While the listener was away the controller pulsed; it tells who comes back."""
    command = request_open(gate, by="cancela", reason="registered")
    wait_for(lambda: "gate: pulsed" in firmware.output())
    with Ears() as ears:
        ears.until_state(command, "pulsed")
    assert len(firmware.pulses()) == 1


def test_controller_and_listener_come_back_after_the_broker_was_killed(
    gate: Gate, controller: Controller, broker: Broker, firmware: Firmware, ears: Ears
) -> None:
    for _ in range(2):
        broker.kill()
        Controller.objects.update(online=False)
        broker.start()
        ears.until_online(controller)
    command = request_open(gate, by="cancela", reason="registered")
    ears.until_state(command, "pulsed")
    assert len(firmware.pulses()) == 1


def test_a_killed_controller_is_known_to_be_gone(controller: Controller, firmware: Firmware, ears: Ears) -> None:
    firmware.kill()
    began = time.monotonic()
    ears.until(lambda: not Controller.objects.get(pk=controller.pk).online)
    assert time.monotonic() - began < 2


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_child_process_opens_a_connection_of_its_own(
    gate: Gate, controller: Controller, firmware: Firmware, ears: Ears
) -> None:
    publisher.publish("gates/board-1/other", b"")
    parents = publisher._connection
    child = os.fork()
    if child == 0:
        try:
            publisher.publish("gates/board-1/cmd", b"from the child")
            os._exit(0 if publisher._connection is not parents else 1)
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    ears.until(lambda: "gate: malformed" in firmware.output())
    publisher.publish("gates/board-1/other", b"")
    assert publisher._connection is parents


def test_a_connection_that_ended_is_replaced(broker: Broker) -> None:
    publisher.publish("gates/board-1/other", b"")
    before = publisher._connection
    broker.kill()
    broker.start()
    publisher.publish("gates/board-1/other", b"")
    assert publisher._connection not in (None, before)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_listening_process_stops_cleanly(number: signal.Signals, tmp_path: Path, broker: Broker) -> None:
    """Without tables every sweep fails, too: it goes on."""
    log = tmp_path / "listen.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "listen_gates"],
            env=environment(tmp_path, broker.port),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    wait_for(lambda: "listening" in log.read_text() and "no such table" in log.read_text(), timeout=20)
    process.send_signal(number)
    assert process.wait(5) == 0
    assert "Traceback" not in log.read_text()


def environment(folder: Path, port: int) -> dict[str, str]:
    return os.environ | {
        "CANCELA_VAR": str(folder / "listening"),
        "DJANGO_SETTINGS_MODULE": "anpr_site.settings",
        "MQTT_URL": f"mqtt://cancela@127.0.0.1:{port}",
    }


def test_the_listener_waits_for_a_broker_that_is_not_there_yet(controller: Controller, settings: Any) -> None:
    settings.MQTT_URL = f"mqtt://cancela@127.0.0.1:{free_port()}"
    ears = listener.Listener()
    ears.open()
    assert ears.step(0.3) is False
    assert not ears.ready.is_set()
    ears.close()
