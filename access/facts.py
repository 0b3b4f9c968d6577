"""What the rules are told, and what they answer. Pure data; the whole of it can be noted and decided upon again."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from access import policies
from access.permitting import UNSEEN, Passback, PermitFacts, Standing
from access.policies import Policy, Seen
from access.reasons import Outcome, Reason
from access.states import VehicleState
from access.weighing import Weights
from recognition import PlateError, canonical


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
class Candidate:
    """A registered vehicle with its permits that are in force. Only an active one comes in, whatever its permits.

    `suspicion` is a reason to ask the guard instead of opening, `suspected` what its sentence tells (`clones`).
    """

    id: int
    key: str
    plate: str
    unit: str = ""
    owner: str = ""
    permits: tuple[PermitFacts, ...] = ()
    standing: Standing = UNSEEN
    state: str = VehicleState.ACTIVE
    colour: str = ""
    suspicion: str = ""
    suspected: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Watched:
    key: str
    plate: str
    kind: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A plate that is dealt with already: at another lane of the gate, or let in by a person. `lane` is its name."""

    key: str
    lane: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LaneFacts:
    """`gate` is its name; None is a lane that only records. `policy` is one of `policies.Policy`.

    `leaves`: who is seen here is on the way out. `locked_down`: nobody enters the condominium now. `gate_locked`:
    nobody passes this gate, either way.
    """

    id: int
    name: str
    gate: str | None
    on_hold: bool = False
    policy: str = Policy.EXACT
    leaves: bool = False
    passback: str = Passback.OFF
    locked_down: bool = False
    gate_locked: bool = False


@dataclass(frozen=True, slots=True)
class Registry:
    """What the condominium has on record of the plates in question, and of this day.

    `zone` is its clock's; `holidays` are those of today and yesterday on that clock, by date. `opened_for`: who was
    opened for at another lane of this gate just now. `let_in`: who was let in by hand lately; asked only at an exit.
    """

    lane: LaneFacts
    vehicles: tuple[Candidate, ...] = ()
    watched: tuple[Watched, ...] = ()
    zone: str = "UTC"
    holidays: tuple[tuple[date, str], ...] = ()
    opened_for: tuple[Elsewhere, ...] = ()
    let_in: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`facts` is plain JSON, and all that `reasons.sentence` needs."""

    outcome: Outcome
    reason: Reason
    facts: dict[str, Any] = field(default_factory=dict)
    vehicle_id: int | None = None
    permit_id: int | None = None


def _key(text: str) -> str:
    try:
        return canonical(text)
    except PlateError:
        return ""
