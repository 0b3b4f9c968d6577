"""Who may pass: from what was seen and what is registered to a verdict.

Pure: no clock, no database, no network. Whatever is unsure, unknown or goes wrong leaves the gate closed.
Which registered vehicle the pictures mean is for the lane's policy to say (`access.policies`); whether that one may
pass, here and now, is said here.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from access import policies
from access.policies import Policy, Seen
from access.reasons import Outcome, Reason
from access.weighing import Weights
from recognition import PlateError, canonical

logger = logging.getLogger(__name__)

# From which probability on a plate on the watch-list is taken to be the one that was seen.
WATCHED = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen of one vehicle so far.

    `plate` and `score` are of the fused read, `texts` what each single picture said, in order. `enough` says that
    no more is waited for, `present` that the vehicle is in view now: nothing opens for who has left. `weights` and
    `agreeing` are as in `policies.Seen`.
    """

    plate: str
    score: float
    texts: tuple[str, ...]
    possible: bool = True
    enough: bool = False
    present: bool = True
    weights: Weights | None = None
    agreeing: tuple[str, ...] = ()

    @property
    def seen(self) -> Seen:
        return Seen(self.key, self.keys, self.score, self.weights, self.agreeing)

    def share_of(self, key: str) -> float:
        """The probability that it is this one, as far as that was weighed."""
        shares = self.weights.shares if self.weights else ()
        return next((each.share for each in shares if each.key == key), 0.0)

    @property
    def key(self) -> str:
        return canonical(self.plate)

    @property
    def named(self) -> frozenset[str]:
        """Every plate on record that the pictures may mean."""
        likely = (each.key for each in self.weights.shares if each.share >= policies.FITS) if self.weights else ()
        return self.keys | {*likely, *self.agreeing}

    @property
    def keys(self) -> frozenset[str]:
        """What the pictures say, one by one and together."""
        return frozenset({self.key, *map(_key, self.texts)})


@dataclass(frozen=True, slots=True)
class PermitFacts:
    """No `lanes`: all of them. Times are aware; None is without limit."""

    id: int
    lanes: frozenset[int] = frozenset()
    lane_names: tuple[str, ...] = ()
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def holds_at(self, now: datetime) -> bool:
        return not self.begins_after(now) and not self.ended_by(now)

    def begins_after(self, now: datetime) -> bool:
        return self.valid_from is not None and now < self.valid_from

    def ended_by(self, now: datetime) -> bool:
        return self.valid_until is not None and now >= self.valid_until

    def covers(self, lane_id: int) -> bool:
        return not self.lanes or lane_id in self.lanes


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered vehicle with its permits that are in force.

    `suspicion` is a reason to ask the guard instead of opening, `suspected` what its sentence tells (`clones`).
    """

    id: int
    key: str
    plate: str
    unit: str = ""
    owner: str = ""
    permits: tuple[PermitFacts, ...] = ()
    colour: str = ""
    suspicion: str = ""
    suspected: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Watched:
    key: str
    plate: str
    kind: str


@dataclass(frozen=True, slots=True)
class LaneFacts:
    """`gate` is its name; None is a lane that only records. `policy` is one of `policies.Policy`."""

    id: int
    name: str
    gate: str | None
    on_hold: bool = False
    policy: str = Policy.EXACT


@dataclass(frozen=True, slots=True)
class Registry:
    """What the condominium has on record of the plates in question."""

    lane: LaneFacts
    vehicles: tuple[Candidate, ...] = ()
    watched: tuple[Watched, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`facts` is plain JSON, and all that `reasons.sentence` needs."""

    outcome: Outcome
    reason: Reason
    facts: dict[str, Any] = field(default_factory=dict)
    vehicle_id: int | None = None
    permit_id: int | None = None


def decide(evidence: Evidence, registry: Registry, now: datetime) -> Verdict | None:
    """The verdict, or None while another picture may still help."""
    try:
        verdict = _weigh(evidence, registry, now)
        return _for_lane(verdict, registry.lane, evidence) if verdict else None
    except Exception:  # whatever it is, it must not open, and a person must hear of it
        logger.exception("A decision failed; the gate stays closed")
        return failure()


def failure() -> Verdict:
    return Verdict(Outcome.REFUSE, Reason.ERROR)


