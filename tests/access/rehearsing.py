"""A rehearsal's real parts: a simulated recorder over HTTP, the broker, the firmware on its interpreter."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from access.models import Lane, Rehearsal
from access.rehearsing import Parts, rehearse
from cameras.simulator import Simulator, running_simulator
from gates.broker import publisher
from gates.models import Controller
from premises.models import Condominium
from tests.cameras.conftest import camera_of, recorder_of
from tests.gates.parts import Broker, Ears, Firmware, make_gate


@dataclass
class Site:
    """A lane with all that it needs, running."""

    lane: Lane
    controller: Controller
    simulator: Simulator
    broker: Broker
    firmware: Firmware
    ears: Ears

    def rehearse(self, **how: Any) -> Rehearsal:
        """Once, with the default recognition, while the listener hears."""
        return rehearse(self.lane, parts=Parts(pause=lambda: self.ears.listener.step(0.01)), **how)


@contextmanager
def running_site(condominium: Condominium, folder: Path, settings: Any) -> Iterator[Site]:
    gate, controller, credentials = make_gate(condominium)
    with running_simulator(channels=1) as simulator, Broker(folder, settings) as broker, Ears() as ears:
        camera = camera_of(recorder_of(simulator, condominium))
        lane = Lane.objects.create(condominium=condominium, name="Entrada", camera=camera, gate=gate)
        with Firmware(folder, credentials, broker.port) as firmware:
            ears.until_online(controller)
            yield Site(lane, controller, simulator, broker, firmware, ears)
    publisher.close()


def states(row: Rehearsal) -> dict[str, str]:
    """Of each link its state and what was found."""
    return {each["link"]: f"{each['state']} {each['code']}" for each in row.links}
