"""Shadow mode: what was decided, decided again by a changed policy, or by the reads of another engine. Pure.

What the journal holds of a decision is used as it stands there: the weights, the vehicles with their permits, the
moment. Only what it does not hold (a lane that decided exactly weighed nothing) is asked of today's records, and that
is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from django.db.models import TextChoices

from access import rules
from access.policies import Policy
from access.reasons import Outcome, Reason
from access.replaying import Basis, Replay
from access.rules import Evidence, Registry, Verdict
from access.weighing import Weights
from recognition import Read, canonical, fuse, is_possible, spellings
from recognition.reads import Probabilities

CERTAIN = 0.99  # of a fused read: from there on a registered plate that every picture says is taken for the truth


@dataclass(frozen=True, slots=True)
class Settings:
    """What a lane decides by, as far as it can be tried in the shadow."""

    policy: str
    agreeing: int
    frames_to_refuse: int
    engine: str


class Records(Protocol):
    """What is on record today."""

    def weigh(self, seen: Probabilities) -> Weights:
        """As `weighing.Roll.weigh`."""

    def agreeing(self, text: str, least: int) -> tuple[str, ...]:
        """As `weighing.Roll.agreeing`."""

    def of(self, keys: frozenset[str], at: datetime) -> Registry:
        """These plates, without what was only entered after `at`."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision as far as it is compared; `key` and `vehicle` are of the vehicle that was meant, if one was."""

    outcome: str
    reason: str
    key: str = ""
    vehicle: int | None = None

    @property
    def opened_for(self) -> str:
        return self.key if self.outcome == Outcome.OPEN else ""


@dataclass(frozen=True, slots=True)
class Again:
    """What would be decided. `today`: it rests on the records of today, for the journal does not hold enough."""

    ruling: Ruling
    today: bool


class Known(TextChoices):
    """Whether a difference is for the better, where it is known which vehicle stood there."""

    BETTER = "better"
    WORSE = "worse"
    UNKNOWN = "unknown"


def again(reads: Sequence[Read], basis: Basis, settings: Settings, records: Records, noted: int) -> Again:
    """What would be decided of these reads, one picture after another, as they came.

    `noted` is how many of them the weights in the journal are of; 0 where they are another engine's.
    """
    case = _Case(basis, settings, records, noted)
    for count in range(1, len(reads) + 1):
        if decided := case.decide(reads[:count], enough=count >= settings.frames_to_refuse, present=True):
            return decided
    # It left before a picture sufficed.
    return (reads and case.decide(reads, enough=True, present=False)) or _NOTHING


_NOTHING = Again(Ruling(Outcome.REFUSE, Reason.UNSURE), False)  # not one picture was read


@dataclass(frozen=True, slots=True)
class _Case:
    basis: Basis
    settings: Settings
    records: Records
    noted: int

    def decide(self, reads: Sequence[Read], *, enough: bool, present: bool) -> Again | None:
        evidence, weighed_today = self._evidence(reads)
        evidence = replace(evidence, enough=enough, present=present)
        registry, looked_up_today = self._registry(evidence)
        verdict = rules.decide(evidence, registry, self.basis.now)
        return Again(_ruling(verdict, registry), weighed_today or looked_up_today) if verdict else None

    def _evidence(self, reads: Sequence[Read]) -> tuple[Evidence, bool]:
        fused = fuse(reads)
        texts = tuple(read.text for read in reads)
        plain = Evidence(fused.text, fused.certainty, texts, is_possible(fused.text))
        then = self.basis.evidence if len(reads) == self.noted else None
        if self.settings.policy == Policy.EXACT:
            return plain, False
        if self.settings.policy == Policy.AGREEING:
            return self._agreeing(plain, then)
        if fused.probability is None:
            return plain, False
        if then is not None and then.weights is not None:
            return replace(plain, weights=then.weights), False
        return replace(plain, weights=self.records.weigh(fused.probabilities)), True

    def _agreeing(self, plain: Evidence, then: Evidence | None) -> tuple[Evidence, bool]:
        least = self.settings.agreeing
        if then is not None and then.agreeing:
            near = then.agreeing if _equal(plain.plate, then.agreeing[0]) >= least else ()
            return replace(plain, agreeing=near), False
        return replace(plain, agreeing=self.records.agreeing(plain.plate, least)), True

    def _registry(self, evidence: Evidence) -> tuple[Registry, bool]:
        """As it was noted; and whether plates are in question now that were not then, and are looked up today."""
        then = self.basis.registry
        registry = replace(then, lane=replace(then.lane, policy=self.settings.policy))
        others = evidence.named - self.basis.evidence.named
        if not others:
            return registry, False
        today = self.records.of(others, self.basis.now)
        vehicles, watched = (*then.vehicles, *today.vehicles), (*then.watched, *today.watched)
        return replace(registry, vehicles=vehicles, watched=watched), True


def _ruling(verdict: Verdict, registry: Registry) -> Ruling:
    key = next((each.key for each in registry.vehicles if each.id == verdict.vehicle_id), "")
    return Ruling(str(verdict.outcome), str(verdict.reason), key, verdict.vehicle_id)


def _equal(text: str, key: str) -> int:
    """In how many places a text is a vehicle's plate, in the nearer of its spellings."""
    own = [each for each in spellings(key) if len(each) == len(text)]
    return max((sum(a == b for a, b in zip(each, text, strict=True)) for each in own), default=0)


def is_comparable(replay: Replay, basis: Basis, reads: Sequence[Read]) -> bool:
    """Whether the journal's decision comes out the same today, and the reads it rests on are still kept.

    Where not, a difference would not be the change's doing. An error of ours is nothing that a policy decided.
    """
    texts = basis.evidence.texts
    return replay.same and replay.then[1] != Reason.ERROR and tuple(read.text for read in reads[: len(texts)]) == texts


def as_it_was(replay: Replay, basis: Basis) -> Ruling:
    """What was decided. Of a decision that comes out the same."""
    return _ruling(replay.verdict, basis.registry) if replay.verdict else Ruling(*replay.then[:2])


def truth_of(basis: Basis, corrected: str) -> str | None:
    """The key of who stood there, as far as it is known: by a person, or beyond doubt a registered vehicle."""
    if corrected:
        return canonical(corrected)
    seen = basis.evidence
    sure = seen.keys == {seen.key} and CERTAIN <= seen.score <= 1
    return seen.key if sure and any(each.key == seen.key for each in basis.registry.vehicles) else None


def differs(then: Ruling, now: Ruling, truth: str | None) -> Known | None:
    """Whether the gate would do otherwise, and whether for the better; None where it would do the same."""
    if then.opened_for == now.opened_for:
        return None
    if truth is None:
        return Known.UNKNOWN
    return Known.BETTER if now.opened_for == truth or (not now.opened_for and then.opened_for != truth) else Known.WORSE
