"""A recorder that is not there: real HTTP, real logins, real faults, drawn or given pictures.

with running_simulator(channels=2) as simulator:
    simulator.arrive("ABC1D23", channel=1)
    simulator.fault(Fault.BUSY)
"""

from cameras.simulator.faults import Fault
from cameras.simulator.recorder import Options
from cameras.simulator.running import Simulator, running_simulator

__all__ = ["Fault", "Options", "Simulator", "running_simulator"]
