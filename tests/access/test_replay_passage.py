"""A decision comes out the same again, of what the journal holds, whatever has become of the registry."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from access import policies
from access.models import Lane, Passage, Permit, Vehicle, WatchlistEntry
from access.policies import Policy
from access.reasons import Outcome, Reason
from access.replaying import Basis, replay
from premises.models import JournalEntry
from recognition import Read
from tests.access.conftest import ALICES, BOX, STRANGERS, Road, read
from tests.access.test_weigh import seen

pytestmark = pytest.mark.django_db


def told(passage: Passage | Any) -> str:
    out = StringIO()
    call_command("replay_passage", str(getattr(passage, "pk", passage)), stdout=out)
    return out.getvalue()


def entry_of(passage: Passage) -> JournalEntry:
    return JournalEntry.objects.get(passage_id=passage.pk, action="passage.decided")


def weighed(text: str, **doubts: Any) -> Read:
    rows = seen(text, **doubts)
    return Read(BOX, text, rows, 0.9, None, probability=0.6)


def test_an_opening_comes_out_the_same(road: Road, vehicle: Vehicle) -> None:
    (passage,) = road.sees(read(ALICES))

    assert "It comes out the same." in told(passage)
    assert "open · permitted · exact-1" in told(passage)


def test_a_weighed_opening_comes_out_the_same_after_the_vehicle_is_gone(road: Road, vehicle: Vehicle) -> None:
    (passage,) = road.sees(weighed("ABC1D28", at6={"3": 0.4}))
    assert (passage.outcome, passage.vehicle) == (Outcome.OPEN, vehicle)

    Permit.objects.all().delete()
    vehicle.delete()

    assert "open · permitted · balanced-1" in told(passage)


def test_a_refusal_comes_out_the_same_after_the_stranger_was_registered(road: Road, lane: Lane) -> None:
    for _ in range(3):
        (passage,) = road.sees(read(STRANGERS))
    assert passage.reason == Reason.UNKNOWN_PLATE
    Vehicle.objects.create(condominium=lane.condominium, plate=STRANGERS)

    assert "refuse · unknown_plate" in told(passage)


def test_all_that_was_told_to_the_rules_is_noted_and_recalled(road: Road, lane: Lane, vehicle: Vehicle) -> None:
    permit = Permit.objects.get()
    permit.valid_until = timezone.now() + timedelta(days=1)
    permit.save()
    permit.lanes.add(lane)
    WatchlistEntry.objects.create(condominium=lane.condominium, plate="ABC1D24", kind="stolen")
    (passage,) = road.sees(weighed("ABC1D28", at6={"3": 0.4}))
    noted = entry_of(passage).data["basis"]

    assert json.loads(json.dumps(Basis.recalled(noted).noted())) == noted
    assert [each["plate"] for each in noted["registry"]["vehicles"]] == [ALICES]


def test_other_rules_are_told_from_the_same_ones(road: Road, vehicle: Vehicle, monkeypatch: pytest.MonkeyPatch) -> None:
    (passage,) = road.sees(weighed("ABC1D28", at6={"3": 0.4}))
    monkeypatch.setitem(policies.ENOUGH, Policy.BALANCED, 0.9999999)

    again = replay(entry_of(passage))

    assert not again.same
    assert (again.then[0], again.now[0]) == (Outcome.OPEN, "")
    with pytest.raises(CommandError, match="does not come out the same"):
        told(passage)


def test_another_version_of_a_policy_is_not_the_same(
    road: Road, vehicle: Vehicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    (passage,) = road.sees(read(ALICES))
    monkeypatch.setattr(policies, "VERSION", 2)

    assert not replay(entry_of(passage)).same


def test_a_passage_without_a_decision_is_named(road: Road) -> None:
    with pytest.raises(CommandError, match="no such passage"):
        told(uuid4())


def test_a_decision_that_failed_has_nothing_to_replay(
    road: Road, vehicle: Vehicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: Any) -> None:
        raise OSError("no roll")

    monkeypatch.setattr("access.deciding.roll_of", broken)
    (passage,) = road.sees(read(ALICES))
    assert passage.reason == Reason.ERROR

    with pytest.raises(CommandError, match="does not hold what that decision rested on"):
        told(passage)
