"""Deciding again what was decided: all that the rules were told is in the journal, and says the same today or does not.

The journal is chained, so what is replayed is what was noted at that moment; the registry of today plays no part.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from access import policies, rules
from access.facts import Candidate, Elsewhere, Evidence, LaneFacts, Registry, Verdict, Watched
from access.hours import Window
from access.permitting import PermitFacts, Standing
from access.weighing import Share, Weights
from premises.models import JournalEntry

Noted = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a decision rests on."""

    evidence: Evidence
    registry: Registry
    now: datetime

    def noted(self) -> dict[str, Any]:
        """As plain JSON can hold it."""
        noted: dict[str, Any] = _plain(asdict(self))
        return noted

    @classmethod
    def recalled(cls, noted: Noted) -> "Basis":
        """Raises `KeyError`, `TypeError` or `ValueError` for what was not noted by `noted`.

        What an older version did not know of is as it was then: not there.
        """
        evidence, registry = dict(noted["evidence"]), dict(noted["registry"])
        evidence |= {"texts": tuple(evidence["texts"]), "agreeing": tuple(evidence["agreeing"])}
        evidence["weights"] = _weights(evidence["weights"])
        registry |= {
            "lane": LaneFacts(**registry["lane"]),
            "vehicles": tuple(_candidate(vehicle) for vehicle in registry["vehicles"]),
            "watched": tuple(Watched(**entry) for entry in registry["watched"]),
            "holidays": tuple((date.fromisoformat(day), name) for day, name in registry.get("holidays", ())),
            "opened_for": _elsewhere(registry.get("opened_for", ())),
            "let_in": _elsewhere(registry.get("let_in", ())),
        }
        return cls(Evidence(**evidence), Registry(**registry), datetime.fromisoformat(noted["now"]))


def _plain(value: Any) -> Any:
    """Sets as sorted lists, times as ISO 8601."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date | time) else value


def _weights(noted: Noted | None) -> Weights | None:
    return Weights(tuple(Share(**each) for each in noted["shares"]), noted["stranger"]) if noted else None


def _candidate(noted: Noted) -> Candidate:
    standing = dict(noted.get("standing") or {})
    if standing:
        standing |= {"inside_since": _moment(standing["inside_since"]), "occupied": tuple(standing["occupied"])}
    permits = tuple(_permit(permit) for permit in noted["permits"])
    return Candidate(**{**noted, "permits": permits, "standing": Standing(**standing)})


def _permit(noted: Noted) -> PermitFacts:
    told = {name: _moment(noted.get(name)) for name in ("valid_from", "valid_until", "used_at")}
    lanes = {"lanes": frozenset(noted["lanes"]), "lane_names": tuple(noted["lane_names"])}
    windows = tuple(Window.recalled(window) for window in noted.get("windows", ()))
    return PermitFacts(**{**noted, **told, **lanes, "windows": windows})


def _elsewhere(noted: Iterable[Noted]) -> tuple[Elsewhere, ...]:
    return tuple(Elsewhere(each["key"], each["lane"], datetime.fromisoformat(each["at"])) for each in noted)


def _moment(noted: str | None) -> datetime | None:
    return datetime.fromisoformat(noted) if noted else None


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
