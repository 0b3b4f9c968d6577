"""A dry run: the board at the other side of a real broker checks a command and answers, and no relay moves."""

import json
from typing import Any

import pytest
from django.utils import timezone

from gates import controllers, dry_runs, protocol
from gates.commands import request_open
from gates.dry_runs import Answer, Finding
from gates.listener import Heard, apply
from gates.models import Controller, DryRun, Gate, GateCommand
from gates.problems import Problem
from gates.protocol import Kind
from premises.models import Condominium, JournalEntry
from tests.gates.parts import Broker, Ears, Firmware, make_gate

pytestmark = pytest.mark.django_db(transaction=True)

KEY = bytes(range(32))


def asked(gate: Gate, ears: Ears) -> Answer:
    """Ask the gate's board while the listener hears."""
    fresh = Gate.objects.select_related("controller").get(pk=gate.pk)
    return dry_runs.run(fresh, pause=lambda: ears.listener.step(0.01))


def test_the_real_board_checks_and_answers_and_nothing_moves(gate: Gate, firmware: Firmware, ears: Ears) -> None:
    entries = JournalEntry.objects.count()
    answer = asked(gate, ears)
    assert answer.problem == ""
    assert answer.ms is not None
    assert (firmware.pulses(), GateCommand.objects.count(), JournalEntry.objects.count()) == ([], 0, entries)
    assert DryRun.objects.get().answer == "malformed"


def test_an_opening_after_it_works_as_ever(gate: Gate, firmware: Firmware, ears: Ears) -> None:
    asked(gate, ears)
    command = request_open(gate, by="cancela", reason="registered")
    ears.until_state(command, "pulsed")
    assert len(firmware.pulses()) == 1


def test_a_board_with_another_key_does_not_pass(
    gate: Gate, controller: Controller, firmware: Firmware, ears: Ears
) -> None:
    Controller.objects.filter(pk=controller.pk).update(key="cd" * 32)
    assert asked(gate, ears).problem in (Finding.NO_ANSWER, Problem.CONTROLLER_OFFLINE)
    assert firmware.pulses() == []


def test_a_broker_that_is_away_is_not_taken_for_a_board_that_is_silent(
    gate: Gate, firmware: Firmware, broker: Broker, ears: Ears
) -> None:
    broker.kill()
    answer = asked(gate, ears)
    assert (answer.problem, answer.is_of_broker) == (Problem.BROKER_DOWN, True)


def test_a_board_that_is_not_heard_is_asked_nothing(gate: Gate, broker: Broker, ears: Ears) -> None:
    assert asked(gate, ears) == Answer(Problem.CONTROLLER_OFFLINE, "never")
    assert DryRun.objects.count() == 0


@pytest.fixture
def waiting(condominium: Condominium) -> DryRun:
    """A dry run that was sent, of a board whose messages are made here."""
    _gate, board, _credentials = make_gate(condominium, "board-7")
    Controller.objects.filter(pk=board.pk).update(key=KEY.hex())
    now = timezone.now()
    return DryRun.objects.create(condominium=condominium, controller=board, sent_at=now, expires_at=now)


def answers(row: DryRun, step: str = "refused", reason: str = "malformed", *, device: str = "board-7") -> str:
    """What is known of the dry run after a board answered it."""
    fields: dict[str, Any] = {
        "id": dry_runs.PREFIX + row.pk.hex,
        "step": step,
        "reason": reason,
        "session": "00112233445566aa",
        "uptime": 1,
    }
    signed = {**fields, "signature": protocol.sign(KEY, Kind.ACK, device, list(fields.values()))}
    apply(Heard(f"gates/{device}/ack", json.dumps(signed).encode(), retained=False))
    row.refresh_from_db()
    return row.answer


def test_only_the_first_answer_counts(waiting: DryRun) -> None:
    assert answers(waiting, reason="too_late") == "too_late"
    assert answers(waiting) == "too_late"


def test_a_refusal_without_a_reason_proves_nothing(waiting: DryRun) -> None:
    assert answers(waiting, reason="") != "malformed"


@pytest.mark.parametrize("step", ["accepted", "pulsed", "confirmed"])
def test_a_board_that_obeys_a_dry_run_is_told_of(waiting: DryRun, step: str, caplog: pytest.LogCaptureFixture) -> None:
    assert answers(waiting, step, "") == step
    assert dry_runs._judged(waiting).problem == Finding.OBEYED
    assert "board-7 obeyed a dry run" in caplog.text


def test_another_board_answers_for_nobody_else(waiting: DryRun, elsewhere: Condominium) -> None:
    _gate, other, _credentials = make_gate(elsewhere, "board-8")
    Controller.objects.filter(pk=other.pk).update(key=KEY.hex())
    assert answers(waiting, device="board-8") == ""


def test_an_answer_to_a_dry_run_ends_no_command(waiting: DryRun) -> None:
    command = GateCommand.objects.create(
        id=waiting.pk,
        condominium_id=waiting.condominium_id,
        gate=waiting.controller.gates.get(),
        state="sent",
        requested_by_name="cancela",
        reason="registered",
        pulse_ms=100,
        requested_at=timezone.now(),
        expires_at=timezone.now(),
    )
    answers(waiting)
    command.refresh_from_db()
    assert command.state == "sent"


def test_old_ones_are_forgotten(gate: Gate, firmware: Firmware, ears: Ears, controller: Controller) -> None:
    long_ago = timezone.now() - dry_runs.KEPT * 2
    mine = {"condominium_id": gate.condominium_id, "controller": controller}
    DryRun.objects.create(**mine, sent_at=long_ago, expires_at=long_ago)
    asked(gate, ears)
    assert DryRun.objects.filter(sent_at=long_ago).count() == 0
    assert controllers.is_online(Controller.objects.get(pk=controller.pk))
