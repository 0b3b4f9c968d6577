"""Invitations: sent, sent again, taken back, accepted. A link is valid for a week, and once."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import Invitation
from premises import journal
from premises.clients import digest_of
from premises.models import Membership, User

VALID_FOR = timedelta(days=7)
# Mail in the name of an installation is not to be had without bounds.
MOST_AN_HOUR = 60
AGAIN_AFTER = timedelta(minutes=1)
KEPT_FOR = timedelta(days=90)


class InvitationError(ValidationError):
    """Why this invitation cannot be made, sent or accepted, for a person."""


@transaction.atomic
def invite(invitation: Invitation, *, by: User) -> str:
    """Save a new invitation; returns the token for its link. Raises `InvitationError` where it may not be made."""
    refuse_unwanted(invitation)
    invitation.invited_by = by.get_username()
    token = _new_token(invitation)
    _note(invitation, "sent", by)
    return token


@transaction.atomic
def send_again(invitation: Invitation, *, by: User) -> str:
    """A new link in the place of the old one, which ends; valid for a week from now."""
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if row.state not in (Invitation.State.WAITING, Invitation.State.EXPIRED):
        raise InvitationError(_("This invitation is closed. Make a new one."))
    if row.sent_at is not None and timezone.now() - row.sent_at < AGAIN_AFTER:
        raise InvitationError(_("It was sent a moment ago. Wait a minute."))
    _refuse_flood(row)
    token = _new_token(row)
    _note(row, "sent_again", by)
    invitation.refresh_from_db()
    return token


@transaction.atomic
def take_back(invitation: Invitation, *, by: User) -> bool:
    """End an invitation that nobody accepted; False where it is closed already."""
    open_ = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, taken_back_at=None)
    if not open_.update(taken_back_at=timezone.now()):
        return False
    _note(invitation, "taken_back", by)
    return True


def find(token: str) -> Invitation | None:
    """The invitation of a link, where it is still valid."""
    found = Invitation.objects.select_related("condominium").filter(token_digest=digest_of(token)).first()
    return found if found is not None and found.state == Invitation.State.WAITING else None


def account_of(invitation: Invitation) -> User | None:
    """The account that the invited has already, by its e-mail; a confirmed one before others."""
    confirmed = EmailAddress.objects.filter(email__iexact=invitation.email, verified=True).first()
    if confirmed is not None:
        return User.objects.filter(pk=confirmed.user_id).first()
    return User.objects.filter(Q(email__iexact=invitation.email) | Q(username__iexact=invitation.email)).first()


def is_confirmed(user: User, invitation: Invitation) -> bool:
    """Whether it is known already that who uses the account reads the mail of that address."""
    return bool(EmailAddress.objects.filter(user=user, email__iexact=invitation.email, verified=True).exists())


@transaction.atomic
def accept_as_new(invitation: Invitation, *, first_name: str, last_name: str, password: str) -> User:
    """An account with the invitation's e-mail, whose holder has just shown to read it, and the membership."""
    if account_of(invitation) is not None:
        raise InvitationError(_("There is an account with this e-mail already. Sign in with it."))
    user = User(username=invitation.email, email=invitation.email, first_name=first_name, last_name=last_name)
    user.set_password(password)
    user.save()
    _confirm(user, invitation)
    _join(user, invitation)
    return user


@transaction.atomic
def accept(invitation: Invitation, user: User, *, password: str = "") -> None:
    """Make the account a member.

    Where nobody has shown yet to read the account's mail, somebody else may have made it and know its password: then
    a new one is needed, and second factors of before are taken away.
    """
    if account_of(invitation) != user:
        raise InvitationError(_("This invitation is for another account."))
    if not is_confirmed(user, invitation):
        _take_over(user, password)
    _confirm(user, invitation)
    _join(user, invitation)


def _take_over(user: User, password: str) -> None:
    if not password:
        raise InvitationError(_("Choose a password of your own first."))
    user.set_password(password)
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()


def _confirm(user: User, invitation: Invitation) -> None:
    has_primary = EmailAddress.objects.filter(user=user, primary=True).exclude(email=invitation.email).exists()
    EmailAddress.objects.update_or_create(
        user=user, email=invitation.email, defaults={"verified": True, "primary": not has_primary}
    )


def _join(user: User, invitation: Invitation) -> None:
    """One of two who press at the same time wins: single use."""
    still = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, taken_back_at=None)
    now = timezone.now()
    if not still.filter(expires_at__gt=now).update(accepted_at=now, accepted_by=user):
        raise InvitationError(_("This invitation is no longer valid. Ask for a new one."))
    Membership.objects.get_or_create(
        condominium_id=invitation.condominium_id,
        user=user,
        role=invitation.role,
        defaults={"person": invitation.person},
    )
    _note(invitation, "accepted", user)


def refuse_unwanted(invitation: Invitation) -> None:
    """Raise `InvitationError` for who is a member or is invited in this role already, and where too many were sent."""
    _refuse_flood(invitation)
    _refuse_waiting(invitation)
    user = account_of(invitation)
    held = Membership.objects.filter(condominium_id=invitation.condominium_id, role=invitation.role, user=user)
    if user is not None and held.exists():
        raise InvitationError(_("This person is a member in this role already."))


def _refuse_waiting(invitation: Invitation) -> None:
    waiting = Invitation.objects.filter(
        condominium_id=invitation.condominium_id,
        email=invitation.email.lower(),
        role=invitation.role,
        accepted_at=None,
        taken_back_at=None,
    )
    if waiting.exists():
        raise InvitationError(_("An invitation in this role waits for this person already. Send it again."))


def _refuse_flood(invitation: Invitation) -> None:
    lately = Invitation.objects.filter(
        condominium_id=invitation.condominium_id, sent_at__gt=timezone.now() - timedelta(hours=1)
    )
    if lately.count() >= MOST_AN_HOUR:
        raise InvitationError(_("Very many invitations were sent within an hour. Wait a while."))


def forget_old(condominium_id: int, now: datetime, but: Collection[int] = ()) -> int:
    """Addresses of people who were invited long ago are not kept for ever; the journal says that it was done."""
    old = Invitation.objects.filter(condominium_id=condominium_id, expires_at__lt=now - KEPT_FOR)
    return old.exclude(pk__in=but).delete()[0]


def _new_token(invitation: Invitation) -> str:
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    invitation.token_digest, invitation.sent_at, invitation.expires_at = digest_of(token), now, now + VALID_FOR
    invitation.save()
    return token


def _note(invitation: Invitation, verb: str, by: User) -> None:
    data = {"role": invitation.role, "valid until": invitation.expires_at}
    journal.record(invitation.condominium_id, f"invitation.{verb}", actor=by, subject=invitation.email, data=data)
