"""The tolerance of a lane: its condominium's registry, its own reads as far as their truth is known, its policies."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import prod

import numpy as np
from django.db.models import F, Q

from access.codes import encoded
from access.likeness import Pair, pairs_alike
from access.models import Detection, Lane, Vehicle
from access.policies import ENOUGH, Policy, Seen, choose
from access.reasons import Outcome
from access.states import VehicleState
from access.tolerance import Estimate, Opens, Reading, Trial
from access.weighing import Roll
from recognition import canonical, spellings
from recognition.reads import Probabilities
from recognition.typical import KnownReads, typical_reads

# So many reads of a lane whose truth is known say more of it than typical ones.
ENOUGH_READS = 200
LATELY = timedelta(days=90)
SEED = 1
# Detections whose plate is known: a vehicle was let in by them, or a person said which it was.
KNOWN = (
    Q(passage__outcome=Outcome.OPEN)
    | ~Q(passage__corrected_plate="")
    | Q(passage__reviewed_at__isnull=False, passage__vehicle__isnull=False)
)


@dataclass(frozen=True)
class Row:
    """A policy, what it would cost, and whether the lane has it. `agreeing` only for the policy that counts."""

    policy: str
    agreeing: int | None
    estimate: Estimate
    chosen: bool


@dataclass(frozen=True)
class Tolerance:
    """`reads` are those that the estimate rests on; `own` says that they are the lane's."""

    vehicles: int
    reads: int
    own: bool
    rows: list[Row]
    alike: list[Pair] = field(default_factory=list)


def estimate(lane: Lane, now: datetime, count: int = 2000) -> Tolerance:
    """Every policy at this lane. Raises `ValueError` where no Brazilian plate is registered."""
    keys = Vehicle.objects.filter(condominium_id=lane.condominium_id, state=VehicleState.ACTIVE)
    roll = Roll.of(keys.values_list("plate_key", flat=True))
    known, own = reads_of(lane, now)
    ways = [(Policy.EXACT, None), (Policy.STRICT, None), (Policy.BALANCED, None)]
    counted = [(Policy.AGREEING, least) for least in (6, 5)]
    asked = [*ways, *counted] if lane.agreeing in (5, 6) else [*ways, *counted, (Policy.AGREEING, lane.agreeing)]
    trial = Trial(roll, Reading(known), np.random.default_rng(SEED), count)
    estimates = trial.estimates([opener(policy, roll, least) for policy, least in asked])
    rows = [
        Row(policy, least, found, policy == lane.policy and least in (None, lane.agreeing))
        for (policy, least), found in zip(asked, estimates, strict=True)
    ]
    return Tolerance(len(roll.keys), len(known.truths), own, rows, pairs_alike(roll.keys))


def opener(policy: str, roll: Roll, agreeing: int | None = None) -> Opens:
    """Whom a policy would let in by one read of a calibrated engine."""

    def opens(text: str, rows: Probabilities) -> str | None:
        key = canonical(text)
        weights = roll.weigh(rows) if policy in ENOUGH else None
        counted = roll.agreeing(text, agreeing or 7) if policy == Policy.AGREEING else ()
        score = float(prod(rows.max(axis=1).tolist()))
        return choose(policy, Seen(key, frozenset({key}), score, weights, counted), roll).key

    return opens


def reads_of(lane: Lane, now: datetime) -> tuple[KnownReads, bool]:
    """The lane's own reads of the last months whose truth is known; typical ones where those are too few."""
    own = _own_reads(lane, now)
    return (own, True) if own is not None else (typical_reads(), False)


def _own_reads(lane: Lane, now: datetime) -> KnownReads | None:
    rows = Detection.objects.filter(KNOWN, passage__lane=lane, taken_at__gte=now - LATELY, calibrated=True)
    named = rows.annotate(true=F("passage__plate_key")).values_list("true", "text", "probabilities")
    pairs = [(truth, probabilities) for key, text, probabilities in named if (truth := spelt(key, text))]
    if len(pairs) < ENOUGH_READS:
        return None
    missed = len(named) - len(pairs)
    return KnownReads(encoded([truth for truth, _ in pairs]), np.array([p for _, p in pairs], np.float32), missed)


def spelt(key: str, text: str) -> str | None:
    """Which spelling of the vehicle was on the car that was read as `text`; None if it was read in another length."""
    if len(text) != 7 or len(key) != 7:
        return None
    return max(spellings(key), key=lambda each: sum(a == b for a, b in zip(each, text, strict=True)))
