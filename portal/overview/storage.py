"""What is kept, how much room there is, and what retention takes away next."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from access.models import Holding

# A disk that is fuller than this is a matter for somebody.
FULL = 0.9


@dataclass(frozen=True)
class Storage:
    """Sums over the condominiums, as they were counted last; `used` is the part of the disk that is taken.

    `oldest_at` is of the oldest passage, `due` passages go at `due_at`. `counted_at` is None before the first count.
    """

    pictures: int = 0
    bytes: int = 0
    oldest_at: datetime | None = None
    due: int = 0
    due_at: datetime | None = None
    missed: int = 0
    counted_at: datetime | None = None
    free: int | None = None
    used: float = 0.0

    @property
    def percent(self) -> int:
        return round(100 * self.used)

    @property
    def is_full(self) -> bool:
        return self.used > FULL


def storage(ids: Iterable[int]) -> Storage:
    """One query, and one question to the operating system: no folder is walked through."""
    rows = list(Holding.objects.filter(condominium_id__in=ids))
    free, used = _disk()
    return Storage(
        sum(row.pictures for row in rows),
        sum(row.bytes for row in rows),
        min((row.oldest_at for row in rows if row.oldest_at), default=None),
        sum(row.due for row in rows),
        min((row.due_at for row in rows if row.due_at), default=None),
        sum(row.missed for row in rows),
        min((row.counted_at for row in rows), default=None),
        free,
        used,
    )


def _disk() -> tuple[int | None, float]:
    """Free bytes where pictures are kept, and the part that is taken; None where no picture was kept yet."""
    try:
        disk = shutil.disk_usage(settings.MEDIA_ROOT)
    except OSError:  # the folder is made with the first picture
        return None, 0.0
    return disk.free, disk.used / disk.total if disk.total else 0.0
