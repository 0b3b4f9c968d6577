"""What happened today in the condominiums of a user, and what needs somebody's attention."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import ExtractHour
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.models import Detection, Lane, Passage, Vehicle
from access.reasons import Outcome, Reason
from access.states import VehicleState
from cameras.models import Camera, Health
from cameras.shown import HEALTH_COLOURS
from gates.controllers import is_online
from gates.models import Controller, Gate, GateCommand
from gates.shown import CONTROLLER_COLOURS, controller_label
from gates.states import NOT_MOVED, State

LATEST = 8


@dataclass
class Figures:
    """Numbers of the day, and of its hours by outcome."""

    passages: int = 0
    opened: int = 0
    refused: int = 0
    asked: int = 0
    unknown: int = 0
    by_hour: dict[int, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Device:
    name: str
    colour: str
    state: Any
    detail: Any
    address: str


@dataclass(frozen=True)
class Concern:
    """Something that somebody has to look at."""

    text: str
    address: str


def midnight() -> datetime:
    """The beginning of today, in the time of the page."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), time.min))


def figures(ids: Iterable[int]) -> Figures:
    rows = (
        Passage.objects.filter(condominium_id__in=ids, opened_at__gte=midnight())
        .annotate(hour=ExtractHour("opened_at"))
        .order_by()
        .values_list("hour", "outcome", "reason")
        .annotate(number=Count("pk"))
    )
    found = Figures()
    for hour, outcome, reason, number in rows:
        _count(found, hour, outcome, reason, number)
    return found


def _count(found: Figures, hour: int, outcome: str, reason: str, number: int) -> None:
    found.passages += number
    found.opened += number if outcome == Outcome.OPEN else 0
    found.refused += number if outcome == Outcome.REFUSE else 0
    found.asked += number if outcome == Outcome.ASK else 0
    found.unknown += number if reason == Reason.UNKNOWN_PLATE else 0
    hours = found.by_hour.setdefault(hour, {})
    hours[outcome] = hours.get(outcome, 0) + number


def latest(ids: Iterable[int]) -> list[Any]:
    """The last passages, each with its picture's id and how far its gate command came."""
    kept = Detection.objects.filter(passage=OuterRef("pk")).exclude(frame="").order_by("-score")
    commands = GateCommand.objects.filter(passage_id=OuterRef("pk")).order_by("-requested_at")
    rows: list[Any] = list(
        Passage.objects.filter(condominium_id__in=ids)
        .select_related("lane", "decision")
        .annotate(picture_id=Subquery(kept.values("pk")[:1]), gate_state=Subquery(commands.values("state")[:1]))[
            :LATEST
        ]
    )
    for row in rows:
        row.gate_words = State(row.gate_state).label if row.gate_state else ""
    return rows


def devices(cameras: Iterable[Camera], controllers: Iterable[Controller]) -> list[Device]:
    return [*map(_camera, cameras), *map(_controller, controllers)]


def _camera(camera: Camera) -> Device:
    detail = camera.last_error if camera.health in (Health.FAILING, Health.STOPPED) else camera.last_frame_at
    colour = HEALTH_COLOURS[Health(camera.health)]
    address = reverse("admin:cameras_camera_change", args=[camera.pk])
    return Device(camera.name, colour, camera.get_health_display(), detail, address)


def _controller(controller: Controller) -> Device:
    code, state = controller_label(controller)
    detail = controller.last_problem or controller.heard_at
    address = reverse("admin:gates_controller_change", args=[controller.pk])
    return Device(controller.name, CONTROLLER_COLOURS[code], state, detail, address)


