"""Accepting an invitation: as somebody new, or as the account that there is. Its link is good once and for a week."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts import invitations
from portal.models import Invitation
from premises import journal
from premises.models import Condominium, JournalEntry, Membership, User
from premises.roles import Role
from tests.admin.conftest import SignedIn, signed_in
from tests.conftest import PASSWORD, member
from tests.portal.inviting import LINK, NEW, accept, invite, manager
from tests.portal.signing_in import is_signed_in, mailed, said, sign_in, with_app

__all__ = ["invite", "manager", "signed_in"]


def test_the_invited_makes_an_account_and_is_a_member(invite: Any, client: Client, condominium: Condominium) -> None:
    invite()
    link = mailed(LINK)
    assert mail.outbox[-1].to == ["nova@example.org"]
    page = said(client.get(link, follow=True))
    assert "You are invited to Jardim das Acácias as guard." in page
    assert accept(client, link, **NEW).headers["Location"] == reverse("account_home")
    user = User.objects.get(username="nova@example.org")
    assert (user.get_full_name(), user.check_password(PASSWORD), user.is_superuser) == ("Nova Pessoa", True, False)
    assert list(user.memberships.values_list("condominium", "role")) == [(condominium.pk, Role.GUARD)]
    assert EmailAddress.objects.get(user=user).verified
    assert is_signed_in(client)


def test_all_of_it_is_written_down(invite: Any, client: Client, condominium: Condominium) -> None:
    invite()
    accept(client, mailed(LINK), **NEW)
    told = JournalEntry.objects.filter(action__startswith="invitation.").order_by("sequence")
    assert list(told.values_list("action", "actor")) == [
        ("invitation.sent", "alice"),
        ("invitation.accepted", "nova@example.org"),
    ]
    assert journal.verify(condominium) is None


def test_it_works_once(invite: Any, client: Client) -> None:
    invite()
    link = mailed(LINK)
    accept(client, link, **NEW)
    assert Client().get(link, follow=True).status_code == 410


def test_it_works_for_a_week(invite: Any, client: Client) -> None:
    invite()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = accept(client, mailed(LINK), **NEW)
    assert (answer.status_code, User.objects.filter(username="nova@example.org").exists()) == (410, False)
    assert timedelta(days=6) < invitations.VALID_FOR <= timedelta(days=7)


def test_a_link_that_nobody_sent_opens_nothing(invite: Any, client: Client) -> None:
    invite()
    digest = Invitation.objects.get().token_digest
    for token in ("wrong", digest):
        link = reverse("account_invitation_link", args=[token])
        assert client.get(link, follow=True).status_code == 410


def test_only_a_digest_is_kept(invite: Any) -> None:
    invite()
    token = mailed(LINK).rstrip("/").rpartition("/")[2]
    kept = str(list(Invitation.objects.values()) + list(JournalEntry.objects.values()))
    assert token not in kept


@pytest.mark.parametrize("password", ["short", "12345678901", "nova@example.org"])
def test_a_poor_password_is_refused(invite: Any, client: Client, password: str) -> None:
    invite()
    accept(client, mailed(LINK), **{**NEW, "password1": password, "password2": password})
    assert not User.objects.filter(username="nova@example.org").exists()


# --- who has an account already -------------------------------------------------------------------------


@pytest.fixture
def dora(elsewhere: Condominium) -> User:
    """A guard of another condominium, whose e-mail is confirmed."""
    user = member("dora", elsewhere, Role.GUARD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def test_who_has_an_account_signs_in_and_accepts(
    invite: Any, client: Client, dora: User, condominium: Condominium
) -> None:
    invite(dora.email)
    link = mailed(LINK)
    assert "Sign in with it to accept." in said(client.get(link, follow=True))
    assert accept(client, link).status_code == 200
    assert not dora.memberships.filter(condominium=condominium).exists()
    answer = sign_in(client, "dora", next=reverse("account_invitation"))
    assert answer.headers["Location"] == reverse("account_invitation")
    assert client.post(reverse("account_invitation")).status_code == 302
    assert dora.memberships.filter(condominium=condominium, role=Role.GUARD).count() == 1
    dora.refresh_from_db()
    assert dora.check_password(PASSWORD)


def test_somebody_else_cannot_accept_it(invite: Any, bob: User, dora: User, signed_in: SignedIn) -> None:
    invite(dora.email, role="auditor")
    client = signed_in(bob)
    answer = accept(client, mailed(LINK), **NEW)
    assert "you are signed in as bob" in said(answer)
    assert not Membership.objects.filter(role=Role.AUDITOR).exists()


def test_who_is_signed_in_makes_no_second_account(invite: Any, bob: User, signed_in: SignedIn) -> None:
    invite()
    accept(signed_in(bob), mailed(LINK), **NEW)
    assert not User.objects.filter(username="nova@example.org").exists()


def test_an_account_that_others_made_gets_a_password_of_its_own(
    invite: Any, client: Client, charlie: User, condominium: Condominium
) -> None:
    """Whoever made it may know its password, and would come in with it."""
    with_app(charlie)
    invite(charlie.email)
    client.force_login(charlie)
    page = said(client.get(mailed(LINK), follow=True))
    assert "Choose a password that only you know." in page
    client.post(reverse("account_invitation"))
    assert not charlie.memberships.filter(condominium=condominium).exists()
    new = "another long password of the tests"
    client.post(reverse("account_invitation"), {"password1": new, "password2": new})
    charlie.refresh_from_db()
    assert (charlie.check_password(new), Authenticator.objects.exists()) == (True, False)
    assert charlie.memberships.filter(condominium=condominium).count() == 1
