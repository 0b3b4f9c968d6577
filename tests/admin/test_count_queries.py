"""How many queries each page costs, pinned: a page that asks once for every row shows at once.

After a change that is meant to cost more or less:  REWRITE_QUERY_COUNTS=1 pytest tests/admin/test_count_queries.py
"""

import json
import os
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access.looking import looked_at, looked_through
from access.models import Passage
from premises.models import Condominium, User
from tests.admin.conftest import SignedIn
from tests.admin.everywhere import pages
from tests.admin.furnishing import furnish
from tests.admin.pages import every_model, row_of

PINNED = Path(__file__).with_name("query_counts.json")
REWRITE = os.environ.get("REWRITE_QUERY_COUNTS") == "1"
ROWS = 15
# The first page shows something of everything.
MOST = 13


def count(client: Client, url: str) -> int | None:
    """Queries of a page that may be seen; None for one that may not. Savepoints are no queries."""
    with CaptureQueriesContext(connection) as captured:
        status = client.get(url).status_code
    return sum("SAVEPOINT" not in query["sql"] for query in captured) if status == 200 else None


def measure(condominium: Condominium, user: User, client: Client) -> dict[str, int]:
    # What is written down once an hour is written down before.
    looked_through([condominium.pk], by=user)
    looked_at(row_of(Passage, condominium), by=user)
    # Each process asks once for the kinds of rows; whether an earlier test did must not show.
    ContentType.objects.get_for_models(*every_model())
    counts = {name: count(client, url) for name, url in pages(condominium).items()}
    return {name: number for name, number in counts.items() if number is not None}


def test_every_page_costs_what_is_pinned(condominium: Condominium, alice: User, signed_in: SignedIn) -> None:
    furnish(condominium, rows=ROWS, prefix="Q")
    counts = measure(condominium, alice, signed_in(alice))
    if REWRITE:
        PINNED.write_text(json.dumps(counts, indent=1, sort_keys=True) + "\n")
    assert {name: number for name, number in counts.items() if number > MOST} == {}
    assert counts == json.loads(PINNED.read_text())


def test_who_has_several_condominiums_costs_no_query_a_row(
    condominium: Condominium, elsewhere: Condominium, owner: User, signed_in: SignedIn
) -> None:
    furnish(condominium, rows=ROWS, prefix="Q")
    furnish(elsewhere, rows=2, prefix="Z")
    looked_through([elsewhere.pk], by=owner)
    counts = measure(condominium, owner, signed_in(owner))
    assert {name: number for name, number in counts.items() if number > MOST + 3} == {}
