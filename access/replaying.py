"""Deciding again what was decided: all that the rules were told is in the journal, and says the same today or does not.

The journal is chained, so what is replayed is what was noted at that moment; the registry of today plays no part.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from access import policies, rules
from access.rules import Candidate, Evidence, LaneFacts, PermitFacts, Registry, Verdict, Watched
from access.weighing import Share, Weights
from premises.models import JournalEntry

Noted = Mapping[str, Any]

_TIMES = ("valid_from", "valid_until")


@dataclass(frozen=True, slots=True)
class Basis:
    """What a decision rests on."""

    evidence: Evidence
    registry: Registry
    now: datetime

    def noted(self) -> dict[str, Any]:
        """As plain JSON can hold it."""
        registry = asdict(self.registry)
        for vehicle in registry["vehicles"]:
            for permit in vehicle["permits"]:
                permit["lanes"] = sorted(permit["lanes"])
                permit |= {name: permit[name] and permit[name].isoformat() for name in _TIMES}
        return {"evidence": asdict(self.evidence), "registry": registry, "now": self.now.isoformat()}

    @classmethod
    def recalled(cls, noted: Noted) -> "Basis":
        """Raises `KeyError`, `TypeError` or `ValueError` for what was not noted by `noted`."""
        evidence, registry = dict(noted["evidence"]), noted["registry"]
        evidence |= {"texts": tuple(evidence["texts"]), "agreeing": tuple(evidence["agreeing"])}
        evidence["weights"] = _weights(evidence["weights"])
        return cls(
            Evidence(**evidence),
            Registry(
                LaneFacts(**registry["lane"]),
                tuple(_candidate(vehicle) for vehicle in registry["vehicles"]),
                tuple(Watched(**entry) for entry in registry["watched"]),
            ),
            datetime.fromisoformat(noted["now"]),
        )


def _weights(noted: Noted | None) -> Weights | None:
    return Weights(tuple(Share(**each) for each in noted["shares"]), noted["stranger"]) if noted else None


def _candidate(noted: Noted) -> Candidate:
    return Candidate(**{**noted, "permits": tuple(_permit(permit) for permit in noted["permits"])})


def _permit(noted: Noted) -> PermitFacts:
    times = {name: noted[name] and datetime.fromisoformat(noted[name]) for name in _TIMES}
    return PermitFacts(noted["id"], frozenset(noted["lanes"]), tuple(noted["lane_names"]), **times)


@dataclass(frozen=True, slots=True)
class Replay:
    """What was decided then, and what is decided now of the same; `verdict` is None where one would look again."""

    then: tuple[str, str, str]
    verdict: Verdict | None
    policy: str

    @property
    def now(self) -> tuple[str, str, str]:
        """Outcome, reason and policy, as in `then`."""
        outcome, reason = (self.verdict.outcome, self.verdict.reason) if self.verdict else ("", "")
        return str(outcome), str(reason), self.policy

    @property
    def same(self) -> bool:
        return self.then == self.now


def replay(entry: JournalEntry) -> Replay:
    """Decide once more what a journal entry says was decided. Raises `ValueError` where it says not enough."""
    data = entry.data
    try:
        basis = Basis.recalled(data["basis"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("The journal does not hold what that decision rested on.") from error
    policy = policies.named(basis.registry.lane.policy, basis.evidence.seen)
    return Replay(
        (data["outcome"], data["reason"], data["policy"]),
        rules.decide(basis.evidence, basis.registry, basis.now),
        policy,
    )
