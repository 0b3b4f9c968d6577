"""Inviting: by whom, whom, sent again and taken back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts import invitations
from portal.accounts.mail import NoMail
from portal.models import Invitation
from premises.models import Condominium, Membership, Person, User
from premises.roles import Role
from tests.admin.conftest import SignedIn, signed_in
from tests.conftest import member
from tests.portal.inviting import LINK, NEW, accept, invite, manager
from tests.portal.signing_in import mailed, said

__all__ = ["invite", "manager", "signed_in"]


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


def test_old_invitations_are_forgotten(invite: Any, condominium: Condominium) -> None:
    invite("old@example.org")
    Invitation.objects.update(expires_at=timezone.now() - invitations.KEPT_FOR - timedelta(days=1))
    invite()
    assert invitations.forget_old(condominium.pk, timezone.now()) == 1
    assert list(Invitation.objects.values_list("email", flat=True)) == ["nova@example.org"]


def test_the_members_page_leads_to_it(manager: Client) -> None:
    assert "Invite…" in said(manager.get(reverse("admin:premises_membership_changelist")))
    answer = manager.get(reverse("admin:premises_membership_invite"))
    assert answer.headers["Location"] == reverse("admin:portal_invitation_add")


@pytest.mark.parametrize(("language", "subject"), [("pt-br", "Convite"), ("en", "invit")])
def test_the_mail_is_in_the_language_of_the_invited(invite: Any, manager: Client, language: str, subject: str) -> None:
    """Whatever the manager reads; sent again it stays so."""
    manager.cookies["django_language"] = "en"
    invite(language=language)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    press(manager, "send_again")
    assert [subject.lower() in message.subject.lower() for message in mail.outbox] == [True, True]


def test_the_installations_language_is_chosen_beforehand(manager: Client, settings: Any) -> None:
    settings.LANGUAGE_CODE = "pt-br"
    page = manager.get(reverse("admin:portal_invitation_add")).content.decode()
    assert re.search(r'value="pt-br"\s+selected', page)
