"""Lanes, vehicles and who may pass; the passages, what was seen of them, and what was decided."""

from access.models.guest_links import GuestLink
from access.models.keys import Key, KeyKind
from access.models.lanes import Direction, Engine, Lane, TravelTime
from access.models.passages import Decision, Detection, OpeningPhoto, Passage, photo_path, picture_path
from access.models.permits import Holiday, Permit, PermitWindow
from access.models.privacy import RequestKind, RequestState, RetentionPolicy, SubjectRequest
from access.models.registry import PLATE_PROBLEMS, PlateRow, RegistryVersion, Vehicle, WatchlistEntry
from access.models.rehearsals import Link, Rehearsal
from access.models.request_work import RequestWork, WorkKind
from access.models.shadow import RunState, ShadowRun
from access.models.tallies import Holding, LaneDay

__all__ = [
    "PLATE_PROBLEMS",
    "Decision",
    "Detection",
    "Direction",
    "Engine",
    "GuestLink",
    "Holding",
    "Holiday",
    "Key",
    "KeyKind",
    "Lane",
    "LaneDay",
    "Link",
    "OpeningPhoto",
    "Passage",
    "Permit",
    "PermitWindow",
    "PlateRow",
    "RegistryVersion",
    "Rehearsal",
    "RequestKind",
    "RequestState",
    "RequestWork",
    "RetentionPolicy",
    "RunState",
    "ShadowRun",
    "SubjectRequest",
    "TravelTime",
    "Vehicle",
    "WatchlistEntry",
    "WorkKind",
    "photo_path",
    "picture_path",
]
