"""What stands still until somebody has looked at it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from access.models import Lane, Vehicle
from access.states import VehicleState
from cameras.models import Camera, Health
from gates.hearing import Hearing, hearing, hearing_of
from gates.models import Controller, Gate
from premises.templatetags.cancela import moment


@dataclass(frozen=True)
class Concern:
    """Something that somebody has to look at."""

    text: str
    address: str


def concerns(
    ids: Iterable[int], lanes: Iterable[Lane], cameras: Iterable[Camera], controllers: Iterable[Controller]
) -> list[Concern]:
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
        *_silent_controllers(controllers),
        *_deaf_lanes(lanes),
        *_held_gates(ids),
        *_blind_lanes(lanes),
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


SILENT = {
    Hearing.SILENT: gettext_lazy("%(controller)s is not heard since %(at)s: its gates do not open."),
    Hearing.NEVER: gettext_lazy("%(controller)s was never heard: its gates do not open."),
}


def _silent_controllers(controllers: Iterable[Controller]) -> list[Concern]:
    """Those in service. One out of service is no concern, but a lane that needs it is."""
    heard = [(controller, hearing(controller)) for controller in controllers]
    return [
        Concern(
            str(SILENT[each.code]) % {"controller": controller, "at": moment(each.since)},
            reverse("admin:gates_controller_change", args=[controller.pk]),
        )
        for controller, each in heard
        if each.code in SILENT
    ]


def _deaf_lanes(lanes: Iterable[Lane]) -> list[Concern]:
    """Lanes whose gate has no controller in service."""
    found = [(lane, heard) for lane in lanes if lane.is_active and (heard := hearing_of(lane.gate))]
    return [
        Concern(f"{lane}: {heard.sentence}", reverse("admin:gates_gate_change", args=[lane.gate_id]))
        for lane, heard in found
        if heard.code in (Hearing.INACTIVE, Hearing.NONE)
    ]


def _held_gates(ids: Iterable[int]) -> list[Concern]:
    held = Gate.objects.filter(Q(on_hold=True) | Q(condominium__gates_on_hold=True), condominium_id__in=ids)
    held = held.select_related("condominium")
    return [*map(_held, held)]


def _blind_lanes(lanes: Iterable[Lane]) -> list[Concern]:
    """Lanes whose recognition is not installed on this server: they see nothing, so that nothing opens there."""
    return [
        Concern(
            _("%(lane)s reads no plates: its recognition is not installed (%(command)s).")
            % {"lane": lane, "command": lane.remedy},
            reverse("admin:access_lane_change", args=[lane.pk]),
        )
        for lane in lanes
        if lane.is_active and lane.remedy
    ]


def _held(gate: Gate) -> Concern:
    whole = gate.condominium if gate.condominium.gates_on_hold else gate
    known = {"gate": gate, "name": whole.held_by, "why": whole.held_because}
    text = _("%(gate)s was stopped by %(name)s: %(why)s") if whole.held_by else _("%(gate)s is on hold.")
    return Concern(text % known, reverse("admin:gates_gate_change", args=[gate.pk]))


@dataclass(frozen=True)
class Proposed:
    """How many vehicles somebody proposed: those that wait, and those that another unit holds."""

    waiting: int
    contested: int

    @property
    def concerns(self) -> list[Concern]:
        return [*_waiting(self.waiting), *_contested(self.contested)]


def proposed(ids: Iterable[int]) -> Proposed:
    """For who may say yes or no."""
    vehicles = Vehicle.objects.filter(condominium_id__in=ids)
    found = vehicles.aggregate(
        waiting=Count("pk", filter=Q(state=VehicleState.WAITING)),
        contested=Count("pk", filter=Q(claimed_by__isnull=False)),
    )
    return Proposed(**found)


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


def lost(number: int) -> list[Concern]:
    text = ngettext(
        "%(number)s opening of today did not reach its gate.",
        "%(number)s openings of today did not reach their gate.",
        number,
    )
    address = reverse("admin:gates_gatecommand_changelist")
    return [Concern(text % {"number": number}, address)] if number else []


def missed(number: int) -> list[Concern]:
    text = ngettext(
        "%(number)s opening may have been missed: a registered vehicle was not let in.",
        "%(number)s openings may have been missed: registered vehicles were not let in.",
        number,
    )
    address = reverse("admin:access_passage_missed_openings")
    return [Concern(text % {"number": number}, address)] if number else []
