"""GET /api/v1/passages: what came, why it was let in or not, and how far its gate came."""

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from access.models import Detection, Lane, Passage
from cameras.models import Camera
from premises import long_lists
from premises.models import Condominium, JournalEntry
from tests.api.conftest import NOON, Rows, ids, passing, program

ADDRESS = "/api/v1/passages"


def test_a_passage_tells_its_decision_its_pictures_and_its_gate(condominium: Condominium, mine: Rows) -> None:
    told = program(condominium, "passages.view").get(ADDRESS).json()["results"][0]
    assert told["id"] == str(mine["passages"].pk)
    assert (told["plate"], told["outcome"], told["reason"]) == ("ABC1C34", "open", "permitted")
    assert told["decision"]["sentence"] == "ABC1C34 is not registered and may use this lane."
    assert told["command"]["state"] == "pulsed"
    first = Detection.objects.filter(passage=mine["passages"]).order_by("taken_at")[0]
    shown = told["detections"][0]
    assert len(told["detections"]) == 2
    assert (shown["text"], shown["box"], shown["score"]) == ("ABC1C34", [1, 2, 3, 4], 0.9)
    assert shown["frame"] == f"http://testserver/evidence/{first.pk}/frame"
    assert shown["crop"] == f"http://testserver/evidence/{first.pk}/crop"


def test_the_addresses_of_pictures_lead_to_them_for_this_token_only(
    api: APIClient, stranger: APIClient, mine: Rows, theirs: Rows
) -> None:
    shown = api.get(ADDRESS).json()["results"][0]["detections"][0]
    assert b"".join(api.get(shown["frame"])) == b"a frame"
    assert stranger.get(shown["frame"]).status_code == 404
    assert APIClient().get(shown["frame"]).status_code == 401


def test_a_passage_without_decision_and_command(api: APIClient, mine: Rows) -> None:
    mine["passages"].decision.delete()
    mine["gate-commands"].delete()
    told = api.get(f"{ADDRESS}/{mine['passages'].pk}").json()
    assert (told["decision"], told["command"]) == (None, None)


def test_who_looked_is_written_down_once_an_hour(api: APIClient, mine: Rows) -> None:
    for _ in range(2):
        api.get(ADDRESS)
        api.get(f"{ADDRESS}/{mine['passages'].pk}")
    looked = JournalEntry.objects.filter(actor="API: a program").order_by("id")
    assert [entry.action for entry in looked] == ["passages.listed", "passage.viewed"]


@pytest.fixture
def day(mine: Rows) -> Rows:
    """Three passages more: one of another lane, one unknown, one later."""
    camera = Camera.objects.create(condominium=mine["condominiums"], name="Exit", source="upload")
    exit_lane = Lane.objects.create(condominium=mine["condominiums"], name="Exit", camera=camera, gate=mine["gates"])
    mine["exit"] = passing(exit_lane, "ABC1C34", NOON + timedelta(hours=1), vehicle=mine["vehicles"])
    mine["unknown"] = passing(mine["lanes"], "QQQ5E55", NOON + timedelta(hours=2))
    mine["unknown"].outcome, mine["unknown"].reason = "refuse", "unknown_plate"
    mine["unknown"].save()
    mine["corrected"] = passing(mine["lanes"], "WWW6F66", NOON + timedelta(hours=3))
    mine["corrected"].corrected_plate = "VVV6F66"
    mine["corrected"].spell()
    mine["corrected"].save()
    return mine


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["corrected", "unknown", "exit", "passages"]),
        ({"since": "2026-11-20T13:00:00-03:00"}, ["corrected", "unknown", "exit"]),
        ({"until": "2026-11-20T16:00:00Z"}, ["passages"]),
        ({"since": "2026-11-20T13:00:00-03:00", "until": "2026-11-20T14:00:00-03:00"}, ["exit"]),
        ({"lane": "exit"}, ["exit"]),
        ({"unit": "units"}, ["exit", "passages"]),
        ({"vehicle": "vehicles"}, ["exit", "passages"]),
        ({"unit": "7"}, []),
        ({"lane": "0"}, []),
        ({"lane": str(2**63 - 1)}, []),
        ({"outcome": "refuse"}, ["unknown"]),
        ({"reason": "permitted"}, ["corrected", "exit", "passages"]),
        ({"plate": "QQ5"}, ["unknown"]),
        ({"plate": "qq-5"}, ["unknown"]),
        ({"plate": "ABC1234"}, ["exit", "passages"]),
        ({"plate": "abc 1c34"}, ["exit", "passages"]),
        ({"plate": "1234"}, ["exit", "passages"]),
        ({"plate": "VVV6"}, ["corrected"]),
        ({"plate": "🚗"}, []),
        ({"limit": "1", "offset": "1"}, ["unknown"]),
    ],
)
def test_filters(api: APIClient, day: Rows, query: dict[str, str], found: list[str]) -> None:
    numbers = {"exit": day["exit"].lane_id, "units": day["units"].pk, "vehicles": day["vehicles"].pk}
    asked = {key: numbers.get(value, value) for key, value in query.items()}
    assert ids(api.get(ADDRESS, asked)) == [str(day[name].pk) for name in found]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"since": "2026-11-20T13:00:00"}, "since"),
        ({"until": "yesterday"}, "until"),
        ({"lane": "x"}, "lane"),
        ({"lane": "1e999999999"}, "lane"),
        ({"lane": "nan"}, "lane"),
        ({"lane": "-1"}, "lane"),
        ({"lane": "1.5"}, "lane"),
        ({"lane": "9" * 5000}, "lane"),
        ({"unit": str(2**63)}, "unit"),
        ({"plate": "\0"}, "plate"),
        ({"outcome": "maybe"}, "outcome"),
        ({"platee": "ABC"}, "platee"),
        ({"limit": "all"}, "limit"),
        ({"offset": "-1"}, "offset"),
        ({"limit": "9" * 30}, "limit"),
    ],
)
def test_a_filter_that_cannot_be_is_refused_instead_of_ignored(
    api: APIClient, mine: Rows, query: dict[str, Any], field: str
) -> None:
    answer = api.get(ADDRESS, query)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_page_has_two_hundred_rows_at_most(api: APIClient, mine: Rows) -> None:
    for number in range(205):
        Passage.objects.create(
            condominium=mine["condominiums"],
            lane=mine["lanes"],
            opened_at=NOON,
            last_seen_at=NOON,
            plate=f"AAA{number:04}",
        )
    assert len(ids(api.get(ADDRESS, {"limit": "1000"}))) == 200


def test_a_unit_is_the_vehicles_or_else_its_owners(api: APIClient, mine: Rows) -> None:
    mine["vehicles"].unit = None
    mine["vehicles"].save()
    assert ids(api.get(ADDRESS, {"unit": mine["units"].pk})) == [str(mine["passages"].pk)]


def test_every_passage_can_be_come_to_though_counting_stops(
    api: APIClient, mine: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_lists, "MOST", 1)
    for minute in range(1, 6):
        passing(mine["lanes"], "ABC1C34", NOON + timedelta(minutes=minute))
    address, counts, found = f"{ADDRESS}?limit=2", [], []
    while address:
        told = api.get(address).json()
        counts.append((told["count"], told["more"]))
        found += [row["id"] for row in told["results"]]
        address = told["next"]
    assert counts == [(3, True), (5, True), (6, False)]
    assert found == [str(passage.pk) for passage in Passage.objects.filter(condominium=mine["condominiums"])]
