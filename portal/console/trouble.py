"""What is wrong with a lane's devices, and what a guard does about it; said before a car arrives."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from access.models import Lane
from cameras.models import Camera, Health, Source
from gates.hearing import Hearing, hearing
from gates.models import Gate
from gates.stands import is_locked

# Who is asked for pictures again and again gave none for so long: then nobody asks.
SILENCE = timedelta(seconds=30)
TICKS = 10
# Pictures of these come when there are any.
QUIET = (Source.UPLOAD, Source.FOLDER)


@dataclass(frozen=True)
class Trouble:
    """`code` tells one from another for a change to be seen; `since` is when it began, where that is known."""

    code: str
    what: Any
    do: Any
    since: datetime | None = None
    detail: str = ""


BY_HAND = _("Look at the lane yourself. You can open it here, with a reason. Tell the manager.")
CLEAR = _("It does not open while something is in its way. Have it cleared, or look at the photocell.")
BY_BUTTON = _("It opens for nobody until it is freed. Who is inside gets out by the button at the gate.")
BY_KEY = _("It does not open from here: use its key or its remote control. Tell the manager.")
# How a controller is heard that is not: the trouble's code, and what is said of it.
DEAF: dict[str, tuple[str, Any]] = {
    Hearing.SILENT: ("offline", _("The gate's controller is not heard.")),
    Hearing.NEVER: ("never-heard", _("The gate's controller was never heard.")),
    Hearing.INACTIVE: ("no-controller", _("The gate has no controller in service.")),
    Hearing.NONE: ("no-controller", _("The gate has no controller in service.")),
}


def of_lane(lane: Lane, now: datetime) -> list[Trouble]:
    """The troubles of an active lane, its gate's first."""
    found = [_of_gate(lane, lane.gate, now) if lane.gate else None, _of_camera(lane, now)]
    return [trouble for trouble in found if trouble is not None]


def _of_gate(lane: Lane, gate: Gate, now: datetime) -> Trouble | None:
    if lane.condominium.gates_on_hold:
        return Trouble("all-on-hold", _("All gates of the condominium are on hold."), BY_KEY)
    if gate.on_hold:
        return Trouble("on-hold", _("The gate is on hold."), BY_KEY, detail=gate.held_because)
    gate.condominium = lane.condominium  # the same, and fetched already
    if is_locked(gate):
        return Trouble("locked-down", _("The gate is locked down."), BY_BUTTON, detail=gate.standing_because)
    heard = hearing(gate.controller, now)
    if heard.is_red:
        code, what = DEAF[heard.code]
        return Trouble(code, what, BY_KEY, heard.since if heard.code == Hearing.SILENT else None)
    if gate.obstructed:
        return Trouble("obstructed", _("Something stands in the gate's way."), CLEAR, gate.position_at)
    return None


def _of_camera(lane: Lane, now: datetime) -> Trouble | None:
    camera = lane.camera
    if camera.health == Health.STOPPED:
        return Trouble("stopped", _("The camera is stopped."), BY_HAND, camera.last_error_at, camera.last_error)
    if camera.health == Health.FAILING:
        return Trouble("failing", _("The camera gives no pictures."), BY_HAND, camera.last_error_at, camera.last_error)
    if lane.remedy:
        return Trouble("blind", _("No plates are read here: the recognition is not installed."), BY_HAND)
    return _of_silence(lane, camera, now)


def _of_silence(lane: Lane, camera: Camera, now: datetime) -> Trouble | None:
    patience = max(SILENCE, TICKS * timedelta(seconds=float(lane.interval)))
    if camera.source in QUIET or (camera.last_frame_at and now - camera.last_frame_at < patience):
        return None
    return Trouble("silent", _("No picture comes: the lane is not being watched."), BY_HAND, camera.last_frame_at)
