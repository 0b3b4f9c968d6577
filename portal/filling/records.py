"""What an arrival leaves behind: a passage, a detection, a decision, a gate command, an entry of the journal."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np

from access.models import Decision, Detection, Passage
from access.reasons import Outcome
from gates.models import GateCommand
from gates.problems import Problem
from gates.states import State
from portal.filling.looks import lane_ends
from portal.filling.places import Place
from portal.filling.sheets import NULL, Row, Sheet, Write
from portal.filling.traffic import SECOND, Arrival, Ints
from premises import digests, journal
from premises.models import Condominium, JournalEntry, JournalHead

MODELS = (Passage, Detection, Decision, GateCommand, JournalEntry)
POLICY = "balanced-1"
LOST = 50  # one opening in so many does not reach its gate
BOX = "[520, 410, 120, 40]"


class Records:
    """Says how arrivals are written down, a heap at a time. The journal begins at `journal_from`, chained as ever."""

    def __init__(self, rng: np.random.Generator, places: Sequence[Place], first: int, journal_from: datetime) -> None:
        self.rng, self.ends, self.detection = rng, lane_ends(places), first
        self.journal_from = int(journal_from.timestamp() * SECOND)
        self.heads: dict[int, tuple[int, str]] = {}
        self.passages = Sheet(
            Passage, "id", "condominium_id", "lane_id", "opened_at", "last_seen_at", "ended_at", "plate", "plate_key",
            "score", "corrected_plate", "vehicle_id", "unit_name", "owner_name", "frames", "last_box", "outcome",
            "reason", "decided_at",
        )  # fmt: skip
        self.detections = Sheet(
            Detection, "id", "condominium_id", "passage_id", "camera_id", "taken_at", "frame_digest", "box", "text",
            "score", "engine", "engine_version", "read_ms",
        )  # fmt: skip
        self.decisions = Sheet(
            Decision, "condominium_id", "passage_id", "outcome", "reason", "facts", "at", "policy", "vehicle_id",
            "permit_id", "detection_id", "command_id",
        )  # fmt: skip
        self.commands = Sheet(
            GateCommand, "id", "condominium_id", "gate_id", "state", "passage_id", "requested_by_name", "reason",
            "pulse_ms", "requested_at", "expires_at", "sent_at", "accepted_at", "pulsed_at", "ended_at", "problem",
        )  # fmt: skip
        self.entries = Sheet(
            JournalEntry, "condominium_id", "sequence", "at", "actor", "action", "subject", "passage_id", "data",
            "previous_digest", "digest", "version", "salt", "personal_digest",
        )  # fmt: skip

    def of(self, arrivals: Sequence[Arrival], opened: Ints) -> list[Write]:
        """What writes them down, in this order."""
        number = len(arrivals)
        ids, commands = uuids(self.rng, number), uuids(self.rng, number)
        digests = _hex(self.rng, number, 32)
        decided = opened + self.rng.integers(SECOND // 2, 2 * SECOND, number)
        last = decided + self.rng.integers(0, 4 * SECOND, number)
        scores = [f"{score:.4f}" for score in self.rng.uniform(0.9, 0.9999, number).tolist()]
        times = [stamps(each) for each in (opened, last, last + 6 * SECOND, decided)]
        pulsed, expires = stamps(decided + SECOND // 25), stamps(decided + 5 * SECOND)
        commands = [
            command if one.look.outcome == Outcome.OPEN else NULL
            for one, command in zip(arrivals, commands, strict=True)
        ]
        written = [self.passages.prepared(map(self._passage, arrivals, ids, scores, *times))]
        written += [
            self.detections.prepared(map(self._detection, arrivals, range(number), ids, scores, digests, times[3])),
            self.decisions.prepared(map(self._decision, arrivals, range(number), ids, commands, times[3])),
        ]
        lost = self.rng.integers(0, LOST, number).tolist()
        rows = zip(arrivals, ids, commands, times[3], expires, pulsed, lost, strict=True)
        written += [
            self.commands.prepared(self._command(*row) for row in rows if row[2] != NULL),
            self.entries.prepared(self._entries(arrivals, ids, decided, scores, commands)),
        ]
        self.detection += number
        return written

    def _passage(self, one: Arrival, pk: str, score: str, opened: str, last: str, ended: str, decided: str) -> Row:
        look, lane = one.look, one.lane
        return (
            pk, str(lane.condominium_id), str(lane.pk), opened, last, ended, look.plate, look.key, score,
            look.corrected, look.vehicle, look.unit, look.owner, "1", BOX, look.outcome, look.reason, decided,
        )  # fmt: skip

    def _detection(self, one: Arrival, number: int, passage: str, score: str, digest: str, taken: str) -> Row:
        lane = one.lane
        return (
            str(self.detection + number), str(lane.condominium_id), passage, str(lane.camera_id), taken, digest, BOX,
            one.look.plate, score, "cancela", "fill", "12",
        )  # fmt: skip

    def _decision(self, one: Arrival, number: int, passage: str, command: str, at: str) -> Row:
        # What a person said later is no part of what was decided.
        look, whose = one.look, NULL if one.look.corrected else one.look.vehicle
        return (
            str(one.lane.condominium_id), passage, look.outcome, look.reason, self._facts(one), at, POLICY, whose,
            look.permit, str(self.detection + number), command,
        )  # fmt: skip

    def _facts(self, one: Arrival) -> str:
        return one.look.facts + self.ends[one.place][one.number]

    def _command(
        self, one: Arrival, passage: str, pk: str, requested: str, expires: str, pulsed: str, lost: int
    ) -> Row:
        went = (State.PULSED, requested, pulsed, pulsed, pulsed, "")
        state, sent, accepted, moved, ended, problem = (
            went if lost else (State.FAILED, NULL, NULL, NULL, requested, Problem.CONTROLLER_OFFLINE)
        )
        return (
            pk, str(one.lane.condominium_id), str(one.lane.gate_id), state, passage, journal.SYSTEM,
            one.look.opening, "500", requested, expires, sent, accepted, moved, ended, problem,
        )  # fmt: skip

    def _entries(
        self, arrivals: Sequence[Arrival], ids: list[str], decided: Ints, scores: list[str], commands: list[str]
    ) -> Iterator[Row]:
        for one, passage, at, score, command in zip(arrivals, ids, decided.tolist(), scores, commands, strict=True):
            if at >= self.journal_from:
                yield self._entry(one, passage, at, float(score), None if command == NULL else command)

    def _entry(self, one: Arrival, passage: str, at: int, score: float, command: str | None) -> Row:
        sequence, previous = self.heads.get(one.lane.condominium_id, (0, ""))
        data = {
            "lane": one.lane.name,
            "outcome": str(one.look.outcome),
            "reason": str(one.look.reason),
            "facts": json.loads(self._facts(one)),
            "policy": POLICY,
            "pictures": 1,
            "score": score,
            "command": command,
        }
        entry = JournalEntry(
            condominium_id=one.lane.condominium_id, sequence=sequence + 1, at=datetime.fromtimestamp(at / SECOND, UTC),
            actor=journal.SYSTEM, action="passage.decided", subject=one.look.plate, passage_id=_dashed(passage),
            data=data, previous_digest=previous, version=digests.VERSION, salt=self.rng.bytes(16).hex(),
        )  # fmt: skip
        entry.personal_digest = digests.of_personal(entry.salt, entry.subject, entry.data)
        entry.digest = digests.of_entry(entry)
        self.heads[entry.condominium_id] = (entry.sequence, entry.digest)
        stamp = entry.at.replace(tzinfo=None).isoformat(" ", "microseconds")
        return (
            str(entry.condominium_id), str(entry.sequence), stamp, entry.actor, entry.action, entry.subject, passage,
            json.dumps(data, ensure_ascii=False), previous, entry.digest,
            str(entry.version), entry.salt, entry.personal_digest,
        )  # fmt: skip

    def close(self, condominiums: Sequence[Condominium]) -> None:
        """Write down where each chain ends, so that the journal goes on from there."""
        for condominium in condominiums:
            sequence, digest = self.heads.get(condominium.pk, (0, ""))
            JournalHead.objects.create(condominium=condominium, sequence=sequence, digest=digest)


def uuids(rng: np.random.Generator, number: int) -> list[str]:
    """Random ones (version 4), without dashes."""
    drawn = np.frombuffer(rng.bytes(16 * number), np.uint8).reshape(number, 16).copy()
    drawn[:, 6] = drawn[:, 6] & 0x0F | 0x40
    drawn[:, 8] = drawn[:, 8] & 0x3F | 0x80
    text = drawn.tobytes().hex()
    return [text[start : start + 32] for start in range(0, 32 * number, 32)]


def _dashed(text: str) -> str:
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _hex(rng: np.random.Generator, number: int, size: int) -> list[str]:
    text = rng.bytes(size * number).hex()
    return [text[start : start + 2 * size] for start in range(0, 2 * size * number, 2 * size)]


def stamps(moments: Ints) -> list[str]:
    """Microseconds since 1970 as both databases read them."""
    written = np.datetime_as_string(moments.astype("M8[us]"))
    return [text.replace("T", " ") for text in written.tolist()]
