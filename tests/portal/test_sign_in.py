"""Signing in with a password or a code: who comes in, where to, and who guesses no further."""

from typing import Any

import pytest
from django.conf import settings as configured
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal.accounts.mail import NoMail
from portal.front import PAGES
from premises.models import Condominium, User
from premises.roles import Role
from tests.conftest import PASSWORD, member
from tests.portal.signing_in import is_signed_in, mailed, said, sign_in

CODE = r"\n([A-Z0-9-]{6,9})\n"


@pytest.mark.parametrize("name", ["alice", "Alice", "alice@example.org", " ALICE@example.org "])
def test_by_name_or_e_mail(client: Client, alice: User, name: str) -> None:
    assert sign_in(client, name).headers["Location"] == "/admin/"
    assert is_signed_in(client)


@pytest.mark.parametrize(("role", "page"), PAGES)
def test_people_land_where_they_work(client: Client, condominium: Condominium, role: Role, page: str) -> None:
    member("somebody", condominium, role)
    assert sign_in(client, "somebody").headers["Location"] == reverse(page)


def test_who_has_no_role_lands_on_the_own_account_and_is_told(client: Client, db: None) -> None:
    User.objects.create_user("nobody", "nobody@example.org", PASSWORD)
    assert sign_in(client, "nobody").headers["Location"] == reverse("account_home")
    assert "You have no role yet." in said(client.get(reverse("account_home")))


def test_one_gets_where_one_wanted_to_go_but_not_to_another_site(alice: User) -> None:
    wanted = reverse("admin:access_passage_changelist")
    assert sign_in(Client(), "alice", next=wanted).headers["Location"] == wanted
    assert sign_in(Client(), "alice", next="https://elsewhere.example/").headers["Location"] == "/admin/"


def test_a_wrong_password_and_a_name_that_nobody_has_are_told_alike(client: Client, alice: User) -> None:
    answers = {said(sign_in(client, name, "wrong")).replace(name, "") for name in ("alice", "alicia")}
    assert len(answers) == 1
    assert "The name or the password is wrong." in answers.pop()


def test_nobody_signs_up(client: Client, db: None) -> None:
    data = {"username": "me", "email": "me@example.org", "password1": PASSWORD}
    assert "Accounts come by invitation" in said(client.post(reverse("account_signup"), data))
    assert not User.objects.exists()


def test_a_closed_account_does_not_come_in(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    sign_in(client, "alice")
    assert not is_signed_in(client)


# --- guessing -------------------------------------------------------------------------------------------


def test_the_eleventh_try_is_locked_out_even_with_the_right_password(client: Client, alice: User) -> None:
    statuses = [sign_in(client, "alice", f"guess {number}").status_code for number in range(10)]
    assert statuses == [200] * 9 + [429]
    assert sign_in(client, "alice").status_code == 429
    assert not is_signed_in(client)


def test_another_spelling_of_the_name_is_no_fresh_start(client: Client, alice: User) -> None:
    for number in range(configured.AXES_FAILURE_LIMIT):
        sign_in(client, ("alice", "ALICE", "alice@example.org", "Alice@Example.org")[number % 4], "guess")
    assert sign_in(client, "aLiCe").status_code == 429


def test_guesses_from_elsewhere_do_not_lock_the_guard_out(alice: User) -> None:
    for _guess in range(configured.AXES_FAILURE_LIMIT + 5):
        sign_in(Client(REMOTE_ADDR="203.0.113.9"), "alice", "guess")
    assert sign_in(Client(REMOTE_ADDR="203.0.113.10"), "alice").status_code == 302


def test_an_address_that_tries_name_after_name_is_held_up(client: Client, alice: User) -> None:
    statuses = [sign_in(client, f"name-{number}", "guess").status_code for number in range(31)]
    assert (statuses[0], statuses[-1]) == (200, 429)


# --- by code --------------------------------------------------------------------------------------------


def ask_for_code(client: Client, email: str) -> Any:
    return client.post(reverse("account_request_login_code"), {"email": email})


def enter(client: Client, code: str) -> Any:
    return client.post(reverse("account_confirm_login_code"), {"code": code})


def test_a_code_by_e_mail_lets_in(client: Client, alice: User) -> None:
    assert ask_for_code(client, "alice@example.org").headers["Location"] == reverse("account_confirm_login_code")
    assert mail.outbox[-1].to == ["alice@example.org"]
    assert enter(client, mailed(CODE)).headers["Location"] == "/admin/"


def test_a_code_is_good_for_its_own_browser_only(client: Client, alice: User) -> None:
    ask_for_code(client, "alice@example.org")
    other = Client()
    enter(other, mailed(CODE))
    assert not is_signed_in(other)


def test_three_wrong_codes_end_it(client: Client, alice: User) -> None:
    ask_for_code(client, "alice@example.org")
    code = mailed(CODE)
    for _guess in range(3):
        enter(client, "WRNG-CODE")
    enter(client, code)
    assert not is_signed_in(client)


def test_codes_cannot_be_asked_for_without_end(client: Client, alice: User) -> None:
    for _time in range(8):
        ask_for_code(Client(), "alice@example.org")
    assert len(mail.outbox) == 3


def test_who_has_no_account_is_told_by_mail_only(client: Client, alice: User) -> None:
    known, unknown = ask_for_code(client, "alice@example.org"), ask_for_code(Client(), "else@example.org")
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert "There is no account with this e-mail." in str(mail.outbox[-1].body)


def test_where_no_mail_can_be_sent_it_is_said(client: Client, alice: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{NoMail.__module__}.{NoMail.__name__}"
    answer = client.post(reverse("account_request_login_code"), {"email": "alice@example.org"}, follow=True)
    assert "The e-mail could not be sent." in said(answer)


def test_a_forgotten_password_is_chosen_anew_by_a_link(client: Client, alice: User) -> None:
    client.post(reverse("account_reset_password"), {"email": "alice@example.org"})
    form = client.get(mailed(r"(http\S+)"), follow=True)
    new = "another long password of the tests"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert sign_in(client, "alice", new).status_code == 302
