"""Links to guests, as what is kept of people: of the resident who made one, and of the guest whom it announced."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from access import guest_links, keepers
from access.models import GuestLink
from access.subjects import Subject
from premises.models import Condominium, JournalEntry, Membership


class GuestLinks(keepers.Deleting):
    file = "guest-links.json"
    words = _("guests' links")

    def rows(self, subject: Subject) -> list[GuestLink]:
        mine = GuestLink.objects.filter(condominium_id=subject.condominium_id).select_related("host", "permit__vehicle")
        announced = Q(permit__vehicle__plate_key__in=subject.keys)
        return list(mine.filter(announced | Q(invited_by__in=_accounts(subject))).order_by("created_at"))

    def told(self, subject: Subject, row: GuestLink) -> dict[str, Any]:
        """Whom a link was for is told only to who made it; a guest is told when it was good, and when it was used."""
        names = ("created_at", "valid_from", "valid_until", "used_at", "taken_back_at")
        told: dict[str, Any] = {name: getattr(row, name) for name in names}
        if row.invited_by_id in _accounts(subject):
            told |= {"made_by_you": True, "unit": str(row.host), "for_whom": row.note, "shown_to_guest": row.greeting}
        return told

    def entries(self, rows: list[GuestLink], mine: QuerySet[JournalEntry]) -> Iterable[JournalEntry]:
        return mine.filter(action__startswith="guest.", data__link__in=[row.pk for row in rows])

    def purge(self, condominium: Condominium, now: datetime) -> int:
        named = [row.pk for each in keepers.named_in_requests(condominium.pk) for row in self.rows(each)]
        return guest_links.forget_old(condominium, now, but=named)


def _accounts(subject: Subject) -> list[int]:
    """The users who are this person here."""
    if subject.person is None:
        return []
    members = Membership.objects.filter(condominium_id=subject.condominium_id, person=subject.person)
    return list(members.values_list("user", flat=True))


keepers.register(GuestLinks())
