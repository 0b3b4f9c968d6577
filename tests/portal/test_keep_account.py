"""The account's own pages: roles in words, sessions listed and ended, and being asked again who one is."""

import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal.accounts import activity
from portal.accounts.browsers import described
from premises.models import Condominium, Membership, Person, Unit, User
from premises.roles import Role
from tests.conftest import PASSWORD
from tests.portal.signing_in import mailed, said, sign_in

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"


@pytest.fixture
def at_home(client: Client, alice: User) -> Client:
    """Alice, who has just signed in."""
    sign_in(client, "alice")
    return client


@pytest.fixture
def long_ago(at_home: Client) -> Client:
    """Alice, who signed in an hour ago."""
    session = at_home.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    return at_home


def test_roles_are_told_in_words(at_home: Client, alice: User, elsewhere: Condominium) -> None:
    unit = Unit.objects.create(condominium=elsewhere, block="B", number="12")
    person = Person.objects.create(condominium=elsewhere, name="Alice", unit=unit)
    Membership.objects.create(user=alice, condominium=elsewhere, role=Role.RESIDENT, person=person)
    page = said(at_home.get(reverse("account_home")))
    assert "You are manager at Jardim das Acácias." in page
    assert "You are resident at Parque dos Ipês (unit B 12)." in page


def test_the_account_is_for_who_is_signed_in(client: Client, db: None) -> None:
    for name in ("account_home", "usersessions_list", "mfa_index", "account_email"):
        assert client.get(reverse(name)).headers["Location"].startswith(reverse("account_login"))


def test_no_browser_keeps_a_page_of_the_account(at_home: Client) -> None:
    for name in ("account_home", "mfa_activate_totp", "usersessions_list"):
        assert "no-store" in at_home.get(reverse(name)).headers["Cache-Control"]


# --- asked again ----------------------------------------------------------------------------------------

GUARDED = ("mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes")


@pytest.mark.parametrize("name", GUARDED)
def test_changing_factors_asks_who_signed_in_long_ago(long_ago: Client, name: str) -> None:
    answer = long_ago.get(reverse(name))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_who_has_just_signed_in_is_not_asked_again(at_home: Client) -> None:
    assert at_home.get(reverse("mfa_activate_totp")).status_code == 200


def test_after_the_password_one_goes_on_where_one_was(long_ago: Client) -> None:
    wanted = reverse("mfa_activate_totp")
    answer = long_ago.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": wanted})
    assert answer.headers["Location"] == wanted
    assert long_ago.get(wanted).status_code == 200


def test_changing_the_e_mail_asks(long_ago: Client, alice: User) -> None:
    answer = long_ago.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not EmailAddress.objects.filter(email="new@example.org").exists()


def test_a_new_e_mail_counts_once_it_is_confirmed(at_home: Client, alice: User) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    at_home.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    [asked] = [message for message in mail.outbox if message.to == ["new@example.org"]]
    mail.outbox.append(asked)
    at_home.post(mailed(r"http://testserver(\S+)"))
    alice.refresh_from_db()
    assert alice.email == "new@example.org"


def test_a_changed_password_is_told_by_mail_and_ends_other_sessions(at_home: Client, alice: User) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    other = Client()
    sign_in(other, "alice")
    new = "another long password of the tests"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    at_home.post(reverse("account_change_password"), data)
    assert "Your password was changed" in mail.outbox[-1].subject
    assert at_home.get(reverse("account_home")).status_code == 200
    assert other.get(reverse("account_home")).status_code == 302


# --- sessions -------------------------------------------------------------------------------------------


def test_sessions_are_listed_in_words(at_home: Client, alice: User) -> None:
    sign_in(Client(headers={"User-Agent": PHONE}, REMOTE_ADDR="203.0.113.9"), "alice")
    page = said(at_home.get(reverse("usersessions_list")))
    assert ("Chrome on Android" in page, "203.0.113.9" in page, "this one" in page) == (True, True, True)


@pytest.mark.parametrize(
    ("long_name", "short"),
    [
        (PHONE, "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0", "Firefox on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("curl/8.5", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_named_as_people_know_it(long_name: str, short: str) -> None:
    assert described(long_name) == short


def elsewhere_too(name: str = "alice") -> tuple[Client, UserSession]:
    client = Client()
    sign_in(client, name, next=reverse("account_home"))
    return client, UserSession.objects.latest("pk")


def test_one_session_is_ended(at_home: Client, alice: User) -> None:
    other, row = elsewhere_too()
    third, _row = elsewhere_too()
    at_home.post(reverse("end_session", args=[row.pk]))
    states = [client.get(reverse("account_home")).status_code for client in (at_home, other, third)]
    assert states == [200, 302, 200]


def test_all_others_are_ended(at_home: Client, alice: User) -> None:
    other, _row = elsewhere_too()
    at_home.post(reverse("usersessions_list"))
    assert [client.get(reverse("account_home")).status_code for client in (at_home, other)] == [200, 302]


def test_one_signs_out_everywhere(at_home: Client, alice: User) -> None:
    other, _row = elsewhere_too()
    at_home.post(reverse("end_all_sessions"))
    assert [client.get(reverse("account_home")).status_code for client in (at_home, other)] == [302, 302]


def test_nobody_ends_a_session_of_somebody_else(at_home: Client, alice: User, bob: User) -> None:
    client, row = elsewhere_too("bob")
    assert at_home.post(reverse("end_session", args=[row.pk])).status_code == 404
    assert client.get(reverse("account_home")).status_code == 200


@pytest.mark.parametrize("name", ["usersessions_list", "end_all_sessions"])
def test_ending_sessions_asks_who_signed_in_long_ago(long_ago: Client, alice: User, name: str) -> None:
    other, _row = elsewhere_too()
    assert long_ago.post(reverse(name)).headers["Location"].startswith(reverse("account_reauthenticate"))
    assert other.get(reverse("account_home")).status_code == 200


def test_sessions_are_ended_by_a_button_only(at_home: Client) -> None:
    assert at_home.get(reverse("end_all_sessions")).status_code == 405


def test_when_it_was_seen_last_is_noted_now_and_then(at_home: Client, monkeypatch: Any) -> None:
    first = UserSession.objects.get().last_seen_at
    at_home.get(reverse("account_home"))
    assert UserSession.objects.get().last_seen_at == first
    later = time.time() + activity.NOTED_EVERY_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    at_home.get(reverse("account_home"), REMOTE_ADDR="203.0.113.7")
    assert UserSession.objects.get().ip == "203.0.113.7"


def test_a_session_that_ended_is_gone_from_the_list(at_home: Client, alice: User) -> None:
    other, _row = elsewhere_too()
    other.post(reverse("account_logout"))
    assert len(at_home.get(reverse("usersessions_list")).context["sessions"]) == 1
