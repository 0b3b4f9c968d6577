"""Managers and superusers go no further without a second factor; with one they are asked for it."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.test import APIClient

from portal.accounts.middleware import REACHABLE
from premises import clients
from premises.models import Condominium, JournalEntry, User
from premises.roles import Permission, Role
from tests.admin.conftest import owner, signed_in
from tests.conftest import PASSWORD, member
from tests.portal.signing_in import SECRET, app_code, is_signed_in, said, sign_in, with_app

__all__ = ["owner", "signed_in"]


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


def test_a_manager_is_led_to_set_one_up_right_after_the_password(client: Client, alice: User) -> None:
    answer = client.post(reverse("account_login"), {"login": "alice", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("mfa_index")
    assert "Your role needs a second factor." in said(answer)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200


def plain_addresses(patterns: Any, prefix: str = "") -> list[tuple[str, str]]:
    """Every address without arguments, and its name."""
    found: list[tuple[str, str]] = []
    for pattern in patterns:
        part = prefix + str(pattern.pattern).lstrip("^").rstrip("$").replace("\\Z", "")
        if isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            found += [(url, space + name) for url, name in plain_addresses(pattern.url_patterns, part)]
        elif isinstance(pattern, URLPattern) and pattern.name and re.fullmatch(r"[\w/.-]*", part):
            found.append((f"/{part}", pattern.name))
    return found


def test_every_page_but_those_of_the_account_is_closed(client: Client, alice: User) -> None:
    client.force_login(alice)
    pages = plain_addresses(get_resolver().url_patterns)
    assert len(pages) > 60
    for url, name in pages:
        if name not in REACHABLE:
            answer = client.get(url)
            assert (url, answer.status_code in (302, 403)) == (url, True)
            assert answer.headers.get("Location", reverse("mfa_index")) == reverse("mfa_index"), url


def test_nothing_can_be_sent_past_it(client: Client, alice: User, condominium: Condominium) -> None:
    client.force_login(alice)
    client.post(reverse("admin:premises_unit_add"), {"number": "1"})
    client.post("/api/v1/units", {"number": "1"}, content_type="application/json")
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.GUARD])
def test_others_are_not_asked_for_one(client: Client, condominium: Condominium, role: Role) -> None:
    client.force_login(member("somebody", condominium, role))
    assert client.get(reverse("admin:index")).status_code == 200


def test_a_superuser_is(client: Client, owner: User) -> None:
    client.force_login(owner)
    assert client.get(reverse("admin:index")).headers["Location"] == reverse("mfa_index")


def test_a_program_with_a_token_is_not_affected(condominium: Condominium, alice: User) -> None:
    _row, token = clients.create_client(condominium, "Totem", [Permission.VIEW_REGISTRY])
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert api.get("/api/v1/units").status_code == 200


def test_a_session_at_the_api_is_refused_in_json(client: Client, alice: User) -> None:
    client.force_login(alice)
    answer = client.get("/api/v1/units")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_missing")


def test_where_it_is_switched_off_nobody_is_asked(client: Client, alice: User, settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(alice)
    assert client.get(reverse("admin:index")).status_code == 200


# --- setting up, and signing in with it -----------------------------------------------------------------


def test_an_app_is_set_up_and_opens_the_way(
    client: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    sign_in(client, "alice")
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    assert len(client.get(answer.headers["Location"]).context["unused_codes"]) == 10
    assert client.get(reverse("admin:index")).status_code == 200


def test_a_wrong_code_sets_up_nothing(client: Client, alice: User) -> None:
    sign_in(client, "alice")
    client.get(reverse("mfa_activate_totp"))
    answer = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "This code is wrong, or too old." in said(answer)
    assert not Authenticator.objects.exists()


def test_the_password_alone_no_longer_lets_in(client: Client, alice: User) -> None:
    with_app(alice)
    assert sign_in(client, "alice").headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("admin:index")).status_code == 302
    assert not is_signed_in(client)
    answer = client.post(reverse("mfa_authenticate"), {"code": app_code()})
    assert answer.headers["Location"] == "/admin/"
    assert client.get(reverse("admin:index")).status_code == 200


def test_an_e_mailed_code_does_not_stand_in_for_it(client: Client, alice: User) -> None:
    with_app(alice)
    client.post(reverse("account_request_login_code"), {"email": "alice@example.org"})
    from_mail = client.session["account_login"]["state"]["stages"]["login_by_code"]["data"]["code"]
    answer = client.post(reverse("account_confirm_login_code"), {"code": from_mail})
    assert answer.headers["Location"] == reverse("mfa_authenticate")


def test_guessing_codes_is_stopped(client: Client, alice: User) -> None:
    with_app(alice)
    sign_in(client, "alice")
    for _guess in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    answer = client.post(reverse("mfa_authenticate"), {"code": app_code()})
    assert "Too many tries." in said(answer)
    assert not is_signed_in(client)


def test_a_recovery_code_lets_in_once(client: Client, alice: User) -> None:
    sign_in(client, "alice")
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    [code, *_others] = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    for lets_in in (True, False):
        fresh = Client()
        sign_in(fresh, "alice")
        fresh.post(reverse("mfa_authenticate"), {"code": code})
        assert is_signed_in(fresh) is lets_in


def test_secrets_are_encrypted_at_rest(client: Client, alice: User) -> None:
    sign_in(client, "alice")
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert SECRET not in kept


def test_recovery_codes_alone_are_no_second_factor(client: Client, alice: User) -> None:
    Authenticator.objects.create(user=alice, type=Authenticator.Type.RECOVERY_CODES, data={})
    client.force_login(alice)
    assert client.get(reverse("admin:index")).headers["Location"] == reverse("mfa_index")


# --- lost -----------------------------------------------------------------------------------------------


def lose(client: Client, condominium: Condominium, user: User) -> Any:
    row = user.memberships.get(condominium=condominium)
    return client.post(reverse("admin:premises_membership_second_factor_lost", args=[row.pk]))


def test_a_manager_takes_away_what_a_guard_lost(
    client: Client, alice: User, bob: User, condominium: Condominium
) -> None:
    with_app(alice)
    with_app(bob)
    client.force_login(alice)
    lose(client, condominium, bob)
    assert list(Authenticator.objects.values_list("user", flat=True)) == [alice.pk]
    entry = JournalEntry.objects.get(action="membership.second_factor_removed")
    assert (entry.actor, entry.subject.startswith("bob")) == ("alice", True)


def test_not_another_condominiums_manager(client: Client, bob: User, charlie: User, condominium: Condominium) -> None:
    with_app(bob)
    with_app(charlie)
    client.force_login(charlie)
    assert lose(client, condominium, bob).status_code in (302, 404)
    assert Authenticator.objects.filter(user=bob).exists()


def test_nor_of_somebody_with_more_rights(client: Client, alice: User, charlie: User, condominium: Condominium) -> None:
    with_app(alice)
    with_app(charlie)
    charlie.memberships.create(condominium=condominium, role=Role.GUARD)
    client.force_login(alice)
    lose(client, condominium, charlie)
    assert Authenticator.objects.filter(user=charlie).exists()


def test_a_command_is_there_for_who_has_nobody_to_ask(owner: User) -> None:
    with_app(owner)
    call_command("forget_second_factor", "owner")
    assert not Authenticator.objects.exists()
    with pytest.raises(CommandError, match="There is no user nobody"):
        call_command("forget_second_factor", "nobody")
