"""Who may pass: from what was seen and what is registered to a verdict.

Pure: no clock, no database, no network. Whatever is unsure, unknown or goes wrong leaves the gate closed.
Which registered vehicle the pictures mean is for the lane's policy to say (`access.policies`); whether that one may
pass, here and now, is for its permits (`access.permitting`).
"""

import logging
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from access import permitting, policies
from access.facts import Candidate, Elsewhere, Evidence, LaneFacts, Registry, Verdict, Watched
from access.permitting import Here, PermitFacts
from access.reasons import Outcome, Reason
from access.states import VehicleState

__all__ = [
    "Candidate",
    "Elsewhere",
    "Evidence",
    "LaneFacts",
    "PermitFacts",
    "Registry",
    "Verdict",
    "Watched",
    "decide",
    "failure",
]

logger = logging.getLogger(__name__)

# From which probability on a plate on the watch-list is taken to be the one that was seen.
WATCHED = 0.5
# What a lane that only records keeps as the reason.
TOLD_WITHOUT_GATE = frozenset({Reason.WATCHLISTED, Reason.SEEN_TWICE})
# Who nobody knows is kept out without a word to anybody; inside he needs somebody who lets him out.
STRANGERS = frozenset({Reason.UNKNOWN_PLATE, Reason.IMPOSSIBLE})


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
    for listed in registry.watched:
        if listed.key in evidence.keys or evidence.share_of(listed.key) >= WATCHED:
            facts = {"plate": listed.plate, "kind": listed.kind}
            return Verdict(Outcome.REFUSE, Reason.WATCHLISTED, facts, _only(registry, listed.key))
    vehicles = {vehicle.key: vehicle for vehicle in registry.vehicles}
    means = policies.choose(registry.lane.policy, evidence.seen, vehicles.keys())
    if twin := _named(registry.opened_for, means.key or evidence.key):
        return _seen_twice(evidence, twin)
    if means.key is not None:
        return _judged(vehicles[means.key], registry, evidence, now)
    if not means.fitting and (entry := _named(registry.let_in, evidence.key)) and _is_sure(evidence):
        return Verdict(Outcome.OPEN, Reason.LET_IN, {"plate": evidence.plate, "let_in": entry.at.isoformat()})
    return _unclear(evidence, [vehicles[key] for key in means.fitting]) if evidence.enough else None


def _named(known: tuple[Elsewhere, ...], key: str) -> Elsewhere | None:
    return next((each for each in known if each.key == key), None)


def _is_sure(evidence: Evidence) -> bool:
    return policies.SURE <= evidence.score <= 1 and evidence.keys == {evidence.key}


def _seen_twice(evidence: Evidence, twin: Elsewhere) -> Verdict | None:
    """Another camera of this gate saw it and the gate was opened for it. While it stays, one looks on: it may turn."""
    if evidence.present:
        return None
    return Verdict(Outcome.RECORD, Reason.SEEN_TWICE, {"plate": evidence.plate, "other_lane": twin.lane})


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


def _judged(vehicle: Candidate, registry: Registry, evidence: Evidence, now: datetime) -> Verdict:
    found = permitting.judge(vehicle.permits, vehicle.standing, _here(registry, now))
    facts: dict[str, Any] = {
        "plate": vehicle.plate,
        "registered": True,
        "unit": vehicle.unit,
        "owner": vehicle.owner,
        **_guest(found.permit or (vehicle.permits[-1] if vehicle.permits else None)),
    }
    if evidence.key != vehicle.key:
        facts["read"] = evidence.plate
    if vehicle.state != VehicleState.ACTIVE and not registry.lane.leaves:
        waits = vehicle.state == VehicleState.WAITING
        return Verdict(Outcome.REFUSE, Reason.WAITING_APPROVAL if waits else Reason.ENDED, facts, vehicle.id)
    facts |= found.facts | vehicle.suspected
    outcome, reason = (Outcome.OPEN if found.opens else Outcome.REFUSE), found.reason
    if found.opens and vehicle.suspicion:
        outcome, reason = Outcome.ASK, Reason(vehicle.suspicion)
    return Verdict(outcome, reason, facts, vehicle.id, found.permit.id if found.permit else None)


def _here(registry: Registry, now: datetime) -> Here:
    lane = registry.lane
    return Here(
        lane_id=lane.id,
        now=now,
        local=now.astimezone(ZoneInfo(registry.zone)),
        leaves=lane.leaves,
        passback=lane.passback,
        locked_down=lane.locked_down,
        holidays=dict(registry.holidays),
    )


def _guest(permit: PermitFacts | None) -> dict[str, str]:
    """Who comes on whose word: nothing for a resident."""
    if permit is None or permit.kind == permitting.PermitKind.RESIDENT:
        return {}
    return {"kind_of_permit": permit.kind, "holder": permit.holder, "host": permit.host}


def _for_lane(verdict: Verdict, lane: LaneFacts, evidence: Evidence) -> Verdict | None:
    """The verdict as this lane can carry it out: only for a permitted vehicle that is there now a gate opens.

    An old picture is no reason to refuse while a new one may come.
    """
    facts = {**verdict.facts, "lane": lane.name, "gate": lane.gate}
    outcome, reason = verdict.outcome, verdict.reason
    if lane.gate is None:
        outcome = Outcome.RECORD
        reason = reason if reason in TOLD_WITHOUT_GATE else Reason.NO_GATE
    elif lane.leaves and reason in STRANGERS:
        outcome = Outcome.ASK
    elif outcome == Outcome.OPEN and lane.on_hold:
        outcome, reason = Outcome.REFUSE, Reason.GATE_ON_HOLD
    elif outcome == Outcome.OPEN and lane.gate_locked:
        outcome, reason = Outcome.REFUSE, Reason.GATE_LOCKED
    elif outcome == Outcome.OPEN and not evidence.present:
        if not evidence.enough:
            return None
        outcome, reason = Outcome.REFUSE, Reason.ERROR
    return Verdict(outcome, reason, facts, verdict.vehicle_id, verdict.permit_id)