def concerns(ids: Iterable[int], cameras: Iterable[Camera], controllers: Iterable[Controller]) -> list[Concern]:
    """The work list: what stands still until a person has looked at it."""
    return [
        *_stopped_recorders(cameras),
        *(
            Concern(
                _("%(camera)s gives no pictures: %(why)s") % {"camera": camera, "why": camera.last_error},
                reverse("admin:cameras_camera_change", args=[camera.pk]),
            )
            for camera in cameras
            if camera.health == Health.FAILING
        ),
        *(
            Concern(
                _("%(controller)s is not heard: its gates do not open.") % {"controller": controller},
                reverse("admin:gates_controller_change", args=[controller.pk]),
            )
            for controller in controllers
            if controller.is_active and not is_online(controller)
        ),
        *_of_gates(ids),
        *_blind_lanes(ids),
    ]


def _stopped_recorders(cameras: Iterable[Camera]) -> list[Concern]:
    recorders = {camera.recorder for camera in cameras if camera.recorder and camera.recorder.stopped_at}
    stopped = sorted(recorders, key=str)
    return [
        Concern(
            _("%(recorder)s is stopped: %(why)s") % {"recorder": recorder, "why": recorder.stopped_because},
            reverse("admin:cameras_recorder_change", args=[recorder.pk]),
        )
        for recorder in stopped
    ]


def _of_gates(ids: Iterable[int]) -> list[Concern]:
    held = Gate.objects.filter(Q(on_hold=True) | Q(condominium__gates_on_hold=True), condominium_id__in=ids)
    held = held.select_related("condominium")
    lost = GateCommand.objects.filter(condominium_id__in=ids, requested_at__gte=midnight(), state__in=NOT_MOVED)
    return [*map(_held, held), *_lost(lost.count())]


def _blind_lanes(ids: Iterable[int]) -> list[Concern]:
    """Lanes whose recognition is not installed on this server: they see nothing, so that nothing opens there."""
    lanes = Lane.objects.filter(condominium_id__in=ids, is_active=True)
    return [
        Concern(
            _("%(lane)s reads no plates: its recognition is not installed (%(command)s).")
            % {"lane": lane, "command": lane.remedy},
            reverse("admin:access_lane_change", args=[lane.pk]),
        )
        for lane in lanes
        if lane.remedy
    ]


def _held(gate: Gate) -> Concern:
    whole = gate.condominium if gate.condominium.gates_on_hold else gate
    known = {"gate": gate, "name": whole.held_by, "why": whole.held_because}
    text = _("%(gate)s was stopped by %(name)s: %(why)s") if whole.held_by else _("%(gate)s is on hold.")
    return Concern(text % known, reverse("admin:gates_gate_change", args=[gate.pk]))


def proposals(ids: Iterable[int]) -> list[Concern]:
    """What somebody proposed, for who may say yes or no."""
    vehicles = Vehicle.objects.filter(condominium_id__in=ids)
    found = vehicles.aggregate(
        waiting=Count("pk", filter=Q(state=VehicleState.WAITING)),
        contested=Count("pk", filter=Q(claimed_by__isnull=False)),
    )
    return [*_waiting(found["waiting"]), *_contested(found["contested"])]


def _waiting(number: int) -> list[Concern]:
    text = ngettext("%(number)s vehicle waits for approval.", "%(number)s vehicles wait for approval.", number)
    address = f"{reverse('admin:access_vehicle_changelist')}?state__exact={VehicleState.WAITING}"
    return [Concern(text % {"number": number}, address)] if number else []


def _contested(number: int) -> list[Concern]:
    text = ngettext(
        "%(number)s vehicle was proposed by another unit too.",
        "%(number)s vehicles were proposed by another unit too.",
        number,
    )
    address = f"{reverse('admin:access_vehicle_changelist')}?contested=yes"
    return [Concern(text % {"number": number}, address)] if number else []


def _lost(number: int) -> list[Concern]:
    text = ngettext(
        "%(number)s opening of today did not reach its gate.",
        "%(number)s openings of today did not reach their gate.",
        number,
    )
    address = reverse("admin:gates_gatecommand_changelist")
    return [Concern(text % {"number": number}, address)] if number else []
