"""Lanes, vehicles and who may pass; the passages, what was seen of them, and what was decided."""

from access.models.lanes import Direction, Engine, Lane, TravelTime
from access.models.passages import Decision, Detection, OpeningPhoto, Passage, photo_path, picture_path
from access.models.registry import PLATE_PROBLEMS, Permit, PlateRow, RegistryVersion, Vehicle, WatchlistEntry
from access.models.shadow import RunState, ShadowRun

__all__ = [
    "PLATE_PROBLEMS",
    "Decision",
    "Detection",
    "Direction",
    "Engine",
    "Lane",
    "OpeningPhoto",
    "Passage",
    "Permit",
    "PlateRow",
    "RegistryVersion",
    "RunState",
    "ShadowRun",
    "TravelTime",
    "Vehicle",
    "WatchlistEntry",
    "photo_path",
    "picture_path",
]
