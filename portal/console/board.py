"""What the console shows of some condominiums now: a card for each lane, and the duty. A fixed number of queries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from access.models import Decision, Detection, Lane, Passage
from access.reasons import Outcome
from access.shown import WORDS
from gates.models import GateCommand
from portal.console import gate_words, trouble, waiting
from portal.console.gate_words import GateWords
from portal.console.trouble import Trouble

# Colours of the outcome. The words say the same.
TONES = {Outcome.OPEN: "open", Outcome.REFUSE: "refuse", Outcome.ASK: "ask", Outcome.RECORD: "info", "": "info"}
# Nothing of these is shown; decrypting a secret for each card would be waste besides.
SECRETS = ("camera__password", "gate__controller__key")


@dataclass(frozen=True)
class Seen:
    """The passage of a card, with what is known of who it is.

    `picture` is the id of the detection to show, `known` of one that shows the same vehicle on an earlier day.
    """

    passage: Passage
    decision: Decision | None
    picture: int | None
    known: int | None
    turned_away_by: str

    @property
    def outcome(self) -> Any:
        return WORDS.get(self.passage.outcome, self.passage.outcome)

    @property
    def tone(self) -> str:
        return TONES.get(self.passage.outcome, "info")

    @property
    def unit(self) -> str:
        """Of the resident, or the one that a visitor comes to."""
        return self.passage.unit_name or str(self._facts.get("host") or "")

    @property
    def name(self) -> str:
        return self.passage.owner_name or str(self._facts.get("holder") or "")

    @property
    def vehicle(self) -> str:
        vehicle = self.passage.vehicle
        return " · ".join(filter(None, (vehicle.make, vehicle.colour))) if vehicle else ""

    @property
    def _facts(self) -> dict[str, Any]:
        # Of a corrected plate the decision says nothing: it was taken about another one.
        return self.decision.facts if self.decision and not self.passage.corrected_plate else {}


@dataclass(frozen=True)
class Card:
    """A lane. `needs`: somebody stands there whom the guard has to answer; `more` others wait behind.

    `due` is when it changes by the clock alone.
    """

    lane: Lane
    seen: Seen | None
    gate: GateWords | None
    troubles: list[Trouble]
    needs: bool = False
    more: int = 0
    due: datetime | None = None


def cards(condominium_ids: Collection[int], now: datetime) -> list[Card]:
    """The cards of these condominiums' active lanes, by condominium and name."""
    lanes = list(_lanes(condominium_ids))
    waiting_by_lane = _waiting(lanes, now)
    shown = {lane.pk: _shown(lane, waiting_by_lane) for lane in lanes}
    seen = _seen([pk for pk in shown.values() if pk])
    commands = _commands(lanes)
    return [
        _card(lane, seen.get(shown[lane.pk]), waiting_by_lane.get(lane.pk, []), commands.get(lane.latest_command), now)
        for lane in lanes
    ]


def active_lanes(condominium_ids: Collection[int]) -> Any:
    """The lanes that have a card, in the order of the screen."""
    rows = Lane.objects.filter(condominium_id__in=condominium_ids, is_active=True)
    return rows.order_by("condominium__name", "condominium_id", "name", "pk")


def _lanes(condominium_ids: Collection[int]) -> Any:
    passages = Passage.objects.filter(lane=OuterRef("pk")).order_by("-opened_at")
    commands = GateCommand.objects.filter(gate=OuterRef("gate")).order_by("-requested_at")
    rows = active_lanes(condominium_ids).select_related("condominium", "camera", "gate__controller").defer(*SECRETS)
    return rows.annotate(
        latest_passage=Subquery(passages.values("pk")[:1]), latest_command=Subquery(commands.values("pk")[:1])
    )


def _waiting(lanes: Iterable[Lane], now: datetime) -> dict[int, list[Passage]]:
    """By lane who stands there without an answer, who came first before."""
    found: dict[int, list[Passage]] = {}
    for passage in waiting.standing(lanes, now):
        found.setdefault(passage.lane_id, []).append(passage)
    return found


def _shown(lane: Any, waiting_by_lane: dict[int, list[Passage]]) -> Any:
    first = waiting_by_lane.get(lane.pk)
    return first[0].pk if first else lane.latest_passage


def _seen(ids: list[Any]) -> dict[Any, Seen]:
    earlier = Detection.objects.filter(
        passage__vehicle=OuterRef("vehicle"), passage__outcome=Outcome.OPEN, taken_at__lt=OuterRef("opened_at")
    ).exclude(frame="")
    rows = Passage.objects.filter(pk__in=ids).select_related("decision", "vehicle", "turned_away")
    pictures = _pictures(ids)
    return {
        passage.pk: _as_seen(passage, pictures.get(passage.pk, []))
        for passage in rows.annotate(known=Subquery(earlier.order_by("-taken_at").values("pk")[:1]))
    }


def _as_seen(passage: Any, pictures: list[tuple[int, float]]) -> Seen:
    decision = getattr(passage, "decision", None)
    deciding = decision.detection_id if decision else None
    best = max(pictures, key=lambda row: (row[0] == deciding, row[1]), default=None)
    away = getattr(passage, "turned_away", None)
    return Seen(passage, decision, best[0] if best else None, passage.known, away.by_name if away else "")


def _pictures(ids: list[Any]) -> dict[Any, list[tuple[int, float]]]:
    kept = Detection.objects.filter(passage__in=ids).exclude(frame="").order_by()
    found: dict[Any, list[tuple[int, float]]] = {}
    for pk, passage_id, score in kept.values_list("pk", "passage_id", "score"):
        found.setdefault(passage_id, []).append((pk, score))
    return found


def _commands(lanes: Iterable[Any]) -> dict[Any, GateCommand]:
    ids = [lane.latest_command for lane in lanes if lane.latest_command]
    return GateCommand.objects.select_related("gate").in_bulk(ids)


def _card(lane: Lane, seen: Seen | None, waits: list[Passage], command: GateCommand | None, now: datetime) -> Card:
    changes = [passage.last_seen_at + waiting.STANDING for passage in waits]
    if command is not None:
        changes.append(command.requested_at + gate_words.LATELY)
    return Card(
        lane=lane,
        seen=seen,
        gate=gate_words.words(lane.gate, command, now) if lane.gate else None,
        troubles=trouble.of_lane(lane, now),
        needs=bool(waits),
        more=max(0, len(waits) - 1),
        due=min((at for at in changes if at > now), default=None),
    )
