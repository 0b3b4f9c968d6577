"""GET /api/v1/passages/<id>/story: what the passage's page tells, as JSON."""

from rest_framework.test import APIClient

from access.models import Decision, Detection
from premises.models import Condominium, JournalEntry, User
from recognition.reads import certain
from tests.api.conftest import Rows, program, signed_in


def address(rows: Rows) -> str:
    return f"/api/v1/passages/{rows['passages'].pk}/story"


def test_tells_what_was_seen_decided_and_done(api: APIClient, mine: Rows) -> None:
    Detection.objects.update(probabilities=certain("ABC1C34", [0.9] * 7).tolist())
    Decision.objects.update(facts={"plate": "ABC1C34", "shares": {"ABC1C34": 0.98}, "stranger": 0.02})

    told = api.get(address(mine)).json()

    assert (told["passage"], told["plate"]) == (str(mine["passages"].pk), "ABC1C34")
    assert told["sentence"] == told["decision"]["sentence"]
    assert [round(each["speaks"], 3) for each in told["witnesses"]] == [0.478, 0.478]
    assert told["witnesses"][0]["detection"]["frame"].startswith("http")
    assert told["likely"] == [
        {"plate": "ABC1C34", "share": 0.98, "vehicle": mine["vehicles"].pk},
        {"plate": "", "share": 0.02, "vehicle": None},
    ]
    assert [step["name"] for step in told["openings"][0]["steps"]][:2] == ["requested", "sent"]


def test_who_looked_is_told_and_the_look_noted(alice: User, bob: User, mine: Rows) -> None:
    signed_in(bob).get(address(mine))

    told = signed_in(alice).get(address(mine)).json()

    assert [viewer["name"] for viewer in told["viewers"]] == ["bob", "alice"]
    assert JournalEntry.objects.filter(action="passage.viewed").count() == 2


def test_the_journal_is_told_to_who_may_read_it(alice: User, bob: User, mine: Rows) -> None:
    assert signed_in(bob).get(address(mine)).json()["journal"] == []
    assert [entry["actor"] for entry in signed_in(alice).get(address(mine)).json()["journal"]] == ["bob", "alice"]


def test_a_passage_elsewhere_has_no_story_here(
    api: APIClient, mine: Rows, theirs: Rows, elsewhere: Condominium
) -> None:
    assert api.get(address(theirs)).status_code == 404
    assert program(elsewhere, "registry.view").get(address(theirs)).status_code == 403
