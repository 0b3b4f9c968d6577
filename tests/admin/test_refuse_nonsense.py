"""Addresses that nobody's browser makes: whatever is typed into one, the answer is never an error of ours."""

import pytest
from django.db.models import Model
from django.urls import reverse

from premises.models import Condominium, User
from tests.admin.conftest import SignedIn
from tests.admin.pages import address, label, tenant_models

PATTERNS = {"id__regex": "(", "id__iregex": "(x+)+y", "condominium__name__regex": "("}


@pytest.mark.parametrize("model", tenant_models(), ids=label)
def test_no_list_is_searched_by_a_pattern(
    furnished: Condominium, alice: User, signed_in: SignedIn, model: type[Model]
) -> None:
    """SQLite would match it in Python, on every row, for as long as it takes."""
    client, url = signed_in(alice), address(model, "changelist")
    assert {name: client.get(url, {name: text}).status_code for name, text in PATTERNS.items()} == dict.fromkeys(
        PATTERNS, 400
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"opened_at_from": "0001-01-01"},
        {"opened_at_to": "9999-12-31"},
        {"opened_at_from": "9999-12-31", "opened_at_to": "0001-01-01"},
    ],
    ids=str,
)
def test_the_ends_of_the_calendar_do_not_limit(
    furnished: Condominium, alice: User, signed_in: SignedIn, asked: dict[str, str]
) -> None:
    page = signed_in(alice).get(reverse("admin:access_passage_changelist"), asked)
    assert (page.status_code, page.context["cl"].result_count) == (200, 2)


def test_a_year_that_no_database_holds(furnished: Condominium, alice: User, signed_in: SignedIn) -> None:
    answer = signed_in(alice).get(reverse("admin:access_passage_changelist"), {"opened_at__year": "99999999999"})
    assert answer.status_code == 400


@pytest.mark.parametrize("number", ["abc", "1,2", "\0", "9" * 30, "²"])
@pytest.mark.parametrize("page", ["access_permit", "access_vehicle", "premises_person"])
def test_a_form_filled_in_with_no_number_of_a_row(
    furnished: Condominium, alice: User, signed_in: SignedIn, page: str, number: str
) -> None:
    asked = dict.fromkeys(("vehicle", "unit", "owner", "lanes"), number)
    assert signed_in(alice).get(reverse(f"admin:{page}_add"), asked).status_code == 200


@pytest.mark.parametrize("page", ["zz", "0", "-1", "99999", ""])
def test_a_page_of_the_search_that_there_is_not(db: None, alice: User, signed_in: SignedIn, page: str) -> None:
    assert signed_in(alice).get(reverse("admin:search"), {"s": "a", "page": page}).status_code == 404
