"""Who looked at a unit's passages, told to who lives there, out of the journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.households import Home, passages_of, vehicles_of
from access.looking import VIEWED
from access.models import Passage
from premises.models import JournalEntry, Membership
from premises.roles import Role

LISTED, LOOKED_UP = "passages.listed", "owner.looked_up"
SINCE = timedelta(days=30)
MOST = 100

_WORDS: dict[str, Any] = {
    VIEWED: _("looked at this passage and its picture"),
    LISTED: _("looked through the list of all passages"),
    LOOKED_UP: _("looked up whose plate it is"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """`who` in words: role and name; `passage` where it was one of them."""

    at: datetime
    who: str
    what: str
    plate: str = ""
    passage: Passage | None = None


def who_looked(home: Home) -> list[Look]:
    """Who looked at the unit's passages in the last thirty days, the latest first."""
    mine = {passage.pk: passage for passage in passages_of(home)[:1000]}
    plates = list(vehicles_of(home).order_by().values_list("plate", flat=True))
    since = max(timezone.now() - SINCE, home.user.date_joined)
    asked = Q(action=VIEWED, passage_id__in=mine.keys()) | Q(action=LOOKED_UP, subject__in=plates)
    listed = Q(action=LISTED) if mine else Q(pk__in=[])
    return _told(home, _entries(home).filter(asked | listed, at__gte=since)[:MOST], mine)


def who_looked_at(home: Home, passage: Passage) -> list[Look]:
    """Who looked at one passage of the unit's, the latest first."""
    entries = _entries(home).filter(action=VIEWED, passage_id=passage.pk)
    return _told(home, entries[:MOST], {passage.pk: passage})


def _entries(home: Home) -> QuerySet[JournalEntry]:
    """What others did: the own looks are written down too, and no news."""
    return JournalEntry.objects.filter(condominium=home.condominium).exclude(actor=home.user.get_username())


def _told(home: Home, entries: Iterable[JournalEntry], mine: dict[Any, Passage]) -> list[Look]:
    entries = list(entries)
    names = _names(home, {entry.actor for entry in entries})
    return [
        Look(
            entry.at,
            names.get(entry.actor, entry.actor),
            str(_WORDS[entry.action]),
            entry.subject if entry.action != LISTED else "",
            mine.get(entry.passage_id) if entry.passage_id else None,
        )
        for entry in entries
    ]


def _names(home: Home, actors: Iterable[str]) -> dict[str, str]:
    """Role and name of who is a member here; who is not is told as the journal has it."""
    members = Membership.objects.filter(condominium=home.condominium, user__username__in=actors)
    found: dict[str, str] = {}
    for each in members.select_related("user").order_by("role"):
        name = each.user.get_full_name() or each.user.get_username()
        found.setdefault(each.user.get_username(), f"{Role(each.role).label}, {name}")
    return found
