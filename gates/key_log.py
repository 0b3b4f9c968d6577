"""What boards did by themselves, taken in when they are back: each entry once, in order, and what was lost said."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from gates import controllers, key_lists, key_post
from gates.key_book import Named, book
from gates.key_wire import NOBODY, Entry, LogPage
from gates.key_words import What
from gates.models import Controller, KeyList, KeyUse
from premises import journal

log = logging.getLogger("gates")

# What a heartbeat may have been under way for, and how wrong a board's crystal may go: 200 parts in a million.
UNDER_WAY = timedelta(seconds=2)
DRIFT = 200e-6

# A page is said again every few seconds; one that was recorded and comes later is nobody's word.
FRESH = timedelta(minutes=1)

ACTIONS = {What.OPENED: "gate.opened_offline", What.LOCKED: "gate.reader_locked", What.GAP: "gate.log_gap"}


def take_in(controller: Controller, page: LogPage, at: datetime) -> int:
    """Write down the entries that are news, and tell the board that it may forget them. Returns how many were."""
    if not _is_fresh(controller, page, at):
        log.warning("%s: a page of its log that was said before; ignored", controller.device)
        return 0
    with transaction.atomic():
        row = KeyList.objects.select_for_update().filter(controller=controller).first()
        if row is None:  # no heartbeat named a list yet: the board says it again
            return 0
        news = sum(_take(row, controller, entry, page, at) for entry in page.entries)
    key_post.say(controller, "logged", page.session, page.uptime)
    return news


def _is_fresh(controller: Controller, page: LogPage, at: datetime) -> bool:
    if page.session != controller.session or controller.heard_at is None:
        return False
    late = controllers.uptime_at(controller, at) - page.uptime
    return timedelta(milliseconds=late) < FRESH


def _take(row: KeyList, controller: Controller, entry: Entry, page: LogPage, at: datetime) -> bool:
    mine = KeyUse.objects.filter(controller=controller, session=entry.session, offline=True)
    last = mine.aggregate(last=Max("number"))["last"] or 0
    if entry.number <= last:
        return False
    when = when_was(row, entry, page, at)
    if lost := entry.number - last - 1:
        _write(controller, Entry(entry.session, entry.number - 1, entry.uptime, What.GAP, 0, NOBODY), when, lost)
    _write(controller, entry, when, 0)
    return True


Span = tuple[datetime, datetime, datetime]


def when_was(row: KeyList, entry: Entry, page: LogPage, heard: datetime) -> Span:
    """When an entry was made: likeliest, not before, not after.

    Of a session whose clock we read, to the second; otherwise between what we know before and after it.
    """
    if entry.session == page.session:
        return _around(page.uptime, heard, entry.uptime)
    if entry.session in row.sessions:
        uptime, at = row.sessions[entry.session]
        return _around(uptime, datetime.fromisoformat(at), entry.uptime)
    booted = heard - timedelta(milliseconds=page.uptime)
    known = [datetime.fromisoformat(at) for _uptime, at in row.sessions.values()]
    before = max((at for at in known if at <= booted), default=row.made_at or booted)
    return booted, min(before, booted), booted


def _around(uptime: int, heard: datetime, was: int) -> Span:
    passed = timedelta(milliseconds=was - uptime)
    spread = UNDER_WAY + abs(passed) * DRIFT
    return heard + passed, heard + passed - spread, heard + passed + spread


def _write(controller: Controller, entry: Entry, when: Span, lost: int) -> None:
    gate = controller.gates.filter(relay=entry.relay).first()
    known = key_lists.key_of(controller, entry.digest) if entry.digest != NOBODY else None
    named = book().named(known.ref) if known else None
    likely, not_before, not_after = when
    use = KeyUse.objects.create(
        condominium_id=controller.condominium_id,
        controller=controller,
        gate=gate,
        key_ref=named.ref if named else None,
        key_name=named.name[:160] if named else "",
        what=What(entry.what) if entry.what in What else What.OTHER,
        offline=True,
        at=likely,
        not_before=not_before,
        not_after=not_after,
        lost=lost,
        session=entry.session,
        number=entry.number,
    )
    _journal(use, named)


def _journal(use: KeyUse, named: Named | None) -> None:
    journal.record(
        use.condominium_id,
        ACTIONS.get(What(use.what), "gate.refused_offline"),
        actor=f"controller: {use.controller.device}",
        subject=str(use.gate or use.controller),
        data={
            "key": named.name if named else "",
            "what": use.what,
            "at": use.at,
            "not_before": use.not_before,
            "not_after": use.not_after,
            "session": use.session,
            "number": use.number,
            **({"lost": use.lost} if use.lost else {}),
        },
    )
