"""Every error is JSON with a sentence, and the right status."""

import pytest
from django.core.cache import cache
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest
from django.test import Client, RequestFactory
from redis.exceptions import RedisError
from rest_framework.test import APIClient

from anpr_site.errors import bad_request, not_found, server_error
from premises.api_errors import answer as handler
from premises.api_errors import first_sentence
from premises.models import Condominium

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/api/",
        "/api/v1/nothing",
        "/api/v1/units/",
        "/api/v2/units",
        "/check-license-plate/ABC1D23",
        "/check-license-plate/ABC1D23/",
        "/upload-camera-image/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_address_that_does_not_exist(client: Client, address: str, method: str) -> None:
    answer = getattr(client, method)(address)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert answer.json()["code"] == "not_found"


def test_a_post_without_csrf_token_to_no_address_is_not_found_too() -> None:
    answer = Client(enforce_csrf_checks=True).post("/api/v1/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_people_get_a_page(client: Client) -> None:
    answer = client.get("/no-such-page")
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_a_method_that_is_none(api: APIClient) -> None:
    answer = api.put("/api/v1/units", {})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_a_body_that_is_no_json(api: APIClient) -> None:
    answer = api.post("/api/v1/units", "{not json", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    answer = api.post("/api/v1/units", b"\xff\xfe\x00", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


@pytest.mark.parametrize("body", ["[]", "7", "null", '"x"', "[{}]"])
def test_json_that_is_no_object(api: APIClient, body: str) -> None:
    answer = api.post("/api/v1/units", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, '{"number": "\\ud800"}', '{"\\ud800": 1}'])
def test_json_that_cannot_be_held(api: APIClient, body: str) -> None:
    answer = api.post("/api/v1/units", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


@pytest.mark.parametrize("content_type", ["application/xml", "text/plain", "application/x-www-form-urlencoded"])
def test_another_kind_of_body(api: APIClient, content_type: str) -> None:
    answer = api.post("/api/v1/units", "number=7", content_type=content_type)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_another_kind_of_answer(api: APIClient) -> None:
    answer = api.get("/api/v1/units", headers={"accept": "text/csv"})
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


def test_a_body_that_is_too_large(api: APIClient, settings: object) -> None:
    settings.UPLOAD_MAX_BYTES = 1000  # type: ignore[attr-defined]
    answer = api.post("/api/v1/units", {"number": "7", "note": "x" * 100_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_bad_input_names_every_field(api: APIClient) -> None:
    answer = api.post("/api/v1/people", {"email": "x"})
    assert answer.json() == {
        "message": "name: This field is required.",
        "code": "invalid",
        "errors": {"name": ["This field is required."], "email": ["Enter a valid email address."]},
    }


def test_sentences_come_in_the_language_asked_for(api: APIClient) -> None:
    answer = api.post("/api/v1/people", {}, headers={"accept-language": "pt-br"})
    assert answer.json()["message"] == "name: Este campo é obrigatório."


def test_two_at_once_are_a_conflict() -> None:
    answer = handler(IntegrityError("UNIQUE constraint failed: premises_unit.number"), {})
    assert answer is not None
    assert (answer.status_code, "premises_unit" in str(answer.data)) == (409, False)


@pytest.mark.parametrize("error", [OperationalError("host=10.0.0.7 is down"), RedisError("/run/valkey.sock")])
def test_a_part_that_does_not_answer_is_told_without_details(
    api: APIClient, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*args: object) -> None:
        raise error

    monkeypatch.setattr(cache, "get", fail)
    answer = api.get("/api/v1/units")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert str(error) not in answer.content.decode()


def test_a_mistake_of_ours_is_told_without_details(
    condominium: Condominium, api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("premises.api.UnitViewSet.get_queryset", fail)
    api.raise_request_exception = False
    answer = api.get("/api/v1/units")
    assert (answer.status_code, answer.json()["code"]) == (500, "error")
    assert "secret detail" not in answer.content.decode()


@pytest.fixture
def asked() -> HttpRequest:
    return RequestFactory().get("/api/v1/units")


def test_answers_where_no_view_answered(asked: HttpRequest) -> None:
    statuses = [bad_request(asked, ValueError()), not_found(asked, ValueError()), server_error(asked)]
    assert [(each.status_code, each["Content-Type"]) for each in statuses] == [
        (400, "application/json"),
        (404, "application/json"),
        (500, "application/json"),
    ]


@pytest.mark.parametrize(
    ("errors", "sentence"),
    [
        ({"a": ["No."]}, "a: No."),
        ({"a": {"b": ["No."]}}, "a.b: No."),
        ({"non_field_errors": ["No."]}, "No."),
        ({"a": [{}, {"b": ["No."]}]}, "a.b: No."),
        (["No."], "No."),
        ({}, ""),
    ],
)
def test_the_first_sentence(errors: object, sentence: str) -> None:
    assert first_sentence(errors) == sentence
