"""The parts of a console's screen as HTML: a card for each lane, and the duty of each condominium."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone, translation

from access.plate_html import plate
from portal.console.board import Card, cards
from portal.console.duties import Duty, duties


@dataclass(frozen=True)
class Part:
    """A piece of the screen, by the id of its element. `passage` is who can be seen in it."""

    key: str
    html: str
    passage: UUID | None = None
    condominium: int = 0


@dataclass(frozen=True)
class Screen:
    """All parts of one condominium in one language; `due` is when it changes by the clock alone."""

    parts: tuple[Part, ...]
    due: datetime | None


def draw(condominium_ids: Collection[int], languages: Collection[str], now: datetime) -> dict[tuple[int, str], Screen]:
    """By condominium and language."""
    drawn: dict[tuple[int, str], Screen] = {}
    for language in languages:
        with translation.override(language):
            known = cards(condominium_ids, now)  # asked anew for each language: sentences are in it already
            for pk, duty in duties(condominium_ids, now).items():
                drawn[pk, language] = _screen([card for card in known if card.lane.condominium_id == pk], duty)
    return drawn


def _screen(own: list[Card], duty: Duty) -> Screen:
    with timezone.override(ZoneInfo(duty.condominium.time_zone)):
        parts = (*map(_card, own), _duty(duty))
    return Screen(parts, min((card.due for card in own if card.due), default=None))


def _card(card: Card) -> Part:
    passage = card.seen.passage if card.seen else None
    context: dict[str, Any] = {"card": card, "seen": card.seen, "passage": passage, "gate": card.gate}
    if passage is not None:
        context["plate"] = plate(passage.shown_plate, large=True)
        context["misread"] = plate(passage.plate, struck=True) if passage.corrected_plate else ""
    html = render_to_string("portal/console/card.html", context)
    return Part(f"lane-{card.lane.pk}", html, passage.pk if passage else None, card.lane.condominium_id)


def _duty(duty: Duty) -> Part:
    rows = [(passage, plate(passage.shown_plate)) for passage in duty.left]
    html = render_to_string("portal/console/duty.html", {"duty": duty, "left": rows})
    return Part(f"duty-{duty.condominium.pk}", html, condominium=duty.condominium.pk)
