"""What rehearsals found, on the pages of gate and lane and on the first page; and the button that asks for one."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Lane, Link, Rehearsal
from access.rehearsal_links import BROKEN, Result
from gates.models import Gate
from premises.models import Condominium, User
from tests.admin.conftest import SignedIn
from tests.admin.pages import address
from tests.admin.test_show_gate import gate, manager

__all__ = ["gate", "manager"]


def rehearsed(lane: Lane) -> Rehearsal:
    links = [Result(Link.CAMERA, BROKEN, "no_picture", {"since": None, "problem": "timeout"}).noted()]
    at = timezone.now()
    return Rehearsal.objects.create(
        condominium_id=lane.condominium_id, lane=lane, begun_at=at, ended_at=at, links=links, broken=Link.CAMERA
    )


SAID = "Camera: The camera never gave a picture: The recorder did not answer in time."


def test_a_broken_link_stands_on_every_face(manager: Client, gate: Gate, furnished: Condominium) -> None:
    lane = Lane.objects.get(gate=gate)
    rehearsed(lane)
    pages = [
        address(Gate, "change", gate.pk),
        address(Lane, "change", lane.pk),
        reverse("admin:access_lane_rehearsals", args=[lane.pk]),
    ]
    assert [SAID.partition(": ")[2] in manager.get(url).content.decode() for url in pages] == [True, True, True]
    today = manager.get(reverse("admin:index"))
    assert any(SAID in concern.text for concern in today.context["concerns"])
    assert [each.broken for each in today.context["rehearsed"]] == [SAID]


def test_a_lane_whose_rehearsals_stopped_needs_somebody(manager: Client, gate: Gate) -> None:
    row = rehearsed(Lane.objects.get(gate=gate))
    Rehearsal.objects.filter(pk=row.pk).update(broken="", links=[], begun_at=timezone.now() - timedelta(hours=37))
    texts = [concern.text for concern in manager.get(reverse("admin:index")).context["concerns"]]
    assert any("was not rehearsed since" in text for text in texts)


def test_who_may_look_may_not_rehearse(gate: Gate, bob: User, charlie: User, signed_in: SignedIn) -> None:
    lane = Lane.objects.get(gate=gate)
    url = reverse("admin:access_lane_rehearsals", args=[lane.pk])
    guard = signed_in(bob)
    assert "Rehearse now" not in guard.get(url).content.decode()
    assert guard.post(url).status_code == 403
    assert (signed_in(charlie).get(url).status_code, signed_in(charlie).post(url).status_code) == (404, 404)


def test_a_queue_that_is_away_is_said(manager: Client, gate: Gate) -> None:
    lane = Lane.objects.get(gate=gate)
    answer = manager.post(reverse("admin:access_lane_rehearsals", args=[lane.pk]), follow=True)
    assert "The task queue cannot be reached. Nothing was rehearsed." in answer.content.decode()


def test_on_hold_is_said(manager: Client, gate: Gate) -> None:
    Gate.objects.update(on_hold=True)
    lane = Lane.objects.get(gate=gate)
    answer = manager.post(reverse("admin:access_lane_rehearsals", args=[lane.pk]), follow=True)
    assert "A lane is not rehearsed while its gate is on hold." in answer.content.decode()


@pytest.mark.parametrize(("seconds", "waits", "lost"), [(5, True, False), (100, False, True)])
def test_one_that_was_asked_for_is_waited_for_but_not_for_ever(
    manager: Client, gate: Gate, seconds: int, waits: bool, lost: bool
) -> None:
    lane = Lane.objects.get(gate=gate)
    asked = int(timezone.now().timestamp()) - seconds
    url = reverse("admin:access_lane_rehearsals", args=[lane.pk])
    context = manager.get(f"{url}?asked={asked}").context
    assert (context["waits"], context["lost"]) == (waits, lost)
    rehearsed(lane)
    context = manager.get(f"{url}?asked={asked}").context
    assert (context["waits"], context["lost"]) == (False, False)
    assert manager.get(f"{url}?asked=nonsense").status_code == 200
