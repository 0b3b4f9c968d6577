"""The first sitting in a browser, from an empty database to the first opened gate, with all of the product running."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.demo_residents import RESIDENTS
from tests.admin.conftest import browser
from tests.axe import serious_in
from tests.browsing import NEEDS_BROWSER, sign_in
from tests.product import ROOT, Product, running_product
from tests.waiting import wait_for

__all__ = ["browser"]

pytestmark = NEEDS_BROWSER
PATIENCE = 60_000  # ms; the machine may be busy
SHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running_product(tmp_path_factory.mktemp("empty"), "--empty", RECORDER_ARGUMENTS_MORE="--manual") as product:
        yield product


@pytest.fixture
def page(browser: Browser, product: Product) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="pt-BR")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    sign_in(page, product.site, "admin", product.login("admin"))
    yield page
    context.close()


def shot(page: Page, name: str) -> None:
    """A picture for who looks, where SCREENSHOTS names a folder."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"wizard-{name}.png"), full_page=True)


def go_on(page: Page, to: str) -> None:
    page.locator(".setup-button.is-main").first.click()
    page.wait_for_url(f"**/{to}/")


def ask_until(page: Page, button: str, seen: str) -> None:
    """Ask for a picture until it came: on a busy machine the recorder may be late."""
    for _ in range(8):
        with page.expect_navigation():
            page.locator(button).first.click()
        if page.locator(seen).count():
            return
    expect(page.locator(seen)).to_be_visible()


def board(product: Product, config: dict[str, Any]) -> "subprocess.Popen[bytes]":
    """What the manager does with the file: put it on a board and switch that on."""
    folder = product.var / "controller"
    config |= {"relays": {"1": {}}, "simulate": {"relay_log": str(folder / "relay.log")}}
    (folder / "config.json").write_text(json.dumps(config))
    with (folder / "board.log").open("ab") as log:
        program = [str(Path(sys.executable).parent / "micropython"), "firmware/main.py", str(folder / "config.json")]
        return subprocess.Popen(program, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)


def draw(page: Page, part: tuple[float, float, float, float]) -> None:
    """Draw the frame with the mouse, in shares of the picture."""
    box = page.locator("[data-region]").bounding_box()
    assert box
    left, top, right, bottom = part
    page.mouse.move(box["x"] + left * box["width"], box["y"] + top * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.6 * box["height"], steps=5)
    page.mouse.move(box["x"] + right * box["width"], box["y"] + bottom * box["height"], steps=5)
    page.mouse.up()


def test_from_an_empty_database_to_the_first_opened_gate(page: Page, product: Product, tmp_path: Path) -> None:
    resident = RESIDENTS[0]

    page.locator(".cancela-begin a").click()  # the card of an empty installation
    page.fill("input[name=name]", "Residencial Boa Vista")
    page.fill("input[name=city]", "Campinas")
    page.select_option("select[name=state]", "SP")
    assert serious_in(page, ".setup") == []
    shot(page, "1-condominium")
    go_on(page, "recorder")

    page.fill("input[name=name]", "Gravador")
    page.fill("input[name=host]", "127.0.0.1")
    page.fill("input[name=port]", product.environment["RECORDER_PORT"])
    page.fill("input[name=username]", "cancela")
    page.fill("input[name=password]", "not the password")
    page.locator(".setup-button.is-main").click()
    expect(page.locator(".setup-trouble")).to_be_visible(timeout=PATIENCE)  # in words, with what to do
    shot(page, "2-recorder-refuses")
    page.fill("input[name=password]", product.environment["SIMULATOR_PASSWORD"])
    ask_until(page, "form .setup-button.is-main", ".setup-picture")
    shot(page, "2-recorder")
    go_on(page, "camera")

    page.locator("button[name=find]").click()
    expect(page.locator("select[name=channel] option")).to_have_count(2, timeout=PATIENCE)
    page.fill("input[name=name]", "Entrada")
    shot(page, "3-camera")
    go_on(page, "region")

    product.ask_recorder("arrive", {"channel": 1, "plate": resident.plate, "stays": 60})
    draw(page, (0.1, 0.2, 0.9, 0.98))
    expect(page.locator("[data-side=left]")).to_have_value(re.compile(r"^(9\.9|10|10\.1)$"))
    ask_until(page, "button[name=read]", ".setup-good .plate-text")
    expect(page.locator(".setup-good .plate-text")).to_have_text(resident.plate, timeout=PATIENCE)
    assert serious_in(page, ".setup") == []
    shot(page, "4-region")
    go_on(page, "gate")

    page.fill("input[name=name]", "Cancela da entrada")
    shot(page, "5-gate")
    page.locator(".setup-button.is-main").click()
    config = json.loads(page.locator(".cancela-secrets pre").first.inner_text(timeout=PATIENCE))
    shot(page, "5-secrets")
    page.locator(".cancela-buttons a, .cancela-buttons button").first.click()
    page.wait_for_url("**/pulse/")
    expect(page.locator(".setup-word.is-danger")).to_be_visible()  # the board is not heard: said so
    shot(page, "6-not-heard")

    controller = board(product, config)
    try:
        expect(page.locator("#state .setup-word.is-success").first).to_be_visible(timeout=PATIENCE)
        page.locator("form.setup-buttons button").click()
        expect(page.locator("#state .setup-good")).to_be_visible(timeout=PATIENCE)
        assert relay(product) == 1
        shot(page, "6-pulse")
        go_on(page, "vehicles")

        plates = tmp_path / "veiculos.csv"
        plates.write_text(f"placa;unidade;proprietário\n{resident.plate};101;{resident.name}\n", encoding="utf-8")
        page.set_input_files("input[type=file]", str(plates))
        shot(page, "7-vehicles")
        page.locator(".cancela-buttons button").first.click()
        page.locator(".cancela-buttons button").first.click()
        page.wait_for_url("**/vehicles/?done=*")
        shot(page, "7-imported")
        page.locator(".cancela-buttons a").first.click()
        page.wait_for_url("**/finish/")
        shot(page, "8-ready")
        page.locator("form.setup-buttons button").click()

        product.ask_recorder("arrive", {"channel": 1, "plate": resident.plate, "stays": 20})
        expect(page.locator(".setup-passages .plate-text").first).to_have_text(resident.plate, timeout=PATIENCE)
        wait_for(lambda: relay(product) == 2, 30)
        expect(page.locator(".setup-passages")).to_contain_text(resident.plate, timeout=PATIENCE)
        assert product.rows("SELECT outcome FROM access_passage ORDER BY opened_at DESC LIMIT 1") == [("open",)]
        shot(page, "9-first-gate")
        assert serious_in(page, ".setup") == []
    finally:
        controller.kill()
        controller.wait(5)


def relay(product: Product) -> int:
    log = product.var / "controller" / "relay.log"
    return len(re.findall(r"^relay 1 on ", log.read_text(), re.MULTILINE)) if log.exists() else 0
