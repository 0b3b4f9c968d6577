"""The lists of keys on boards: made, delivered a page for a heartbeat, kept alive, and taken back at once.

A version number only goes up, whatever backup a database came from: it is never below the clock's seconds, nor below
what the board says that it has.
"""

import hashlib
import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from gates import controllers, key_wire
from gates.key_book import Listed, book
from gates.key_post import say, send
from gates.key_wire import Record, Sealing, Told
from gates.models import CarriedKey, Controller, KeyList
from gates.protocol import Status

LIFE = timedelta(days=7)
LIFE_MS = LIFE // timedelta(milliseconds=1)
# How often a board is told that we are here, and what it carries is looked at.
PACE_SECONDS = 4.0
SESSIONS = 8


class Pace:
    """Lets something happen to each board every few seconds at most, in this process."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._done = seconds, dict[int, float]()

    def is_due(self, pk: int) -> bool:
        now = time.monotonic()
        if now - self._done.get(pk, -self._seconds) < self._seconds:
            return False
        self._done[pk] = now
        return True


pace = Pace(PACE_SECONDS)


# --- heard ----------------------------------------------------------------------------------------------


def heed(controller: Controller, status: Status, at: datetime) -> None:
    """Take in what a heartbeat says of the board's list, and answer it: a word, and what the list lacks.

    `controller` is as it was before this heartbeat.
    """
    stale = status.session == controller.session and status.uptime < controller.uptime_ms
    if status.keys is None or stale:
        return
    told = key_wire.parse_told(status.keys)
    rows = KeyList.objects.select_related("controller")
    row, _new = rows.get_or_create(controller=controller, defaults={"condominium_id": controller.condominium_id})
    _note(row, controller, status, told, at)
    if pace.is_due(controller.pk):
        say(controller, "here", status.session, status.uptime)
        refresh(row, at)
    if message := _lacking(row, told, status, at):
        send(controller, message)


def _note(row: KeyList, controller: Controller, status: Status, told: Told, at: datetime) -> None:
    """The board's own words, written where they changed."""
    change: dict[str, object] = {}
    if controller.session and controller.session != status.session and controller.heard_at:
        known = {**row.sessions, controller.session: [controller.uptime_ms, controller.heard_at.isoformat()]}
        change["sessions"] = dict(list(known.items())[-SESSIONS:])
    said = {"board_version": told.version, "board_minutes": told.minutes, "board_waiting": told.waiting}
    if any(getattr(row, name) != value for name, value in said.items()):
        change |= {**said, "told_at": at}
    if told.version == row.version and (not row.is_delivered or row.delivered_at is None):
        change["delivered_at"] = at
    _write(row, **change)


def _write(row: KeyList, **change: object) -> None:
    if change:
        KeyList.objects.filter(pk=row.pk).update(**change)
        for name, value in change.items():
            setattr(row, name, value)


# --- made -----------------------------------------------------------------------------------------------


def refresh(row: KeyList, now: datetime) -> bool:
    """Make the list what the registry says now. Returns whether that was another version."""
    wanted = book().listed(row.controller, now)
    with transaction.atomic():
        fresh = KeyList.objects.select_for_update(of=("self",)).select_related("controller").get(pk=row.pk)
        anew = fresh.key_mark != _mark(fresh.controller)
        if anew:
            CarriedKey.objects.filter(controller=fresh.controller).delete()
        have = {each.ref: each for each in CarriedKey.objects.filter(controller=fresh.controller)}
        struck = [each.digest for ref, each in have.items() if each.relays and not wanted.get(ref, NOWHERE).relays]
        added = [ref for ref, each in wanted.items() if each.relays and (ref not in have or _of(have[ref]) != each)]
        _rewrite(fresh.controller, wanted, have)
        changed = bool(struck or added or anew)
        if changed:
            _renumber(fresh, [] if added or anew else struck, now)
    row.refresh_from_db()
    return changed


NOWHERE = Listed(0)


def _mark(controller: Controller) -> str:
    return hashlib.sha256(f"cancela keys {controller.key}".encode()).hexdigest()[:16]


def _of(row: CarriedKey) -> Listed:
    return Listed(row.relays, row.ends_at)


def _rewrite(controller: Controller, wanted: Mapping[int, Listed], have: Mapping[int, CarriedKey]) -> None:
    CarriedKey.objects.filter(controller=controller, ref__in=have.keys() - wanted.keys()).delete()
    for ref in have.keys() & wanted.keys():
        if _of(have[ref]) != wanted[ref]:
            CarriedKey.objects.filter(pk=have[ref].pk).update(relays=wanted[ref].relays, ends_at=wanted[ref].ends_at)
    key = controllers.key_of(controller)
    CarriedKey.objects.bulk_create(
        CarriedKey(
            controller=controller,
            ref=ref,
            digest=key_wire.digest(kind, digits, device=controller.device, key=key),
            relays=wanted[ref].relays,
            ends_at=wanted[ref].ends_at,
        )
        for ref, (kind, digits) in book().digits(wanted.keys() - have.keys()).items()
    )


