"""The health of lanes, cameras and controllers, each in a word and a colour."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from access.models import Lane
from cameras.models import Camera, Health
from cameras.shown import HEALTH_COLOURS
from gates.hearing import hearing, hearing_of
from gates.models import Controller
from gates.shown import CONTROLLER_COLOURS, controller_label
from portal.overview.shortened import Shortened

# A sign beside each colour, for who sees none.
SIGNS = {"success": "●", "danger": "✕", "warning": "!", "info": "○"}
# The most that are shown.
MOST = 60
URGENCY = ("danger", "warning", "info", "success")
ILL = (Health.FAILING, Health.STOPPED)


@dataclass(frozen=True)
class Device:
    kind: Any
    name: str
    colour: str
    state: Any
    detail: Any
    address: str

    @property
    def sign(self) -> str:
        return SIGNS[self.colour]


def devices(lanes: Iterable[Lane], cameras: Iterable[Camera], controllers: Iterable[Controller]) -> Shortened[Device]:
    """In the order of their kinds; where there are more than anybody reads, those that are not well come first."""
    rows = [*map(_lane, lanes), *map(_camera, cameras), *map(_controller, controllers)]
    if len(rows) > MOST:
        rows.sort(key=lambda device: URGENCY.index(device.colour))
    return Shortened(rows, MOST)


def _lane(lane: Lane) -> Device:
    """As well as the worst of what it needs: its camera, and the controller of its gate."""
    colour, words = _lane_state(lane)
    address = reverse("admin:access_lane_change", args=[lane.pk])
    return Device(_("Lane"), lane.name, colour, words, lane.gate.name if lane.gate else _("no gate"), address)


def _lane_state(lane: Lane) -> tuple[str, Any]:
    if not lane.is_active:
        return "info", _("switched off")
    if lane.camera.health in ILL:
        return "danger", _("sees nothing")
    heard = hearing_of(lane.gate)
    if heard and heard.is_red:
        return "danger", format_lazy("{}: {}", _("cannot open"), heard.words)
    if lane.gate and (lane.gate.on_hold or lane.condominium.gates_on_hold):
        return "warning", _("on hold")
    return "success", _("watched")


def _camera(camera: Camera) -> Device:
    is_ill = camera.health in ILL
    colour = "danger" if is_ill else HEALTH_COLOURS[Health(camera.health)]
    address = reverse("admin:cameras_camera_change", args=[camera.pk])
    detail = camera.last_error if is_ill else camera.last_frame_at
    return Device(_("Camera"), camera.name, colour, camera.get_health_display(), detail, address)


def _controller(controller: Controller) -> Device:
    code, state = controller_label(controller)
    detail = controller.last_problem or (controller.heard_at if hearing(controller).is_heard else "")
    address = reverse("admin:gates_controller_change", args=[controller.pk])
    return Device(_("Controller"), controller.name, CONTROLLER_COLOURS[code], state, detail, address)
