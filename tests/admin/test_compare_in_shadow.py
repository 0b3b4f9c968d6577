"""What a lane decides by is changed only after what it would have changed was shown."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from access import shadow_runs, tasks
from access.models import Lane, Passage, RunState, ShadowRun
from premises.models import Condominium, JournalEntry, User
from tests.admin.conftest import SignedIn
from tests.admin.pages import address, row_of


@pytest.fixture
def manager(alice: User, signed_in: SignedIn) -> Client:
    return signed_in(alice)


@pytest.fixture
def lane(furnished: Condominium) -> Lane:
    """A lane with a passage of a few minutes ago, and without a comparison."""
    ShadowRun.objects.all().delete()
    Passage.objects.update(opened_at=timezone.now() - timedelta(minutes=5))
    lane: Lane = row_of(Lane, furnished)
    return lane


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    given: list[int] = []
    monkeypatch.setattr(shadow_runs, "queue", lambda run: given.append(run.pk))
    return given


def submit(client: Client, lane: Lane, **values: Any) -> Any:
    names = ("name", "camera", "gate", "direction", "engine", "interval", "gap_seconds", "passback", "forgive_hours")
    usual = {name: getattr(lane, f"{name}_id", None) or getattr(lane, name) for name in (*names, *shadow_runs.FIELDS)}
    return client.post(address(Lane, "change", lane.pk), usual | {"is_active": "on"} | values, follow=True)


def test_another_policy_is_compared_before_it_is_saved(manager: Client, lane: Lane, queued: list[int]) -> None:
    page = submit(manager, lane, policy="exact", name="Q9-lane")

    lane.refresh_from_db()
    run = ShadowRun.objects.get()
    assert (lane.policy, lane.name) == ("balanced", "Q9-lane")
    assert (queued, run.changed, run.by_name) == ([run.pk], ["policy"], "alice")
    assert page.redirect_chain[-1][0] == address(ShadowRun, "change", run.pk)
    assert "How the lane decides is not changed yet" in page.content.decode()
    assert 'data-again="2"' in page.content.decode()


@pytest.mark.parametrize("change", [{"agreeing": 5}, {"frames_to_refuse": 7}, {"engine": "classical"}])
def test_all_that_a_lane_decides_by_is_held_back(
    manager: Client, lane: Lane, queued: list[int], change: dict[str, Any]
) -> None:
    submit(manager, lane, **change)

    assert Lane.objects.filter(pk=lane.pk).values(*shadow_runs.FIELDS).get() == ShadowRun.objects.get().before
    assert ShadowRun.objects.get().wanted == ShadowRun.objects.get().before | change


def test_what_a_lane_does_not_decide_by_is_saved_at_once(manager: Client, lane: Lane, queued: list[int]) -> None:
    submit(manager, lane, gap_seconds=9)

    lane.refresh_from_db()
    assert (lane.gap_seconds, queued) == (9, [])


def test_a_lane_without_a_past_is_changed_at_once(manager: Client, lane: Lane, queued: list[int]) -> None:
    Passage.objects.update(opened_at=timezone.now() - timedelta(days=8))

    submit(manager, lane, policy="exact")

    lane.refresh_from_db()
    assert (lane.policy, queued) == ("exact", [])


def test_save_all_the_same_saves_and_the_journal_has_the_counts(manager: Client, lane: Lane, queued: list[int]) -> None:
    submit(manager, lane, policy="exact")
    tasks.compare_in_shadow(queued[0])
    run = ShadowRun.objects.get()
    page = manager.get(address(ShadowRun, "change", run.pk))
    assert ("data-again" in page.content.decode(), "Save all the same" in page.content.decode()) == (False, True)

    manager.post(address(ShadowRun, "save", run.pk))

    lane.refresh_from_db()
    entry = JournalEntry.objects.get(action="lane.changed", data__has_key="shadow")
    assert (lane.policy, entry.data["shadow"]["left_out"], entry.actor) == ("exact", 1, "alice")
    assert "Save all the same" not in manager.get(address(ShadowRun, "change", run.pk)).content.decode()


def test_looking_saves_nothing(manager: Client, lane: Lane, queued: list[int]) -> None:
    submit(manager, lane, policy="exact")

    assert manager.get(address(ShadowRun, "save", ShadowRun.objects.get().pk)).status_code == 405
    lane.refresh_from_db()
    assert lane.policy == "balanced"


def test_a_lane_that_was_changed_meanwhile_is_left_alone(manager: Client, lane: Lane, queued: list[int]) -> None:
    submit(manager, lane, policy="exact")
    Lane.objects.filter(pk=lane.pk).update(policy="strict")

    page = manager.post(address(ShadowRun, "save", ShadowRun.objects.get().pk), follow=True)

    lane.refresh_from_db()
    assert lane.policy == "strict"
    assert "The lane was changed since. Compare again." in page.content.decode()


def test_the_page_shows_passages_that_differ_with_their_plates(manager: Client, furnished: Condominium) -> None:
    run, passage = row_of(ShadowRun, furnished), Passage.objects.filter(condominium=furnished).earliest("opened_at")

    page = manager.get(address(ShadowRun, "change", run.pk)).content.decode()

    assert address(Passage, "change", passage.pk) in page
    assert "may not pass: not registered" in page
    assert "Not known: nobody said which vehicle it was: 1" in page
    assert JournalEntry.objects.filter(action="passages.listed", actor="alice").exists()


def test_a_failed_run_says_why(manager: Client, furnished: Condominium) -> None:
    run = row_of(ShadowRun, furnished)
    ShadowRun.objects.filter(pk=run.pk).update(state=RunState.FAILED, problem="The task queue cannot be reached.")

    assert "The task queue cannot be reached." in manager.get(address(ShadowRun, "change", run.pk)).content.decode()


def test_a_guard_looks_and_does_not_save(bob: User, furnished: Condominium, signed_in: SignedIn) -> None:
    run, client = row_of(ShadowRun, furnished), signed_in(bob)

    assert "Save all the same" not in client.get(address(ShadowRun, "change", run.pk)).content.decode()
    assert client.post(address(ShadowRun, "save", run.pk)).status_code == 403


def test_charlie_finds_no_run_to_save(charlie: User, furnished: Condominium, signed_in: SignedIn) -> None:
    run = row_of(ShadowRun, furnished)

    assert signed_in(charlie).post(address(ShadowRun, "save", run.pk), follow=True).status_code == 404
    run.refresh_from_db()
    assert run.saved_at is None


def test_a_run_of_another_condominium_names_no_passage_here(
    furnished: Condominium, elsewhere: Condominium, charlie: User, signed_in: SignedIn
) -> None:
    """Even if a row were to name one, it would not be shown."""
    run, other = row_of(ShadowRun, elsewhere), row_of(ShadowRun, furnished)
    ShadowRun.objects.filter(pk=run.pk).update(differences=other.differences)

    page = signed_in(charlie).get(address(ShadowRun, "change", run.pk)).content.decode()

    assert other.differences[0]["passage"] not in page


def test_the_settings_are_those_of_the_form(lane: Lane) -> None:
    settings = shadow_runs.settings_of(lane, policy="exact")
    assert replace(settings, policy="balanced") == shadow_runs.settings_of(lane)
