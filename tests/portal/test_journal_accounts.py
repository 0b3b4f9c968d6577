"""What somebody changes of the own account stands in the journals of their condominiums, and in no other."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from portal.accounts.journalled import ADDED, REMOVED
from premises import journal_words
from premises.models import Condominium, JournalEntry, Membership, User
from premises.roles import Role
from tests.conftest import PASSWORD
from tests.portal.signing_in import app_code, mailed, sign_in, with_app

NEW = "another long password of the tests"


@pytest.fixture
def at_home(client: Client, alice: User) -> Client:
    """Alice, who has just signed in."""
    sign_in(client, "alice")
    return client


def noted(condominium: Condominium) -> list[tuple[str, str, dict[str, Any]]]:
    rows = JournalEntry.objects.filter(condominium=condominium, action__startswith="account.").order_by("sequence")
    return [(row.actor, row.action, row.data) for row in rows]


def change_password(client: Client) -> None:
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post(reverse("account_change_password"), sent).status_code == 302


def test_a_changed_password_stands_in_each_of_the_persons_journals(
    at_home: Client, alice: User, condominium: Condominium, elsewhere: Condominium
) -> None:
    Membership.objects.create(user=alice, condominium=elsewhere, role=Role.AUDITOR)
    Membership.objects.create(user=alice, condominium=elsewhere, role=Role.GUARD)
    change_password(at_home)
    for each in (condominium, elsewhere):
        assert noted(each) == [("alice", "account.password_changed", {})]


def test_charlies_journal_says_nothing_of_alice(at_home: Client, elsewhere: Condominium, charlie: User) -> None:
    change_password(at_home)
    assert noted(elsewhere) == []


@pytest.mark.django_db(transaction=True)
def test_an_app_and_its_codes_are_noted_when_they_come_and_when_they_go(
    at_home: Client, alice: User, condominium: Condominium
) -> None:
    at_home.get(reverse("mfa_activate_totp"))
    secret = at_home.session["mfa.totp.secret"]
    at_home.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    at_home.post(reverse("mfa_generate_recovery_codes"))
    at_home.post(reverse("mfa_deactivate_totp"))
    assert [action for _actor, action, _data in noted(condominium)] == [
        "account.app_added",
        "account.recovery_codes_made",
        "account.recovery_codes_made",
        "account.app_removed",
        "account.recovery_codes_removed",
    ]
    assert secret not in str(noted(condominium))


@pytest.mark.django_db(transaction=True)
def test_a_passkey_that_is_taken_away_is_noted(at_home: Client, alice: User, condominium: Condominium) -> None:
    with_app(alice)
    key = Authenticator.objects.create(user=alice, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone"})
    at_home.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert noted(condominium) == [("alice", "account.passkey_removed", {})]


def test_sessions_that_are_ended_are_counted(at_home: Client, alice: User, condominium: Condominium) -> None:
    for _ in range(2):
        sign_in(Client(), "alice")
    at_home.post(reverse("usersessions_list"))
    assert noted(condominium) == [("alice", "account.sessions_ended", {"sessions": 2})]


def test_a_new_address_is_noted_when_it_is_confirmed_and_not_told(
    at_home: Client, alice: User, condominium: Condominium
) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    at_home.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    assert noted(condominium) == []
    link = mailed(r"https?://[^/]+(/\S+)")
    at_home.post(link)
    assert noted(condominium) == [("alice", "account.email_changed", {})]


def test_signing_in_and_out_is_no_change_of_the_account(at_home: Client, condominium: Condominium) -> None:
    at_home.post(reverse("account_logout"))
    assert noted(condominium) == []


def test_each_has_its_words() -> None:
    codes = {*ADDED.values(), *REMOVED.values(), "account.password_reset", "account.sessions_ended"}
    assert [code for code in codes if code not in journal_words.WORDS] == []