def _weigh(evidence: Evidence, registry: Registry, now: datetime) -> Verdict | None:
    for entry in registry.watched:
        if entry.key in evidence.keys or evidence.share_of(entry.key) >= WATCHED:
            facts = {"plate": entry.plate, "kind": entry.kind}
            return Verdict(Outcome.REFUSE, Reason.WATCHLISTED, facts, _only(registry, entry.key))
    vehicles = {vehicle.key: vehicle for vehicle in registry.vehicles}
    means = policies.choose(registry.lane.policy, evidence.seen, vehicles.keys())
    if means.key is not None:
        return _permitted(vehicles[means.key], registry.lane, evidence, now)
    return _unclear(evidence, [vehicles[key] for key in means.fitting]) if evidence.enough else None


def _only(registry: Registry, key: str) -> int | None:
    return next((vehicle.id for vehicle in registry.vehicles if vehicle.key == key), None)


def _unclear(evidence: Evidence, fitting: list[Candidate]) -> Verdict:
    """No more pictures come, and they do not speak for one registered vehicle."""
    plates = sorted(vehicle.plate for vehicle in fitting)
    if len(plates) > 1:
        return Verdict(Outcome.ASK, Reason.AMBIGUOUS, {"plate": evidence.plate, "candidates": plates})
    if plates:
        texts = list(dict.fromkeys((*evidence.texts, evidence.plate)))
        return Verdict(Outcome.ASK, Reason.UNSURE, {"plate": evidence.plate, "texts": texts, "candidates": plates})
    reason = Reason.UNKNOWN_PLATE if evidence.possible else Reason.IMPOSSIBLE
    return Verdict(Outcome.REFUSE, reason, {"plate": evidence.plate})


def _permitted(vehicle: Candidate, lane: LaneFacts, evidence: Evidence, now: datetime) -> Verdict:
    facts: dict[str, Any] = {
        "plate": vehicle.plate,
        "registered": True,
        "unit": vehicle.unit,
        "owner": vehicle.owner,
    }
    if evidence.key != vehicle.key:
        facts["read"] = evidence.plate
    facts |= vehicle.suspected
    in_time = [permit for permit in vehicle.permits if permit.holds_at(now)]
    for permit in in_time:
        if permit.covers(lane.id) and vehicle.suspicion:
            return Verdict(Outcome.ASK, Reason(vehicle.suspicion), facts, vehicle.id, permit.id)
        if permit.covers(lane.id):
            return Verdict(Outcome.OPEN, Reason.PERMITTED, facts, vehicle.id, permit.id)
    reason, why = _why_not(vehicle.permits, in_time, now)
    return Verdict(Outcome.REFUSE, reason, facts | why, vehicle.id)


def _why_not(
    permits: tuple[PermitFacts, ...], in_time: list[PermitFacts], now: datetime
) -> tuple[Reason, dict[str, Any]]:
    if in_time:
        return Reason.OTHER_LANE, {"lanes": sorted({name for permit in in_time for name in permit.lane_names})}
    if coming := [permit.valid_from for permit in permits if permit.valid_from and permit.begins_after(now)]:
        return Reason.NOT_YET, {"since": min(coming).isoformat()}
    if ended := [permit.valid_until for permit in permits if permit.valid_until and permit.ended_by(now)]:
        return Reason.EXPIRED, {"until": max(ended).isoformat()}
    return Reason.NO_PERMIT, {}


def _for_lane(verdict: Verdict, lane: LaneFacts, evidence: Evidence) -> Verdict | None:
    """The verdict as this lane can carry it out: only for a permitted vehicle that is there now a gate opens.

    An old picture is no reason to refuse while a new one may come.
    """
    facts = {**verdict.facts, "lane": lane.name, "gate": lane.gate}
    outcome, reason = verdict.outcome, verdict.reason
    if lane.gate is None:
        outcome = Outcome.RECORD
        reason = reason if reason == Reason.WATCHLISTED else Reason.NO_GATE
    elif outcome == Outcome.OPEN and lane.on_hold:
        outcome, reason = Outcome.REFUSE, Reason.GATE_ON_HOLD
    elif outcome == Outcome.OPEN and not evidence.present:
        if not evidence.enough:
            return None
        outcome, reason = Outcome.REFUSE, Reason.ERROR
    return Verdict(outcome, reason, facts, verdict.vehicle_id, verdict.permit_id)


def _key(text: str) -> str:
    try:
        return canonical(text)
    except PlateError:
        return ""
