"""Controllers in the API: what each speaks, and what one of another make cannot guarantee."""

from rest_framework.test import APIClient

from gates.models import Controller
from tests.api.conftest import Rows


def test_a_board_of_ours_lacks_nothing_and_another_make_says_what(api: APIClient, mine: Rows) -> None:
    address = f"/api/v1/controllers/{mine['controllers'].pk}"
    row = api.get(address).json()
    assert (row["dialect"], row["lacks"], row["online"], row["hearing"]) == ("cancela", [], False, "never")
    Controller.objects.update(dialect="plain", topic="gate/1", opens_unheard=True)
    row = api.get(address).json()
    assert (row["dialect"], row["online"], row["hearing"]) == ("plain", False, "unknown")
    assert {"signature", "single_use", "expiry", "presence"} <= set(row["lacks"])
