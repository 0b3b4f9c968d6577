"""Who was registered and not opened for: a work list, where one press says which vehicle it was."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from access.models import Lane, Passage, Vehicle
from access.reasons import Outcome, Reason
from premises.models import Condominium, JournalEntry, User
from premises.roles import Role
from tests.admin.conftest import SignedIn
from tests.admin.pages import address, row_of
from tests.conftest import member

PAGE = "admin:access_passage_missed_openings"


@pytest.fixture
def vehicle(furnished: Condominium) -> Vehicle:
    """Registered long ago."""
    Vehicle.objects.update(created_at=timezone.now() - timedelta(days=99))
    vehicle: Vehicle = row_of(Vehicle, furnished)
    return vehicle


@pytest.fixture
def passage(furnished: Condominium, vehicle: Vehicle) -> Passage:
    """Of that vehicle, with its last character misread."""
    return misread(furnished, vehicle.plate[:-1] + "7")


def misread(condominium: Condominium, plate: str, at: Any = None, **shares: float) -> Passage:
    passage: Passage = row_of(Passage, condominium)
    at = at or timezone.now() - timedelta(minutes=1)
    Passage.objects.filter(pk=passage.pk).update(
        plate=plate, plate_key=plate, outcome=Outcome.REFUSE, reason=Reason.UNKNOWN_PLATE, vehicle=None,
        unit_name="", owner_name="", opened_at=at,
    )  # fmt: skip
    passage.decision.facts = {"plate": plate, "shares": shares}
    passage.decision.reason = Reason.UNKNOWN_PLATE
    passage.decision.save()
    passage.refresh_from_db()
    return passage


@pytest.fixture
def guard(bob: User, signed_in: SignedIn) -> Client:
    return signed_in(bob)


def listed(client: Client) -> list[Passage]:
    return [row["passage"] for row in client.get(reverse(PAGE)).context["rows"]]


def test_a_plate_one_character_from_a_registered_one_is_listed(guard: Client, passage: Passage) -> None:
    page = guard.get(reverse(PAGE)).content.decode()

    assert listed(guard) == [passage]
    assert f"It was {row_of(Vehicle, passage.condominium).plate}" in page


def test_what_was_weighed_is_named_with_its_share(guard: Client, furnished: Condominium, vehicle: Vehicle) -> None:
    passage = misread(furnished, "XYZ9A87", **{vehicle.plate_key: 0.63})

    assert listed(guard) == [passage]
    assert "· 63 %" in guard.get(reverse(PAGE)).content.decode()


@pytest.mark.parametrize(
    "other",
    [
        {"outcome": Outcome.OPEN, "reason": Reason.PERMITTED},
        {"reason": Reason.EXPIRED},
        {"plate": "XYZ9A87"},
        {"corrected_plate": "XYZ9A87"},
        {"opened_at": timezone.now() - timedelta(days=31)},
    ],
    ids=["opened", "another reason", "a stranger", "corrected", "long ago"],
)
def test_nothing_else_is(guard: Client, passage: Passage, other: dict[str, Any]) -> None:
    Passage.objects.filter(pk=passage.pk).update(**other)
    assert listed(guard) == []


def test_a_long_list_costs_no_more_queries_than_a_short_one(
    guard: Client, furnished: Condominium, passage: Passage, vehicle: Vehicle
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert guard.get(reverse(PAGE)).status_code == 200
        return len(asked)

    cost()  # who looks is written down once an hour
    one = cost()
    for _ in range(5):
        passage.pk = uuid4()
        passage.save(force_insert=True)
    assert (len(listed(guard)), cost()) == (6, one)


def test_who_was_registered_only_afterwards_was_not_missed(guard: Client, passage: Passage, vehicle: Vehicle) -> None:
    Vehicle.objects.filter(pk=vehicle.pk).update(created_at=timezone.now())
    assert listed(guard) == []


def test_one_press_corrects_the_passage_and_takes_it_off_the_list(
    guard: Client, passage: Passage, vehicle: Vehicle
) -> None:
    guard.post(reverse(PAGE), {"passage": passage.pk, "plate": vehicle.plate})

    passage.refresh_from_db()
    assert (passage.corrected_plate, passage.vehicle) == (vehicle.plate, vehicle)
    assert JournalEntry.objects.filter(action="passage.corrected", passage_id=passage.pk, actor="bob").count() == 1
    assert listed(guard) == []


def test_a_vehicle_that_was_read_right_is_confirmed_and_off_the_list(
    guard: Client, furnished: Condominium, vehicle: Vehicle
) -> None:
    passage = misread(furnished, vehicle.plate)
    assert listed(guard) == [passage]

    guard.post(reverse(PAGE), {"passage": passage.pk, "plate": vehicle.plate})

    passage.refresh_from_db()
    assert (passage.corrected_plate, passage.vehicle, listed(guard)) == ("", vehicle, [])


def test_not_ours_is_written_down_once_and_takes_it_off(guard: Client, passage: Passage) -> None:
    for _ in range(2):
        guard.post(reverse(PAGE), {"passage": passage.pk, "dismiss": "yes"})

    passage.refresh_from_db()
    assert (passage.corrected_plate, passage.vehicle, listed(guard)) == ("", None, [])
    assert JournalEntry.objects.filter(action="passage.dismissed", passage_id=passage.pk, actor="bob").count() == 1


@pytest.mark.parametrize("data", [{}, {"passage": "nonsense"}, {"passage": "0" * 32, "plate": "ABC1D23"}])
def test_a_passage_that_is_none_is_not_found(guard: Client, passage: Passage, data: dict[str, str]) -> None:
    assert guard.post(reverse(PAGE), data).status_code == 404


def test_what_cannot_be_a_plate_is_said_and_changes_nothing(guard: Client, passage: Passage) -> None:
    page = guard.post(reverse(PAGE), {"passage": passage.pk, "plate": "🚗"}, follow=True)

    passage.refresh_from_db()
    assert (passage.corrected_plate, listed(guard)) == ("", [passage])
    assert "A plate has only the letters" in page.content.decode()


def test_charlie_sees_none_of_it_and_settles_nothing(passage: Passage, charlie: User, signed_in: SignedIn) -> None:
    client = signed_in(charlie)

    assert passage not in listed(client)
    for data in ({"plate": "ABC1D23"}, {"dismiss": "yes"}):
        assert client.post(reverse(PAGE), {"passage": passage.pk, **data}).status_code == 404
    passage.refresh_from_db()
    assert (passage.corrected_plate, passage.reviewed_at) == ("", None)


def test_an_auditor_does_not_come_in(passage: Passage, condominium: Condominium, signed_in: SignedIn) -> None:
    auditor = member("audrey", condominium, Role.AUDITOR)
    assert signed_in(auditor).get(reverse(PAGE)).status_code == 403


def test_the_form_of_a_misread_offers_registered_vehicles_with_their_shares(
    guard: Client, furnished: Condominium, vehicle: Vehicle
) -> None:
    passage = misread(furnished, "XYZ9A87", **{vehicle.plate_key: 0.63})

    form = guard.get(f"{address(Passage, 'changelist')}{passage.pk}/misread/").context["form"]

    ((first, words), *_others) = form.fields["chosen"].choices
    assert first == vehicle.plate
    assert words.startswith(f"{vehicle.plate} · unit") and words.endswith("63 %")


# --- reading quality ------------------------------------------------------------------------------------


@pytest.fixture
def manager(alice: User, signed_in: SignedIn) -> Client:
    return signed_in(alice)


def quality_of(client: Client, lane: Lane) -> Any:
    return client.get(reverse("admin:access_lane_reading_quality", args=[lane.pk]))


def test_a_corrected_passage_feeds_the_figures_of_its_lane(manager: Client, passage: Passage, vehicle: Vehicle) -> None:
    passage.detections.update(text=passage.plate)
    before = quality_of(manager, passage.lane).content.decode()
    assert "No read is known yet" in before

    manager.post(reverse(PAGE), {"passage": passage.pk, "plate": vehicle.plate})

    page = quality_of(manager, passage.lane)
    (confusion,) = page.context["confusions"]
    assert (confusion.true, confusion.read, confusion.count) == (vehicle.plate[-1], "7", 1)
    assert "Of 1 read whose plate is known, 0 has every character right (0 %)." in page.content.decode()


def test_who_was_let_in_counts_too(manager: Client, furnished: Condominium) -> None:
    page = quality_of(manager, row_of(Lane, furnished)).content.decode()
    assert "Of 1 read whose plate is known, 1 has every character right (100 %)." in page


def test_a_guard_sees_no_reading_quality_and_charlie_no_lane(
    furnished: Condominium, bob: User, charlie: User, signed_in: SignedIn
) -> None:
    lane = row_of(Lane, furnished)
    assert quality_of(signed_in(bob), lane).status_code == 403
    assert signed_in(charlie).get(reverse("admin:access_lane_reading_quality", args=[lane.pk])).status_code == 404
