"""POST and GET /api/v1/lanes/<id>/shadow: what a change of the lane would have decided differently."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from access import shadow_runs, tasks
from access.models import Lane, RunState, ShadowRun
from premises.models import Condominium, User
from tests.api.conftest import Rows, program, signed_in


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The runs that were given to the task queue, which is not there."""
    given: list[int] = []
    monkeypatch.setattr(shadow_runs, "queue", lambda run: given.append(run.pk))
    return given


def address(rows: Rows) -> str:
    return f"/api/v1/lanes/{rows['lanes'].pk}/shadow"


def test_a_comparison_is_asked_for_and_fetched_when_it_is_done(
    condominium: Condominium, mine: Rows, queued: list[int]
) -> None:
    api = program(condominium, "devices.change", "passages.view")

    asked = api.post(address(mine), {"policy": "exact", "days": 2})

    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    assert (asked.json()["before"]["policy"], asked.json()["wanted"]["policy"]) == ("balanced", "exact")
    assert queued == [asked.json()["id"]]
    tasks.compare_in_shadow(queued[0])
    answer = api.get(address(mine)).json()
    assert (answer["id"], answer["state"], answer["done"]) == (queued[0], "done", answer["total"])
    assert answer["counts"]["opened"] == [0, 0]


def test_a_change_through_the_api_is_not_held_back(condominium: Condominium, mine: Rows) -> None:
    answer = program(condominium).patch(f"/api/v1/lanes/{mine['lanes'].pk}", {"policy": "strict"})

    assert (answer.status_code, Lane.objects.get(pk=mine["lanes"].pk).policy) == (200, "strict")
    assert not ShadowRun.objects.exists()


@pytest.mark.parametrize(
    "body", [{"policy": "lenient"}, {"agreeing": 3}, {"engine": "none such"}, {"days": 0}, {"frames_to_refuse": 99}]
)
def test_a_change_that_cannot_be_is_refused(condominium: Condominium, mine: Rows, body: dict[str, Any]) -> None:
    answer = program(condominium).post(address(mine), body)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(body))
    assert not ShadowRun.objects.exists()


def test_where_nothing_was_compared_there_is_nothing(condominium: Condominium, mine: Rows) -> None:
    assert program(condominium).get(address(mine)).status_code == 404


def test_a_lane_elsewhere_does_not_exist(stranger: APIClient, charlie: User, mine: Rows) -> None:
    shadow_runs.start(mine["lanes"], shadow_runs.settings_of(mine["lanes"]), by="tests")
    for api in (stranger, signed_in(charlie)):
        assert api.get(address(mine)).status_code == 404
        assert api.post(address(mine), {"policy": "exact"}).status_code == 404


@pytest.mark.parametrize(("scope", "looks", "asks"), [("devices.change", 403, 202), ("passages.view", 200, 403)])
def test_who_looks_sees_passages_and_who_asks_changes_devices(
    condominium: Condominium, mine: Rows, queued: list[int], scope: str, looks: int, asks: int
) -> None:
    shadow_runs.start(mine["lanes"], shadow_runs.settings_of(mine["lanes"]), by="tests")
    api = program(condominium, scope)

    assert (api.get(address(mine)).status_code, api.post(address(mine), {}).status_code) == (looks, asks)


def test_a_queue_that_is_not_there_is_said(
    condominium: Condominium, mine: Rows, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        program(condominium).post(address(mine), {"policy": "exact"})

    run = ShadowRun.objects.get()
    assert (run.state, run.problem) == (RunState.FAILED, "The task queue cannot be reached.")


def test_a_run_that_is_gone_is_nothing_to_work_on(db: None) -> None:
    tasks.compare_in_shadow(99)


def test_the_queue_is_given_the_task_that_there_is() -> None:
    assert tasks.compare_in_shadow.name == shadow_runs.TASK
