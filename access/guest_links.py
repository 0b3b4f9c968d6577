"""Inviting a guest by a link: made by who lives in a unit, used once by whoever has it, taken back."""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.households import Home
from access.models import GuestLink, Permit
from access.purging import days_of
from access.retention import Kept
from access.visits import announce, check_bounds, check_may_announce
from premises import journal
from premises.clients import digest_of
from premises.journal import Actor
from premises.models import Condominium

TOKEN_BYTES = 24  # 192 bits: nobody finds one by trying
LONGEST_TOKEN = 64


class GuestLinkError(ValueError):
    """A link that cannot be used, or not any more; the message is for the guest."""


@transaction.atomic
def invite(
    home: Home,
    *,
    valid_until: datetime,
    valid_from: datetime | None = None,
    single_entry: bool = False,
    note: str = "",
    greeting: str = "",
) -> tuple[GuestLink, str]:
    """A new link of a unit, and its token, which is shown now and never again. Raises `ValidationError`."""
    check_may_announce(home.user, home.unit)
    check_bounds(home.unit, valid_from, valid_until)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = GuestLink(
        condominium=home.condominium,
        host=home.unit,
        invited_by=home.user,
        token_digest=digest_of(token),
        note=note,
        greeting=greeting,
        valid_from=valid_from,
        valid_until=valid_until,
        single_entry=single_entry,
    )
    link.full_clean()
    link.save(force_insert=True)
    _journal(link, "guest.invited", home.user)
    return link, token


@transaction.atomic
def renew(link: GuestLink, *, by: Actor) -> str:
    """Another link in the place of one that was lost; the old one is worth nothing from now on."""
    check_may_announce(by, link.host)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    unused = GuestLink.objects.filter(pk=link.pk, used_at=None, taken_back_at=None)
    if not unused.update(token_digest=digest_of(token)):
        raise GuestLinkError(_("This link was used or taken back already."))
    _journal(link, "guest.link_renewed", by)
    return token


@transaction.atomic
def take_back(link: GuestLink, *, by: Actor) -> None:
    """The link is worth nothing from now on. Raises `GuestLinkError` where it was used, `PermissionDenied`."""
    check_may_announce(by, link.host)
    unused = GuestLink.objects.filter(pk=link.pk, used_at=None, taken_back_at=None)
    if not unused.update(taken_back_at=timezone.now()):
        raise GuestLinkError(_("This link was used or taken back already."))
    _journal(link, "guest.link_taken_back", by)


def find(token: str) -> GuestLink | None:
    """The invitation of a token, whatever became of it."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    rows = GuestLink.objects.select_related("host__condominium", "condominium", "invited_by", "permit__vehicle")
    return rows.filter(token_digest=digest_of(token)).first()


def use(link: GuestLink, plate: str, name: str) -> Permit:
    """Announce the guest's vehicle as the unit would have, once.

    Raises `GuestLinkError` where the link is used, over or taken back, or who made it lives there no more; and what
    `visits.announce` raises, by which the link is not used up.
    """
    now = timezone.now()
    with transaction.atomic():
        unused = GuestLink.objects.filter(pk=link.pk, used_at=None, taken_back_at=None, valid_until__gt=now)
        if not unused.update(used_at=now):
            raise GuestLinkError(_("This link was used already, or is over. Ask for a new one."))
        permit = _announced(link, plate, name)
        GuestLink.objects.filter(pk=link.pk).update(permit=permit)
        _journal(link, "guest.link_used", link.invited_by, permit.vehicle.plate)
    link.used_at, link.permit = now, permit
    return permit


def _announced(link: GuestLink, plate: str, name: str) -> Permit:
    try:
        return announce(link.host, plate, by=link.invited_by, holder=name, **link.terms)
    except PermissionDenied as error:
        raise GuestLinkError(_("This link is not valid any more. Ask for a new one.")) from error


def forget_old(condominium: Condominium, now: datetime, but: Collection[int] = ()) -> int:
    """Drop links that are over for as long as visitors' passages are kept: a guest's name may stand in them."""
    over = GuestLink.objects.filter(
        condominium=condominium, valid_until__lt=now - days_of(condominium).of(Kept.VISITORS)
    )
    return over.exclude(pk__in=but).delete()[0]


def _journal(link: GuestLink, action: str, by: Actor, plate: str = "") -> None:
    data = {"link": link.pk, "unit": str(link.host), "until": link.valid_until}
    journal.record(link.condominium, action, actor=by, subject=plate, data=data)
