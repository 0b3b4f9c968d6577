"""How surely plates were read: of the decided passages, how many were clear, and how many a person had to correct.

Unlike `access.quality`, which compares characters where the truth is known, this can be counted of every passage.
"""

from dataclasses import dataclass

from django.db.models import Count, Q

from access.reasons import Reason

# What was read was doubtful, or no plate that there is.
DOUBTFUL = (Reason.UNSURE, Reason.AMBIGUOUS, Reason.IMPOSSIBLE)

_CORRECTED = ~Q(corrected_plate="")
# Annotations of passages: decided, sure, corrected; in the order of `Shares`.
SURE = {
    "decided": Count("pk"),
    "sure": Count("pk", filter=~_CORRECTED & ~Q(reason__in=DOUBTFUL)),
    "corrected": Count("pk", filter=_CORRECTED),
}


@dataclass(frozen=True, slots=True)
class Shares:
    """Of `decided` passages `sure` were read surely and never corrected; the rest was corrected, or in doubt."""

    decided: int = 0
    sure: int = 0
    corrected: int = 0

    @property
    def doubtful(self) -> int:
        return self.decided - self.sure - self.corrected

    @property
    def part(self) -> float | None:
        """The share that was read surely; None where nothing was decided."""
        return self.sure / self.decided if self.decided else None
