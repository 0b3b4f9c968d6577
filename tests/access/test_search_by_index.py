"""On PostgreSQL the search of the passages' page is answered by an index, as its own query asks."""

from collections.abc import Iterator

import pytest
from django.contrib.admin.sites import site
from django.db import connection
from django.test import RequestFactory

from access.models import Passage

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite looks at every row"),
]


@pytest.fixture(autouse=True)
def _no_other_way() -> Iterator[None]:
    """Of an empty table everything is read soonest; what is asked here is whether the index could answer."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    yield


@pytest.mark.parametrize("text", ["ABC1D23", "ABC1234", "1D2", "234", "Silva", "A 101 Silva"])
def test_a_search_is_answered_by_the_index(text: str) -> None:
    page = site._registry[Passage]
    rows, _ = page.get_search_results(RequestFactory().get("/"), Passage.objects.order_by(), text)
    assert "passages_search" in rows.explain()
