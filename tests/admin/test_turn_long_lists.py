"""Lists without end are counted only as far as somebody reads, and every row of them can be come to all the same."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from access.models import Lane, Passage, Vehicle
from premises import long_lists
from premises.long_lists import LongPaginator, counted, fetched, keys, most_of
from premises.models import Condominium, Unit, User
from premises.tenant_forms import MOST_CHOICES
from tests.admin.conftest import SignedIn
from tests.admin.pages import address, row_of

NUMBER = 60


@pytest.fixture
def passages(furnished: Condominium) -> list[str]:
    """So many of Alice's, the newest first."""
    lane, now = row_of(Lane, furnished), timezone.now()
    Passage.objects.filter(condominium=furnished).delete()
    Passage.objects.bulk_create(
        Passage(
            condominium=furnished,
            lane=lane,
            opened_at=now - timedelta(minutes=number),
            last_seen_at=now,
            plate=f"QAA{number:04}",
            plate_key=f"QAA{number:04}",
        )
        for number in range(NUMBER)
    )
    return [f"QAA{number:04}" for number in range(NUMBER)]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever counts stops at three."""
    monkeypatch.setattr(long_lists, "MOST", 3)


@pytest.fixture
def manager(passages: list[str], alice: User, signed_in: SignedIn) -> Client:
    return signed_in(alice)


def turned(client: Client, page: int) -> tuple[list[str], str]:
    answer = client.get(address(Passage, "changelist"), {"p": page})
    return [str(row) for row in answer.context["cl"].result_list], answer.content.decode()


def test_what_is_few_is_counted(manager: Client, passages: list[str]) -> None:
    rows, page = turned(manager, 1)
    assert rows == passages[:25]
    assert f"{NUMBER}\n" in page
    assert "more than" not in page


@pytest.mark.usefixtures("impatient")
def test_what_is_many_is_not_counted_and_every_page_is_there(manager: Client, passages: list[str]) -> None:
    first, second, third = (turned(manager, page) for page in (1, 2, 3))
    assert first[0] + second[0] + third[0] == passages
    assert "more than 50" in first[1]
    assert "more than" not in second[1]


def test_a_page_that_is_not_there_leads_back(manager: Client) -> None:
    assert manager.get(address(Passage, "changelist"), {"p": 99}).status_code == 302
    assert manager.get(address(Passage, "changelist"), {"p": "x"}).status_code == 200


def test_a_paginator_says_that_there_are_more(passages: list[str]) -> None:
    rows = Passage.objects.filter(plate__in=passages).order_by("-opened_at")
    paginator = LongPaginator(rows, 2)
    paginator.most = 5
    assert (paginator.count, paginator.is_more, paginator.num_pages) == (5, True, 3)
    assert [str(row) for row in paginator.page(3)] == passages[4:6]
    assert counted(rows, 5) == 6
    assert counted(rows, NUMBER) == NUMBER


def test_rows_come_in_their_order(passages: list[str]) -> None:
    rows = Passage.objects.filter(plate__in=passages).order_by("opened_at")
    assert [str(row) for row in fetched(rows, keys(rows, 0, 3))] == passages[:-4:-1]


def test_what_was_searched_for_is_turned_too(
    manager: Client, passages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted and shown from one search, however early the counting stops."""
    monkeypatch.setattr(long_lists, "MOST_FOUND", 3)
    list_of = address(Passage, "changelist")
    answers = [manager.get(list_of, {"q": "QAA", "p": page}) for page in (1, 2, 3)]
    found = [str(row) for answer in answers for row in answer.context["cl"].result_list]
    assert found == passages
    assert "more than" in answers[0].content.decode()


@pytest.mark.parametrize(
    ("searched", "most"), [("", 10_000), ("  ", 10_000), ("ABC", 250), ("Silva 101", 250), ("AB", 0), ("Ana B", 0)]
)
def test_what_is_searched_for_is_counted_less_far(searched: str, most: int) -> None:
    assert most_of(searched) == most


def test_of_many_units_one_is_typed(manager: Client, furnished: Condominium, passages: list[str]) -> None:
    assert "<option" in filters_of(manager)["unit"]
    Unit.objects.bulk_create(Unit(condominium=furnished, number=f"U{number}") for number in range(MOST_CHOICES + 1))
    Passage.objects.filter(plate=passages[7]).update(unit_name="U77")
    assert "<option" not in filters_of(manager)["unit"]
    answer = manager.get(address(Passage, "changelist"), {"unit": "U77"})
    assert [str(row) for row in answer.context["cl"].result_list] == [passages[7]]


def filters_of(client: Client) -> dict[str, str]:
    found = client.get(address(Passage, "changelist")).context["cl"]
    return {str(spec.title): str(next(iter(spec.choices(found)))["form"]) for spec in found.filter_specs[2:3]}


def test_a_filter_with_too_many_choices_is_not_shown(manager: Client, furnished: Condominium) -> None:
    def titles() -> set[str]:
        answer = manager.get(address(Vehicle, "changelist"))
        return {str(spec.title) for spec in answer.context["cl"].filter_specs}

    assert "unit" in titles()
    Unit.objects.bulk_create(Unit(condominium=furnished, number=f"U{number}") for number in range(MOST_CHOICES + 1))
    assert "unit" not in titles()


def test_others_see_nothing_of_it(passages: list[str], charlie: User, signed_in: SignedIn) -> None:
    assert turned(signed_in(charlie), 1)[0] != []
    assert not set(turned(signed_in(charlie), 1)[0]) & set(passages)
