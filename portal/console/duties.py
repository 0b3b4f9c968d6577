"""What the console shows of the duty of some condominiums: who is on, and what is handed over."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from access.models import Passage
from portal.console import waiting
from portal.models import Note, Shift
from premises.models import Condominium

MOST = 8


@dataclass
class Duty:
    """`left` are those who went away without an answer, at most `MOST` of them; `more` are left out."""

    condominium: Condominium
    shift: Shift | None = None
    notes: list[Note] = field(default_factory=list)
    left: list[Passage] = field(default_factory=list)
    more: int = 0


def duties(condominium_ids: Collection[int], now: datetime) -> dict[int, Duty]:
    found = {each.pk: Duty(each) for each in Condominium.objects.filter(pk__in=condominium_ids)}
    for shift in Shift.objects.filter(condominium__in=found, ended_at=None):
        found[shift.condominium_id].shift = shift
    for note in Note.objects.filter(condominium__in=found, done_at=None).order_by("at"):
        found[note.condominium_id].notes.append(note)
    for passage in waiting.left(found, now):
        _put(found[passage.condominium_id], passage)
    return found


def _put(duty: Duty, passage: Passage) -> None:
    if len(duty.left) < MOST:
        duty.left.append(passage)
    else:
        duty.more += 1
