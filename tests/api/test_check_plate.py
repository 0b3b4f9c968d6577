"""GET /check-license-plate/<plates>/<since>: was this plate seen since then?"""

from datetime import timedelta
from urllib.parse import quote

import pytest
from rest_framework.test import APIClient

from premises.models import Condominium, User
from tests.api.conftest import NOON, Rows, passing, program, signed_in

SINCE = "2026-11-20T11:00:00-03:00"


def ask(api: APIClient, plates: str, since: str = SINCE):  # type: ignore[no-untyped-def]
    return api.get(f"/check-license-plate/{plates}/{since}")


def test_the_answer_is_word_for_word_the_contracts(condominium: Condominium, mine: Rows) -> None:
    passing(mine["lanes"], "AB1234AB", NOON.replace(microsecond=900_000), frames=1)
    answer = ask(program(condominium, "passages.view"), "AB1234AB,NEVER12")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == [
        {"detected": True, "plate": "AB1234AB", "time": "2026-11-20T12:00:00"},
        {"detected": False, "plate": "NEVER12", "time": ""},
    ]


@pytest.mark.parametrize(
    ("since", "time"),
    [
        ("2026-11-20T11:00:00-03:00", "2026-11-20T12:00:01"),
        ("2026-11-20T11:00:00-04:00", "2026-11-20T11:00:01"),
        ("2026-11-20T14:00:00Z", "2026-11-20T15:00:01"),
        ("2026-11-20T14:00:00%2B00:00", "2026-11-20T15:00:01"),
        ("2026-11-20T19:30:00+05:30", "2026-11-20T20:30:01"),
        ("20261120T140000Z", "2026-11-20T15:00:01"),
    ],
)
def test_the_time_is_the_latest_sighting_in_the_zone_that_was_asked_in(
    api: APIClient, mine: Rows, since: str, time: str
) -> None:
    passing(mine["lanes"], "ABC1C34", NOON - timedelta(minutes=30))
    assert ask(api, "ABC1C34", since).json() == [{"detected": True, "plate": "ABC1C34", "time": time}]


def test_before_is_not_since(api: APIClient, mine: Rows) -> None:
    assert [row["detected"] for row in ask(api, "ABC1C34", "2026-11-20T12:00:01-03:00").json()] == [True]
    assert [row["detected"] for row in ask(api, "ABC1C34", "2026-11-20T12:00:02-03:00").json()] == [False]


def test_old_and_mercosul_spellings_are_one_vehicle(api: APIClient, mine: Rows) -> None:
    answer = ask(api, "abc-1234,ABC1C34,%20abc%201c34").json()
    assert [(row["plate"], row["detected"]) for row in answer] == [
        ("ABC1234", True),
        ("ABC1C34", True),
        ("ABC1C34", True),
    ]


def test_what_was_seen_elsewhere_was_not_seen(
    api: APIClient, stranger: APIClient, charlie: User, mine: Rows, theirs: Rows
) -> None:
    assert ask(stranger, "ABC1C34").json()[0]["detected"] is False
    assert ask(signed_in(charlie), "ABC1C34").json()[0]["detected"] is False
    assert ask(api, "ABC1C34").json()[0]["detected"] is True
    assert ask(api, "XYZ9J87").json()[0]["detected"] is False


@pytest.mark.parametrize(
    "since",
    ["2026-11-20T11:00:00", "2026-11-20", "20261120T110000"],
)
def test_a_time_without_a_zone_is_refused_and_told_how_to_write_it(api: APIClient, since: str) -> None:
    answer = ask(api, "ABC1C34", since)
    assert answer.status_code == 400
    assert "has no zone: write 2026-11-21T08:30:00-03:00" in answer.json()["message"]


@pytest.mark.parametrize(
    "since",
    [
        "yesterday",
        "2026-13-45T99:00:00Z",
        "🕐",
        "1606849200",
        "2026-11-20T11:00:00%2003:00",
        "0001-01-01T00:00:00%2B14:00",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_what_is_no_time_is_refused(api: APIClient, since: str) -> None:
    answer = ask(api, "ABC1C34", since)
    assert answer.status_code == 400
    assert "not a time" in answer.json()["message"]


@pytest.mark.parametrize("plates", ["", "%20", ",", "ABC1C34,", "ABC1C34,,XYZ9J87"])
def test_an_empty_plate_is_refused(api: APIClient, plates: str) -> None:
    answer = ask(api, plates)
    assert (answer.status_code, answer.json()["message"]) == (400, "plates: The plate is empty.")


@pytest.mark.parametrize("plates", [quote("🚗🚗🚗🚗🚗🚗🚗"), quote("АВС1234"), "ABC%00123", "ABC1C34;DROP"])
def test_what_is_no_plate_is_refused(api: APIClient, plates: str) -> None:
    answer = ask(api, plates)
    assert answer.status_code == 400
    assert answer.json()["message"] == "plates: A plate has only the letters A to Z and the digits 0 to 9."


def test_a_plate_of_impossible_length_is_refused(api: APIClient) -> None:
    assert ask(api, "AB1").json()["message"] == "plates: A plate has at least 4 characters."
    assert ask(api, "A" * 11).json()["message"] == "plates: A plate has at most 10 characters."


def test_a_hundred_plates_are_answered_and_one_more_is_refused(api: APIClient, mine: Rows) -> None:
    hundred = [f"AAA{number:04}" for number in range(100)]
    assert [row["plate"] for row in ask(api, ",".join(hundred)).json()] == hundred
    answer = ask(api, ",".join([*hundred, "AAA0100"]))
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "plates: Ask for 100 plates at most; these are 101.",
    )


def test_messages_are_english_whatever_the_language(api: APIClient) -> None:
    answer = api.get("/check-license-plate/ABC1C34/2026-11-20T11:00:00", headers={"accept-language": "pt-br"})
    assert answer.json()["message"].startswith("time: The time has no zone")


def test_a_token_is_needed_with_the_scope(condominium: Condominium, mine: Rows) -> None:
    answer = ask(APIClient(), "ABC1C34")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")
    assert "message" in answer.json()
    assert ask(program(condominium, "registry.view", "pictures.upload"), "ABC1C34").status_code == 403


def test_the_address_has_no_slash_at_its_end_and_only_answers_get(api: APIClient) -> None:
    assert api.get(f"/check-license-plate/ABC1C34/{SINCE}/").status_code == 404
    answer = api.post(f"/check-license-plate/ABC1C34/{SINCE}")
    assert (answer.status_code, "message" in answer.json()) == (405, True)
