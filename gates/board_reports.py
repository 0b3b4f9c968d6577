"""What boards of other makes say, written down: that they are there, what their relays do, where their gates stand.

Nothing of it is signed. So a report counts for a command only while that command lives, and only where it came at
that moment: what the broker kept from before tells of the board and of the gate, and of no command.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from gates import commands, home_requests, turns
from gates.dialects import DIALECTS
from gates.dialects.parts import Dialect, Outlet, Report, Said
from gates.heard import Heard
from gates.models import Controller, Gate, GateCommand
from gates.moves import end
from gates.positions import Position
from gates.problems import Problem
from gates.states import State

log = logging.getLogger("gates")

# How long after its life a gate that was set moving may reach its switch.
SEEN_LATE = timedelta(seconds=60)


def take_in(heard: Heard) -> None:
    """Write down a message, if some board or Home Assistant of ours says such things on its topic."""
    if heard.topic.startswith("cancela/"):
        home_requests.take_in(heard)
        return
    for controller in _candidates(heard.topic):
        dialect, outlets = DIALECTS[controller.dialect], outlets_of(controller)
        if heard.topic in dialect.hears(controller.board, outlets):
            _take_in(controller, dialect, outlets, heard)
            return
    log.warning("ignored a message on %s: no active controller says anything there", heard.topic[:120])


def outlets_of(controller: Controller) -> list[Outlet]:
    return [Outlet(gate.relay, gate.entity) for gate in controller.gates.all()]


def _candidates(topic: str) -> list[Controller]:
    """Boards whose own topic is a part of this one."""
    levels = topic.split("/")[:12]
    parts = {"/".join(levels[first:last]) for first in range(len(levels)) for last in range(first + 1, len(levels) + 1)}
    boards = Controller.objects.filter(is_active=True, dialect__in=DIALECTS).prefetch_related("gates")
    return list(boards.filter(topic__in=parts) | boards.filter(status_topic=topic))


def _take_in(controller: Controller, dialect: Dialect, outlets: list[Outlet], heard: Heard) -> None:
    if not heard.retained:
        Controller.objects.filter(pk=controller.pk).update(heard_at=heard.at)
    for report in dialect.read(controller.board, outlets, heard.topic, heard.payload):
        WRITERS[report.what](controller, report, heard)


# --- the board ------------------------------------------------------------------------------------------


def _online(controller: Controller, report: Report, heard: Heard) -> None:
    # Retained is believed too: the broker would have put the last will in its place.
    news = Controller.objects.filter(pk=controller.pk, online=False, is_active=True)
    if news.update(online=True, last_problem=""):
        log.info("%s: online", controller.device)
        turns.owe_rest(controller)
    if not heard.retained:
        _give_up(controller, heard.at)
    Controller.objects.filter(pk=controller.pk).update(vouched_at=heard.at)


def _give_up(controller: Controller, at: datetime) -> None:
    """It connected anew: what it now says of its relays is no answer to what was sent to it before."""
    mine = GateCommand.objects.filter(gate__controller=controller, state=State.SENT, sent_at__lte=at)
    for command in mine.select_related("gate"):
        end(command, State.EXPIRED, Problem.OTHER_SESSION)


def _offline(controller: Controller, report: Report, heard: Heard) -> None:
    if Controller.objects.filter(pk=controller.pk, online=True).update(online=False):
        log.warning("%s: offline", controller.device)


# --- its relays -----------------------------------------------------------------------------------------


def _on(controller: Controller, report: Report, heard: Heard) -> None:
    if command := _asked(controller, report, heard, State.SENT):
        _advance(command, State.ACCEPTED, controller, report)


def _off(controller: Controller, report: Report, heard: Heard) -> None:
    if command := _asked(controller, report, heard, State.ACCEPTED):
        _advance(command, State.PULSED, controller, report)


def _accepted(controller: Controller, report: Report, heard: Heard) -> None:
    command = _named(controller, report)
    if command and command.state == State.SENT and _in_time(command, heard):
        _advance(command, State.ACCEPTED, controller, report)


def _refused(controller: Controller, report: Report, heard: Heard) -> None:
    if (command := _named(controller, report)) and not heard.retained:
        end(command, State.REFUSED, Problem.BOARD_REFUSED, report.detail, actor=_actor(controller))


# --- its gates ------------------------------------------------------------------------------------------


def _opening(controller: Controller, report: Report, heard: Heard) -> None:
    _stands(controller, report, Position.BETWEEN, heard.at)
    if command := _asked(controller, report, heard, State.SENT, State.ACCEPTED):
        _advance(command, State.PULSED, controller, report)


def _open(controller: Controller, report: Report, heard: Heard) -> None:
    """Seen open by a switch; a cover without one counts seconds, and its word is that it was moved."""
    is_news = _stands(controller, report, Position.OPEN, heard.at)
    command = _asked(controller, report, heard, State.SENT, State.ACCEPTED, State.PULSED)
    if command is None:
        return
    if command.gate.has_position_switch and is_news:
        _advance(command, State.CONFIRMED, controller, report)
    elif command.state != State.PULSED and _is_cover(controller, command.gate):
        _advance(command, State.PULSED, controller, report)


def _closing(controller: Controller, report: Report, heard: Heard) -> None:
    _stands(controller, report, Position.BETWEEN, heard.at)


def _closed(controller: Controller, report: Report, heard: Heard) -> None:
    _stands(controller, report, Position.CLOSED, heard.at)


def _stands(controller: Controller, report: Report, position: Position, at: datetime) -> bool:
    """Where a gate is, where a switch says so. Returns whether it stood elsewhere before."""
    rows = Gate.objects.filter(controller=controller, relay=report.relay, has_position_switch=True)
    return bool(rows.exclude(position=position).update(position=position, position_at=at))


def _is_cover(controller: Controller, gate: Gate) -> bool:
    return DIALECTS[controller.dialect].is_cover(Outlet(gate.relay, gate.entity))


# --- whose command --------------------------------------------------------------------------------------


def _asked(controller: Controller, report: Report, heard: Heard, *states: State) -> GateCommand | None:
    """The command that a report of a relay can be about: the latest of these states that was sent before it and lives.

    The latest, because the one before it may have been lost; if it was not, its own report is still to come.
    """
    if heard.retained:
        return None
    mine = GateCommand.objects.filter(gate__controller=controller, gate__relay=report.relay, state__in=states)
    command = mine.filter(sent_at__lte=heard.at).select_related("gate").order_by("-sent_at").first()
    return command if command and _in_time(command, heard) else None


def _in_time(command: GateCommand, heard: Heard) -> bool:
    late = SEEN_LATE if command.state == State.PULSED else commands.GRACE
    return not heard.retained and heard.at <= command.expires_at + late


def _named(controller: Controller, report: Report) -> GateCommand | None:
    try:
        command_id = UUID(report.command)
    except ValueError:
        return None
    return GateCommand.objects.filter(pk=command_id, gate__controller=controller).select_related("gate").first()


def _advance(command: GateCommand, state: State, controller: Controller, report: Report) -> None:
    commands.advance(command, state, _actor(controller), {"said": str(report.what)})


def _actor(controller: Controller) -> str:
    return f"controller: {controller.device}"


Writer = Callable[[Controller, Report, Heard], None]
WRITERS: dict[Said, Writer] = {
    Said.ONLINE: _online,
    Said.OFFLINE: _offline,
    Said.ON: _on,
    Said.OFF: _off,
    Said.ACCEPTED: _accepted,
    Said.REFUSED: _refused,
    Said.OPENING: _opening,
    Said.OPEN: _open,
    Said.CLOSING: _closing,
    Said.CLOSED: _closed,
}
