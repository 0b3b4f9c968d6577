"""How far a condominium has come: what of the way to the first opened gate is in the database.

Nothing is remembered beside it, so that a sitting can be left at any step and resumed by anybody who may.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import Lane, Vehicle
from cameras.models import Recorder, Source
from gates.models import GateCommand
from gates.states import MOVED
from premises.models import Condominium

TITLES: dict[str, Any] = {
    "condominium": _("Condominium"),
    "recorder": _("Recorder"),
    "camera": _("Camera"),
    "region": _("Region"),
    "gate": _("Gate"),
    "pulse": _("Test pulse"),
    "vehicles": _("Vehicles"),
    "finish": _("Done"),
}
# Steps that are about one lane; the others are about the condominium.
OF_LANE = frozenset({"region", "gate", "pulse", "vehicles", "finish"})


@dataclass(frozen=True)
class Step:
    """One step: `address` is empty where it cannot be entered yet."""

    code: str
    number: int
    title: Any
    address: str
    done: bool
    current: bool


@dataclass(frozen=True)
class Sitting:
    """Whose set-up it is, and by which lane; None before there is one."""

    condominium: Condominium
    lane: Lane | None = None

    def steps(self, current: str) -> list[Step]:
        done = self.done()
        return [
            Step(code, number, title, self.address(code), code in done, code == current)
            for number, (code, title) in enumerate(TITLES.items(), start=1)
        ]

    def address(self, code: str) -> str:
        if self.lane is not None and code in OF_LANE | {"camera"}:
            return reverse(f"setup:{code}", args=[self.lane.pk])
        if code in OF_LANE:
            return ""
        name = "new_camera" if code == "camera" else code
        return reverse(f"setup:{name}", args=[self.condominium.pk])

    def before(self, code: str) -> str:
        """The address of the step before; empty at the first."""
        codes = list(TITLES)
        return self.address(codes[codes.index(code) - 1]) if code in codes[1:] else ""

    def done(self) -> frozenset[str]:
        """The steps that the database says are done."""
        said = {"condominium": True, "recorder": self._has_recorder(), **self._of_lane()}
        return frozenset(code for code, is_done in said.items() if is_done)

    def first_open(self) -> str:
        """The address of the first step that is not done; the last step where the lane is switched on already."""
        if self.lane is not None and self.lane.is_active:
            return self.address("finish")
        done = self.done()
        return next(address for code in TITLES if code not in done and (address := self.address(code)))

    def _has_recorder(self) -> bool:
        if self.lane is not None:
            recorder = self.lane.camera.recorder
            return self.lane.camera.source != Source.RECORDER or (recorder is not None and not recorder.stopped_at)
        return Recorder.objects.filter(condominium=self.condominium, stopped_at=None).exists()

    def _of_lane(self) -> dict[str, bool]:
        if (lane := self.lane) is None:
            return {}
        commands = GateCommand.objects.filter(gate=lane.gate_id, state__in=MOVED) if lane.gate_id else None
        return {
            "camera": lane.camera.last_frame_at is not None,
            "region": bool(lane.region),
            "gate": lane.gate is not None and lane.gate.controller_id is not None,
            "pulse": commands is not None and commands.exists(),
            "vehicles": Vehicle.objects.filter(condominium=self.condominium).exists(),
            "finish": lane.is_active,
        }


def sitting_of(condominium: Condominium) -> Sitting:
    """The newest lane that is not switched on yet; the newest of all where none is left."""
    lanes = Lane.objects.filter(condominium=condominium).select_related("camera__recorder", "gate__controller")
    return Sitting(condominium, lanes.order_by("is_active", "-pk").first())