def _renumber(row: KeyList, struck: list[str], now: datetime) -> None:
    """A new version of a locked row: by what was struck out where that is all, so that one message says it."""
    if struck and row.is_delivered and row.version:
        row.before, row.struck = row.version, struck
    elif struck and row.struck:
        row.struck = [*row.struck, *struck]
    else:
        row.before, row.struck = 0, []
    if len(row.struck) > key_wire.STRUCK:
        row.before, row.struck = 0, []
    row.version = max(row.version, row.board_version, int(now.timestamp())) + 1
    row.made_at, row.delivered_at, row.key_mark = now, None, _mark(row.controller)
    row.save(update_fields=["version", "before", "struck", "made_at", "delivered_at", "key_mark"])


def _anew(row: KeyList, now: datetime) -> None:
    """The same keys as another version, to be sent whole."""
    with transaction.atomic():
        _renumber(KeyList.objects.select_for_update().get(pk=row.pk), [], now)
    row.refresh_from_db()


# --- delivered ------------------------------------------------------------------------------------------


def _lacking(row: KeyList, told: Told, status: Status, now: datetime) -> bytes | None:
    """The one message that brings the board nearer to what it shall have."""
    if not row.version:
        return None
    if told.version > row.version:  # ours is of a backup
        _anew(row, now)
    if told.version == row.version:
        if row.sent_session == status.session or not _has_ends(row):
            fresh = told.minutes * 2 < LIFE // timedelta(minutes=1)
            return key_wire.encode_renewal(row.version, _seal(row, status)) if fresh else None
        # Ends are readings of a clock that began anew.
        _anew(row, now)
    if row.struck and told.version == row.before:
        return key_wire.encode_strike(row.version, row.before, row.struck, _seal(row, status))
    return _page(row, told, status)


def _has_ends(row: KeyList) -> bool:
    carried = CarriedKey.objects.filter(controller=row.controller_id, relays__gt=0)
    return carried.exclude(ends_at=None).exists()


def _page(row: KeyList, told: Told, status: Status) -> bytes:
    records = _records(row, status)
    page = told.page if told.coming == row.version else min(1, len(records))
    if page <= 1:
        _fix_end(row, status)
    seal = _seal(row, status, row.sent_until)
    return key_wire.encode_page(row.version, records, page, seal)


def _fix_end(row: KeyList, status: Status) -> None:
    """When a whole list ends: once for all its pages, whoever of several servers sends them."""
    if row.sent_session == status.session and row.sent_until > status.uptime + LIFE_MS // 2:
        return
    unmoved = KeyList.objects.filter(pk=row.pk, sent_session=row.sent_session, sent_until=row.sent_until)
    unmoved.update(sent_session=status.session, sent_until=status.uptime + LIFE_MS)
    row.refresh_from_db(fields=["sent_session", "sent_until"])


def _records(row: KeyList, status: Status) -> list[Record]:
    """As this board's clock reads them."""
    heard = timezone.now()

    def ends(at: datetime | None) -> int | None:
        return None if at is None else key_wire.minutes_of(max(0, status.uptime + (at - heard) // _MS))

    carried = CarriedKey.objects.filter(controller=row.controller_id, relays__gt=0)
    return sorted(Record(each.digest, each.relays, ends(each.ends_at)) for each in carried)


_MS = timedelta(milliseconds=1)


def _seal(row: KeyList, status: Status, until: int | None = None) -> Sealing:
    controller = row.controller
    end = status.uptime + LIFE_MS if until is None else until
    return Sealing(controller.device, controllers.key_of(controller), status.session, end)


def push(controller: Controller) -> None:
    """Strike out at once what was taken back, where the board is heard; otherwise its next heartbeat brings it."""
    row = KeyList.objects.select_related("controller").filter(controller=controller).first()
    if row is None or not refresh(row, timezone.now()) or not controllers.is_online(row.controller):
        return
    now = timezone.now()
    status = Status(True, row.controller.session, controllers.uptime_at(row.controller, now))
    told = Told(row.board_version, row.board_minutes, row.board_waiting, 0, 0)
    if message := _lacking(row, told, status, now):
        send(row.controller, message)


def key_of(controller: Controller, digest: str) -> CarriedKey | None:
    """What a digest of this board stands for; of several of the same digits one that holds, else the latest."""
    found = CarriedKey.objects.filter(controller=controller, digest=digest)
    return found.order_by("-relays", "-ref").first()
