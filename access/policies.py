"""How much must speak for a registered vehicle before it is taken for the one that was seen. Pure."""

from collections.abc import Container
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from access.weighing import Weights

# Below this certainty an equal plate is no evidence yet: it may be a string of guesses. Of the classical engine's
# right reads of street pictures none is below 0.7.
SURE = 0.6
# From which probability on a vehicle fits, so that a person is told of it.
FITS = 0.2


class Policy(TextChoices):
    EXACT = "exact", _("exact: every character as registered")
    STRICT = "strict", _("strict: one error in a thousand doubtful cases")
    BALANCED = "balanced", _("balanced: one error in a hundred doubtful cases")
    AGREEING = "agreeing", _("n of 7: so many characters equal")


# The probability that a vehicle must have. What it costs and brings is printed by `make bench-tolerance`.
ENOUGH: dict[str, float] = {Policy.STRICT: 0.999, Policy.BALANCED: 0.99}
VERSION = 1


@dataclass(frozen=True, slots=True)
class Seen:
    """What the pictures of one vehicle say of who it is; everything is a vehicle's key.

    key       of the fused read
    keys      of the fused read and of each picture's
    score     of the fused read
    weights   of all registered vehicles; None where the engine was never calibrated
    agreeing  the vehicles that agree with the fused read in the most places, where those are enough
    """

    key: str
    keys: frozenset[str]
    score: float
    weights: Weights | None = None
    agreeing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """The vehicle that is meant, or None; and all that fit somehow, as far as a person should know of them."""

    key: str | None
    fitting: tuple[str, ...] = ()


def applied(policy: str, seen: Seen) -> str:
    """The policy that can be applied: without calibrated probabilities nothing can be weighed, and it is *exact*."""
    return Policy.EXACT if policy in ENOUGH and seen.weights is None else policy


def named(policy: str, seen: Seen) -> str:
    """The policy that was applied, with its version."""
    return f"{applied(policy, seen)}-{VERSION}"


def choose(policy: str, seen: Seen, registered: Container[str]) -> Meaning:
    """Which of the registered vehicles is meant. An unknown policy chooses none."""
    fits = tuple(key for key in sorted(seen.keys) if key in registered)
    match applied(policy, seen):
        case Policy.EXACT:
            return Meaning(_exactly(seen, fits), fits)
        case Policy.STRICT | Policy.BALANCED:
            return _weighed(ENOUGH[policy], seen, fits, registered)
        case Policy.AGREEING:
            near = tuple(key for key in seen.agreeing if key in registered)
            return Meaning(near[0] if len(near) == 1 else None, near or fits)
    return Meaning(None, fits)


def _exactly(seen: Seen, fits: tuple[str, ...]) -> str | None:
    return seen.key if fits == (seen.key,) and SURE <= seen.score <= 1 else None


def _weighed(enough: float, seen: Seen, fits: tuple[str, ...], registered: Container[str]) -> Meaning:
    shares = [share for share in (seen.weights.shares if seen.weights else ()) if share.key in registered]
    likely = tuple(share.key for share in shares if share.share >= FITS)
    best = next((share.key for share in shares if enough <= share.share <= 1), None)
    return Meaning(best, tuple(dict.fromkeys((*likely, *fits))))
