"""A message of the broker's, as it came."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from gates import steady


@dataclass(frozen=True)
class Heard:
    """A message as it came, and when, by both clocks."""

    topic: str
    payload: bytes
    retained: bool
    at: datetime = field(default_factory=timezone.now)
    steady: float = field(default_factory=steady.now)
