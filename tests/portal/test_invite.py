"""Invitations by e-mail: sent by a manager, good once and for a week, in the installation's language."""

import re
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
from portal.accounts.mail import NoMail
from portal.models import Invitation
from premises import journal
from premises.models import Condominium, JournalEntry, Membership, Person, User
from premises.roles import Role
from tests.admin.conftest import SignedIn, signed_in
from tests.conftest import PASSWORD, member
from tests.portal.signing_in import is_signed_in, mailed, said, sign_in, with_app

__all__ = ["signed_in"]
LINK = r"http://testserver(/accounts/invitation/\S+)"
NEW = {"first_name": "Nova", "last_name": "Pessoa", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def manager(alice: User, signed_in: SignedIn) -> Client:
    return signed_in(alice)


@pytest.fixture
def invite(manager: Client, django_capture_on_commit_callbacks: Any) -> Any:
    def invite(email: str = "nova@example.org", **values: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            data = {"email": email, "role": "guard", "person": "", **values}
            return manager.post(reverse("admin:portal_invitation_add"), data)

    return invite


def accept(client: Client, link: str, **data: str) -> Any:
    client.get(link)
    return client.post(reverse("account_invitation"), data)


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


def test_the_mail_speaks_the_installations_language(invite: Any, settings: Any) -> None:
    settings.LANGUAGE_CODE = "pt-br"
    invite(headers={"Accept-Language": "en"})
    assert "porteiro" in str(mail.outbox[-1].body)


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


# --- by whom, again and back ----------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.GUARD, Role.AUDITOR, Role.RESIDENT])
def test_only_managers_invite(condominium: Condominium, signed_in: SignedIn, role: Role) -> None:
    client = signed_in(member("other", condominium, role))
    data = {"email": "nova@example.org", "role": "manager", "person": ""}
    assert client.post(reverse("admin:portal_invitation_add"), data).status_code in (302, 403)
    assert (Invitation.objects.count(), len(mail.outbox)) == (0, 0)


def test_charlie_sees_and_sends_nothing_of_alices(invite: Any, charlie: User, signed_in: SignedIn) -> None:
    invite()
    row, client = Invitation.objects.get(), signed_in(charlie)
    assert "nova@example.org" not in said(client.get(reverse("admin:portal_invitation_changelist")))
    for button in ("send_again", "take_back"):
        url = reverse(f"admin:portal_invitation_{button}", args=[row.pk])
        assert client.post(url).status_code == 404
    row.refresh_from_db()
    assert (row.state, len(mail.outbox)) == (Invitation.State.WAITING, 1)


def press(client: Client, button: str) -> Any:
    row = Invitation.objects.get()
    return client.post(reverse(f"admin:portal_invitation_{button}", args=[row.pk]), follow=True)


def test_sent_again_it_has_a_new_link_and_the_old_one_ends(invite: Any, manager: Client) -> None:
    invite()
    old = mailed(LINK)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=8), expires_at=timezone.now())
    assert "The invitation was sent to nova@example.org." in said(press(manager, "send_again"))
    new = mailed(LINK)
    assert Client().get(old, follow=True).status_code == 410
    assert Client().get(new, follow=True).status_code == 200


def test_it_is_not_sent_twice_a_minute(invite: Any, manager: Client) -> None:
    invite()
    assert "Wait a minute." in said(press(manager, "send_again"))
    assert len(mail.outbox) == 1


def test_taken_back_it_opens_nothing(invite: Any, manager: Client) -> None:
    invite()
    assert "The invitation is taken back." in said(press(manager, "take_back"))
    assert Client().get(mailed(LINK), follow=True).status_code == 410
    assert "closed already" in said(press(manager, "take_back"))


def test_what_was_sent_is_not_edited(invite: Any, manager: Client) -> None:
    invite()
    row = Invitation.objects.get()
    data = {"email": "other@example.org", "role": "manager", "person": ""}
    assert manager.post(reverse("admin:portal_invitation_change", args=[row.pk]), data).status_code == 403
    assert manager.post(reverse("admin:portal_invitation_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def problems(answer: Any) -> str:
    return re.sub(r"\s+", " ", str(answer.context["adminform"].form.errors))


def test_one_waits_at_a_time(invite: Any) -> None:
    invite()
    assert "waits for this person already" in problems(invite("NOVA@example.org"))
    assert (Invitation.objects.count(), len(mail.outbox)) == (1, 1)


def test_a_member_is_not_invited_again(invite: Any, bob: User) -> None:
    assert "is a member in this role already" in problems(invite("bob@example.org"))


def test_a_resident_is_one_of_the_condominiums_people(
    invite: Any, client: Client, condominium: Condominium, elsewhere: Condominium
) -> None:
    assert "Choose who of the condominium" in problems(invite(role="resident"))
    stranger = Person.objects.create(condominium=elsewhere, name="Zoe")
    invite(role="resident", person=stranger.pk)
    assert not Invitation.objects.exists()
    person = Person.objects.create(condominium=condominium, name="Nova")
    invite(role="resident", person=person.pk)
    accept(client, mailed(LINK), **NEW)
    assert Membership.objects.get(role=Role.RESIDENT).person == person


def test_a_flood_is_stopped(invite: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(invitations, "MOST_AN_HOUR", 2)
    for number in range(2):
        invite(f"nova{number}@example.org")
    assert "Wait a while." in problems(invite())
    assert len(mail.outbox) == 2


@pytest.mark.django_db(transaction=True)
def test_where_no_mail_can_be_sent_the_manager_is_told(invite: Any, manager: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{NoMail.__module__}.{NoMail.__name__}"
    page = manager.get(invite().headers["Location"])
    assert "the e-mail could not be sent" in said(page)
    assert Invitation.objects.count() == 1


def test_old_invitations_are_forgotten(invite: Any) -> None:
    invite("old@example.org")
    Invitation.objects.update(expires_at=timezone.now() - invitations.KEPT_FOR - timedelta(days=1))
    invite()
    assert list(Invitation.objects.values_list("email", flat=True)) == ["nova@example.org"]


def test_the_members_page_leads_to_it(manager: Client) -> None:
    assert "Invite…" in said(manager.get(reverse("admin:premises_membership_changelist")))
    answer = manager.get(reverse("admin:premises_membership_invite"))
    assert answer.headers["Location"] == reverse("admin:portal_invitation_add")
