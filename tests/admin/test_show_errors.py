"""Where there is no page, people get one all the same: in Portuguese, and with the right status."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.exceptions import SuspiciousOperation
from django.test import Client

from portal import dashboard
from premises.models import User
from tests.admin.conftest import SignedIn

PORTUGUESE = {"Accept-Language": "pt-BR"}


def heading(answer: Any) -> str:
    page: str = answer.content.decode()
    return page.partition("<h1>")[2].partition("</h1>")[0]


@pytest.fixture
def failing(signed_in: SignedIn, alice: User, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Exception]]:
    """The first page raises what is put into this list."""
    wrong: list[Exception] = []

    def fail(*_given: object) -> dict[str, object]:
        raise wrong[0]

    monkeypatch.setattr(dashboard, "dashboard", fail)
    yield wrong


def test_an_address_that_does_not_exist(client: Client) -> None:
    answer = client.get("/no-such-page", headers=PORTUGUESE)
    assert (answer.status_code, heading(answer)) == (404, "Não há nada aqui.")
    assert '<html lang="pt-br">' in answer.content.decode()


def test_what_a_role_does_not_allow(bob: User, signed_in: SignedIn) -> None:
    answer = signed_in(bob).get("/admin/cameras/recorder/add/", headers=PORTUGUESE)
    assert (answer.status_code, heading(answer)) == (403, "Você não tem permissão para isso.")


def test_an_error_of_ours(failing: list[Exception], alice: User) -> None:
    failing.append(RuntimeError("a detail that is nobody's business"))
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    answer = client.get("/admin/", headers=PORTUGUESE)
    assert (answer.status_code, heading(answer)) == (500, "Um erro do nosso lado. Ele foi gravado no log.")
    assert "nobody's business" not in answer.content.decode()


def test_a_request_that_is_malformed(failing: list[Exception], alice: User, signed_in: SignedIn) -> None:
    failing.append(SuspiciousOperation("a detail that is nobody's business"))
    answer = signed_in(alice).get("/admin/", headers=PORTUGUESE)
    assert (answer.status_code, heading(answer)) == (400, "O pedido está malformado.")
    assert "nobody's business" not in answer.content.decode()


def test_a_form_that_is_too_old() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {}, headers=PORTUGUESE)
    assert (answer.status_code, heading(answer)) == (403, "Não foi possível verificar o formulário.")


def test_who_guesses_passwords(client: Client, alice: User) -> None:
    for _guess in range(configured.AXES_FAILURE_LIMIT):
        answer = client.post("/accounts/login/", {"login": "alice", "password": "no"}, headers=PORTUGUESE)
    assert (answer.status_code, heading(answer)) == (429, "Tentativas de entrada demais.")
