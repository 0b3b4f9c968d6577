"""One passage after another, as it was decided and as it would be: what is kept of it, and what is on record today."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from access import engines, evidence, tracking, witnesses
from access.models import Detection, Lane, Passage, Permit, Vehicle
from access.reasons import Outcome
from access.record import registry_at
from access.replaying import Basis, replay
from access.rolls import roll_of
from access.rules import Candidate, Registry
from access.shadowing import Again, Known, Ruling, Settings, again, as_it_was, differs, is_comparable, truth_of
from access.weighing import Weights
from premises.models import JournalEntry
from recognition import Box, ImageError, Read, decode_image
from recognition.reads import Probabilities

DECIDED = "passage.decided"
LISTED = 500  # differences that a run keeps, the latest; the counts have all of them


@dataclass
class Figures:
    """What a comparison found.

    compared   passages that were decided again
    left_out   passages that were not: the journal or the reads are not whole, or it was an error of ours
    unseen     passages without a picture that another engine could read
    today      of the compared, those that rest on the records of today
    opened, asked   of the compared, those let in and those sent to the guard: then, and now
    better, worse, unknown   of those that differ: which vehicle it was is known, or is not
    """

    compared: int = 0
    left_out: int = 0
    unseen: int = 0
    today: int = 0
    opened: list[int] = field(default_factory=lambda: [0, 0])
    asked: list[int] = field(default_factory=lambda: [0, 0])
    better: int = 0
    worse: int = 0
    unknown: int = 0

    def count(self, then: Ruling, found: Again, known: Known | None) -> None:
        self.compared += 1
        self.today += found.today
        for at, ruling in enumerate((then, found.ruling)):
            self.opened[at] += ruling.outcome == Outcome.OPEN
            self.asked[at] += ruling.outcome == Outcome.ASK
        if known:
            setattr(self, known, getattr(self, known) + 1)


@dataclass(frozen=True)
class Difference:
    """A passage for which the gate would have done otherwise."""

    passage: UUID
    then: Ruling
    now: Ruling
    known: Known


def compare(
    lane: Lane, found: Sequence[Passage], wanted: Settings, figures: Figures, *, read_again: bool
) -> Iterator[Difference]:
    """Decide passages of a lane, with their detections, once more; counts them, and gives those that differ.

    `read_again`: by the engine that is wanted, where another one read them and a picture is kept.
    """
    engine = wanted.engine if read_again else None
    rows = JournalEntry.objects.filter(passage_id__in=[each.pk for each in found], action=DECIDED)
    entries = {entry.passage_id: entry for entry in rows.filter(condominium_id=lane.condominium_id)}
    records = OfToday(lane)
    for passage in found:
        case = _case(passage, entries.get(passage.pk))
        if case is None:
            figures.left_out += 1
        elif (seen := _seen(case, engine)) is None:
            figures.unseen += 1
        else:
            yield from _differing(passage, case, again(seen, case.basis, wanted, records, case.noted(engine)), figures)


@dataclass(frozen=True)
class _Kept:
    """What is kept of a decided passage."""

    basis: Basis
    then: Ruling
    reads: list[Read]
    detections: list[Detection]

    def noted(self, engine: str | None) -> int:
        """How many of the reads the weights in the journal are of."""
        return 0 if self.is_new_to(engine) else len(self.basis.evidence.texts)

    def is_new_to(self, engine: str | None) -> bool:
        return engine is not None and any(detection.engine != engine for detection in self.detections)


def _case(passage: Passage, entry: JournalEntry | None) -> _Kept | None:
    if entry is None:
        return None
    try:
        replayed, basis = replay(entry), Basis.recalled(entry.data["basis"])
    except (KeyError, ValueError):
        return None  # an older journal says less, and one in which something was erased
    detections = list(passage.detections.all())
    reads = [witnesses.as_read(detection) for detection in detections]
    if not is_comparable(replayed, basis, reads):
        return None
    return _Kept(basis, as_it_was(replayed, basis), reads, detections)


def _seen(case: _Kept, engine: str | None) -> list[Read] | None:
    """The passage's reads by that engine; None where that would need pictures of which none is kept."""
    if engine is None or not case.is_new_to(engine):
        return case.reads
    pictures = [(detection, evidence.read(detection, "frame")) for detection in case.detections if detection.frame]
    kept = [(detection, data) for detection, data in pictures if data is not None]
    return [read for detection, data in kept if (read := _read_again(detection, data, engine))] if kept else None


def _read_again(detection: Detection, data: bytes, engine: str) -> Read | None:
    """What the engine reads where the plate was; raises `EngineError` where it cannot be loaded."""
    try:
        reads = tracking.usable(engines.engine(engine).read(decode_image(data)))
    except ImageError:
        return None
    return nearest(Box(*detection.box), reads)


def nearest(box: Box, reads: Iterable[Read]) -> Read | None:
    """The read at that place in the picture, if there is one."""
    there = [read for read in reads if read.box.holds_centre_of(box) or box.holds_centre_of(read.box)]
    return max(there, key=lambda read: read.box.overlap(box), default=None)


def _differing(passage: Passage, case: _Kept, found: Again, figures: Figures) -> Iterator[Difference]:
    known = differs(case.then, found.ruling, truth_of(case.basis, passage.corrected_plate))
    figures.count(case.then, found, known)
    if known:
        yield Difference(passage.pk, case.then, found.ruling, known)


class OfToday:
    """`shadowing.Records` of a lane's condominium."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane

    def weigh(self, seen: Probabilities) -> Weights:
        return roll_of(self.lane.condominium_id, ()).weigh(seen)

    def agreeing(self, text: str, least: int) -> tuple[str, ...]:
        return roll_of(self.lane.condominium_id, ()).agreeing(text, least)

    def of(self, keys: frozenset[str], at: datetime) -> Registry:
        older = Vehicle.objects.filter(condominium_id=self.lane.condominium_id, created_at__lte=at)
        there = set(older.filter(plate_key__in=keys).values_list("plate_key", flat=True))
        today = registry_at(self.lane, keys, at)
        return replace(today, vehicles=tuple(_as_of(each, at) for each in today.vehicles if each.key in there))


def _as_of(vehicle: Candidate, at: datetime) -> Candidate:
    """Without the permits that were given only later."""
    given = Permit.objects.filter(pk__in=[permit.id for permit in vehicle.permits], created_at__lte=at)
    older = set(given.values_list("pk", flat=True))
    return replace(vehicle, permits=tuple(permit for permit in vehicle.permits if permit.id in older))
