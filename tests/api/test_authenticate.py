"""Who is asking: tokens that are known, and all those that are not."""

from datetime import timedelta

import pytest
import time_machine
from rest_framework.test import APIClient

from premises.authentication import ClientThrottle
from premises.clients import create_client, renew_token
from premises.models import ApiClient, Condominium, User
from tests.api.conftest import program, signed_in, speaking

ADDRESS = "/api/v1/units"


@pytest.fixture
def known(condominium: Condominium) -> tuple[ApiClient, str]:
    return create_client(condominium, "a program", ["registry.view"])


@pytest.mark.parametrize("keyword", ["Token", "token", "Bearer", "bearer"])
def test_a_token_in_either_spelling(known: tuple[ApiClient, str], keyword: str) -> None:
    assert speaking(known[1], keyword).get(ADDRESS).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "Token",
        "Token ",
        "Token x",
        "Token a.b",
        "Token {prefix}",
        "Token {prefix}.",
        "Token {prefix}.x",
        "Token {token}x",
        "Token {token} {token}",
        "Token {digest}",
        "Token {prefix}.{digest}",
        "Token 🚗",
    ],
)
def test_a_wrong_token_is_refused(known: tuple[ApiClient, str], header: str) -> None:
    client, token = known
    api = APIClient()
    said = header.format(prefix=client.prefix, token=token, digest=client.token_digest)
    api.credentials(HTTP_AUTHORIZATION=said.encode().decode("latin-1"))
    answer = api.get(ADDRESS)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")
    assert answer.json() == {
        "message": "This token is not known or no longer valid.",
        "code": "authentication_failed",
    }


def test_no_token_and_another_kind_of_login_are_refused(alice: User) -> None:
    for api in (APIClient(), speaking("YWxpY2U6eA==", "Basic")):
        answer = api.get(ADDRESS)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")


def test_a_client_that_was_switched_off_is_refused(known: tuple[ApiClient, str]) -> None:
    ApiClient.objects.update(is_active=False)
    assert speaking(known[1]).get(ADDRESS).status_code == 401


def test_a_renewed_token_ends_the_old_one(known: tuple[ApiClient, str]) -> None:
    client, old = known
    new = renew_token(client)
    assert speaking(old).get(ADDRESS).status_code == 401
    assert speaking(new).get(ADDRESS).status_code == 200


def test_the_token_itself_is_not_kept(known: tuple[ApiClient, str]) -> None:
    client, token = known
    kept = ApiClient.objects.filter(pk=client.pk).values_list()[0]
    assert token not in map(str, kept)
    assert token.partition(".")[2] not in map(str, kept)


def test_a_scope_that_nobody_defined_is_refused(condominium: Condominium) -> None:
    with pytest.raises(ValueError, match=r"no such scope: everything"):
        create_client(condominium, "a program", ["registry.view", "everything"])


def test_last_use_is_noted_once_a_minute(known: tuple[ApiClient, str]) -> None:
    client, token = known
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        noted = []
        for _ in range(4):
            speaking(token).get(ADDRESS)
            client.refresh_from_db()
            noted.append(client.last_used_at)
            clock.shift(timedelta(seconds=25))
    assert noted[0] == noted[1] == noted[2]
    assert noted[3] == noted[0] + timedelta(seconds=75)  # type: ignore[operator]


def test_who_is_signed_in_needs_the_csrf_token_to_change(alice: User) -> None:
    api = APIClient(enforce_csrf_checks=True)
    api.force_login(alice)
    assert api.get(ADDRESS).status_code == 200
    answer = api.post(ADDRESS, {"number": "1"})
    assert (answer.status_code, "CSRF" in answer.json()["message"]) == (403, True)


def test_a_program_needs_no_csrf_token(condominium: Condominium) -> None:
    _client, token = create_client(condominium, "a program", ["registry.change"])
    api = APIClient(enforce_csrf_checks=True)
    api.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert api.post(ADDRESS, {"number": "1"}).status_code == 201


def test_a_user_who_was_switched_off_is_nobody(alice: User) -> None:
    api = signed_in(alice)
    User.objects.update(is_active=False)
    assert api.get(ADDRESS).status_code == 401


class TestThrottle:
    @pytest.fixture(autouse=True)
    def three_a_minute(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ClientThrottle, "rate", "3/min", raising=False)

    def test_a_client_that_asks_too_often_is_told_when_to_come_back(self, condominium: Condominium) -> None:
        api = program(condominium)
        assert [api.get(ADDRESS).status_code for _ in range(4)] == [200, 200, 200, 429]
        answer = api.get(ADDRESS)
        assert 0 < int(answer["Retry-After"]) <= 60
        assert answer.json()["code"] == "throttled"

    def test_each_client_and_user_has_a_rate_of_its_own(self, condominium: Condominium, alice: User, bob: User) -> None:
        every = [program(condominium), program(condominium), signed_in(alice), signed_in(bob)]
        assert [api.get(ADDRESS).status_code for api in every for _ in range(3)] == [200] * 12

    def test_after_a_while_it_may_ask_again(self, condominium: Condominium) -> None:
        api = program(condominium)
        with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
            assert [api.get(ADDRESS).status_code for _ in range(4)][-1] == 429
            clock.shift(timedelta(seconds=61))
            assert api.get(ADDRESS).status_code == 200
