"""Invitations, as what is kept of people: of whom they were sent to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from access import keepers
from access.subjects import Subject
from portal.accounts import invitations
from portal.models import Invitation
from premises.models import Condominium, JournalEntry


class Invitations(keepers.Deleting):
    """An invitation belongs to the person for whom it was made, or whose e-mail it went to."""

    file = "invitations.json"
    words = _("invitations")

    def rows(self, subject: Subject) -> list[Invitation]:
        if subject.person is None:
            return []
        theirs = Q(person=subject.person)
        if subject.person.email:
            theirs |= Q(email__iexact=subject.person.email)
        return list(Invitation.objects.filter(theirs, condominium_id=subject.condominium_id))

    def told(self, subject: Subject, row: Invitation) -> dict[str, Any]:
        names = ("email", "created_at", "sent_at", "expires_at", "accepted_at", "taken_back_at", "invited_by")
        told = {name: getattr(row, name) for name in names}
        return {**told, "role": row.get_role_display(), "state": row.state.label}

    def entries(self, rows: list[Invitation], mine: QuerySet[JournalEntry]) -> Iterable[JournalEntry]:
        """The journal calls an invitation by its address."""
        return mine.filter(action__startswith="invitation.", subject__in=[row.email for row in rows])

    def purge(self, condominium: Condominium, now: datetime) -> int:
        named = [row.pk for each in keepers.named_in_requests(condominium.pk) for row in self.rows(each)]
        return invitations.forget_old(condominium.pk, now, but=named)


keepers.register(Invitations())
