"""The whole way, as `make run` starts it: a vehicle drives up to a camera, and the relay of its gate moves."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

import pytest

from portal.demo_residents import RESIDENTS, STRANGERS, WATCHLISTED
from tests.product import Product, running_product
from tests.waiting import wait_for


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running_product(tmp_path_factory.mktemp("product"), RECORDER_ARGUMENTS_MORE="--manual") as product:
        wait_for(lambda: product.rows("SELECT 1 FROM gates_controller WHERE online"), 20)
        yield product


def drive_up(product: Product, plate: str, channel: int = 1) -> tuple[str, str, str]:
    """Send a vehicle to a lane; the outcome, reason and plate of its passage."""
    query = """SELECT p.outcome, p.reason, p.plate FROM access_passage p JOIN access_lane l ON l.id = p.lane_id
               JOIN cameras_camera c ON c.id = l.camera_id WHERE c.channel = ? AND p.outcome <> ''
               ORDER BY p.decided_at"""
    before = len(product.rows(query, channel))
    product.ask_recorder("arrive", {"channel": channel, "plate": plate, "stays": 8})
    wait_for(lambda: len(product.rows(query, channel)) > before, 20)
    outcome, reason, read = product.rows(query, channel)[-1]
    return outcome, reason, read


def pulses(product: Product, relay: int) -> int:
    log = product.var / "controller" / "relay.log"
    return len(re.findall(rf"^relay {relay} on ", log.read_text(), re.MULTILINE))


def test_the_gate_opens_once_for_a_resident_and_the_log_says_so(product: Product) -> None:
    resident, before = RESIDENTS[0], pulses(product, 1)
    assert drive_up(product, resident.plate) == ("open", "permitted", resident.plate)
    wait_for(lambda: pulses(product, 1) == before + 1, 5)
    wait_for(lambda: product.rows("SELECT 1 FROM gates_gatecommand WHERE state = 'pulsed'"), 5)
    assert resident.plate in product.log
    wait_for(lambda: product.rows("SELECT 1 FROM access_passage WHERE ended_at IS NOT NULL"), 30)
    assert pulses(product, 1) == before + 1


@pytest.mark.parametrize(
    ("plate", "reason"), [(STRANGERS[0], "unknown_plate"), (WATCHLISTED[0], "watchlisted")], ids=["stranger", "banned"]
)
def test_the_gate_stays_closed(product: Product, plate: str, reason: str) -> None:
    before = pulses(product, 2)
    outcome, why, read = drive_up(product, plate, channel=2)
    assert (outcome != "open", why, read) == (True, reason, plate)
    assert pulses(product, 2) == before


def test_the_manager_sees_the_passage_in_the_admin(product: Product) -> None:
    page = signed_in(product, "sindica").get("/admin/access/passage/")
    assert RESIDENTS[0].plate in re.sub(r"<[^>]+>|\s", "", page)


def test_a_client_asks_whether_a_plate_was_seen(product: Product) -> None:
    plate = RESIDENTS[0].plate
    answer = api(product, f"/check-license-plate/{plate},ZZZ9Z99/2020-01-01T00:00:00-03:00")
    assert [(one["plate"], one["detected"]) for one in answer] == [(plate, True), ("ZZZ9Z99", False)]


def test_the_journal_is_whole(product: Product) -> None:
    actions = [row[0] for row in product.rows("SELECT action FROM premises_journalentry ORDER BY sequence")]
    assert "gate.requested" in actions


class Browser:
    """A signed-in person without a screen."""

    def __init__(self, site: str) -> None:
        self.site, self.cookies = site, CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        with self.opener.open(self.site + path, timeout=10) as answer:
            return str(answer.read().decode())

    def post(self, path: str, **fields: str) -> str:
        token = next(cookie.value or "" for cookie in self.cookies if cookie.name == "csrftoken")
        data = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        with self.opener.open(self.site + path, data, timeout=10) as answer:
            return str(answer.read().decode())


def signed_in(product: Product, name: str) -> Browser:
    browser = Browser(product.site)
    browser.get("/accounts/login/")
    browser.post("/accounts/login/", login=name, password=product.login(name), next="/admin/")
    return browser


def api(product: Product, path: str) -> Any:
    headers = {"Authorization": f"Token {product.login('API token')}"}
    with urllib.request.urlopen(urllib.request.Request(product.site + path, headers=headers), timeout=10) as answer:
        return json.load(answer)


def test_without_a_token_the_api_answers_nobody(product: Product) -> None:
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{product.site}/api/v1/passages", timeout=10)
