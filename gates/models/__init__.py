"""Gates, the controllers that move them, and the commands they were given."""

from gates.models.boards import GateTurn, HomeAssistant
from gates.models.commands import GateCommand, StandingOrder
from gates.models.controllers import Controller, DryRun, device_name
from gates.models.gates import Gate
from gates.models.keys import CarriedKey, KeyList, KeyUse

__all__ = [
    "CarriedKey",
    "Controller",
    "DryRun",
    "Gate",
    "GateCommand",
    "GateTurn",
    "HomeAssistant",
    "KeyList",
    "KeyUse",
    "StandingOrder",
    "device_name",
]
