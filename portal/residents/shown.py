"""Rows as the pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.safestring import SafeString

from access.arrivals import arrivals
from access.household_pictures import with_pictures
from access.households import Home, guests_of, passages_of
from access.models import GuestLink, Passage, Permit, Vehicle
from access.plate_html import plate
from gates.models import GateCommand
from portal.residents import words
from portal.residents.words import State


@dataclass(frozen=True, slots=True)
class Card:
    """A row with its plate drawn and its state in words."""

    row: Any
    state: State
    plate: SafeString | str = ""
    arrived_at: datetime | None = None
    is_open: bool = False


def vehicle(row: Vehicle) -> Card:
    return Card(row, words.of_vehicle(row), plate(row.plate))


def passages(home: Home, most: int) -> list[Card]:
    return [passage(row) for row in rows_of(home)[:most]]


def rows_of(home: Home) -> QuerySet[Passage]:
    """The home's passages, each with its picture's id and how far its gate command came."""
    commands = GateCommand.objects.filter(passage_id=OuterRef("pk")).order_by("-requested_at")
    rows = with_pictures(passages_of(home)).select_related("lane", "vehicle")
    return rows.annotate(gate_state=Subquery(commands.values("state")[:1]))


def passage(row: Any) -> Card:
    """Of a row of `rows_of`."""
    return Card(row, words.of_passage(row, row.gate_state), plate(row.shown_plate))


def guests(home: Home) -> tuple[list[Card], list[Card]]:
    """Who may still come, and who was announced before, of the latter the last twenty."""
    cards = [_guest(row) for row in _with_arrivals(guests_of(home))[:100]]
    return [card for card in cards if card.is_open], [card for card in cards if not card.is_open][:20]


def links(home: Home) -> list[Card]:
    """The links that wait to be used."""
    rows = GuestLink.objects.filter(host=home.unit, used_at=None, taken_back_at=None, valid_until__gt=timezone.now())
    return [Card(row, words.of_link(row)) for row in rows]


def _with_arrivals(permits: QuerySet[Permit]) -> QuerySet[Permit]:
    first = arrivals().filter(permit=OuterRef("pk")).order_by().values("permit").annotate(first=Min("at"))
    return permits.annotate(arrived_at=Subquery(first.values("first")))


def _guest(row: Any) -> Card:
    state = words.of_guest(row, row.arrived_at)
    return Card(row, state, plate(row.vehicle.plate), row.arrived_at, is_open=state.tag != "info")


def cards_of(rows: Iterable[Vehicle]) -> list[Card]:
    return [vehicle(row) for row in rows]
