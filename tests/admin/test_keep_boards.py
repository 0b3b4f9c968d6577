"""Boards of other makes in the admin: what their dialect needs is asked, what it cannot promise is said."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from gates.dialects import DIALECTS
from gates.dialects.names import Lack
from gates.models import Controller, Gate, HomeAssistant
from premises.models import Condominium, JournalEntry, User
from tests.admin.conftest import SignedIn
from tests.admin.pages import address
from tests.axe import serious_in
from tests.browsing import NEEDS_BROWSER, signed_in_at
from tests.gates.dialects import SPEAKS, make

F = TypeVar("F", bound=Callable[..., Any])


@pytest.fixture
def manager(alice: User, signed_in: SignedIn) -> Client:
    return signed_in(alice)


def needs_browser(test: F) -> F:
    for mark in NEEDS_BROWSER:
        test = mark(test)
    return test


def text(answer: Any) -> str:
    return str(answer.content.decode())


# --- registering ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_a_board_is_registered_and_told_once_what_to_enter(
    dialect: str, manager: Client, condominium: Condominium
) -> None:
    sent = {"name": "Portaria", "device": "portaria-1", "dialect": dialect, "opens_unheard": "on"} | SPEAKS[dialect]
    answer = manager.post(address(Controller, "add"), sent)
    controller = Controller.objects.get(device="portaria-1")
    assert (controller.dialect, controller.topic) == (dialect, SPEAKS[dialect]["topic"])
    assert (controller.payload_on, controller.payload_off) == ("1", "0")
    assert "no-store" in answer.headers["Cache-Control"]
    assert ("config.json" in text(answer), controller.key in text(answer)) == (False, False)
    assert controller.topic in text(answer)
    entry = JournalEntry.objects.get(action="controller.registered")
    assert entry.actor == "alice"


def test_a_board_of_our_own_is_registered_as_ever(manager: Client, condominium: Condominium) -> None:
    answer = manager.post(address(Controller, "add"), {"name": "Portaria", "device": "portaria-1", "topic": "x"})
    controller = Controller.objects.get()
    assert (controller.dialect, controller.topic) == ("cancela", "")
    assert "config.json" in text(answer)


def test_a_topic_that_will_not_do_is_said_at_its_field(manager: Client, condominium: Condominium) -> None:
    sent = {"name": "Portaria", "device": "portaria-1", "dialect": "plain", "topic": "gates/x"}
    answer = manager.post(address(Controller, "add"), sent)
    assert list(answer.context["adminform"].form.errors) == ["topic"]
    assert Controller.objects.count() == 0


def test_topic_and_payloads_can_be_changed_and_the_dialect_not(manager: Client, condominium: Condominium) -> None:
    _, controller, _ = make(condominium, "plain")
    sent = {"name": "Portaria", "topic": "outro/topico", "payload_on": "abre", "payload_off": "0", "dialect": "cancela"}
    manager.post(address(Controller, "change", controller.pk), sent)
    controller.refresh_from_db()
    assert (controller.topic, controller.payload_on, controller.dialect) == ("outro/topico", "abre", "plain")
    assert controller.opens_unheard is False
    assert JournalEntry.objects.filter(action="controller.changed").exists()


def test_only_a_gate_of_an_esphome_is_asked_how_esphome_calls_it(manager: Client, condominium: Condominium) -> None:
    asked = {}
    for dialect in SPEAKS:
        gate, _, _ = make(condominium, dialect)
        form = manager.get(address(Gate, "change", gate.pk)).context["adminform"].form
        asked[dialect] = "entity" in form.fields
    assert [dialect for dialect, is_asked in asked.items() if is_asked] == ["esphome"]


def test_a_page_asks_only_for_what_its_dialect_needs(manager: Client, condominium: Condominium) -> None:
    shown = {}
    for dialect in SPEAKS:
        _, controller, _ = make(condominium, dialect)
        form = manager.get(address(Controller, "change", controller.pk)).context["adminform"].form
        shown[dialect] = set(form.fields)
    usual = {"name", "topic"}
    plain = usual | {"payload_on", "payload_off", "status_topic", "opens_unheard"}
    assert shown == {dialect: plain if dialect == "plain" else usual for dialect in SPEAKS}


# --- what it cannot promise -----------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", list(SPEAKS))
def test_what_is_missing_stands_on_both_pages(dialect: str, manager: Client, condominium: Condominium) -> None:
    gate, controller, _ = make(condominium, dialect)
    missing = DIALECTS[dialect].lacking(controller.board)
    assert {Lack.SIGNATURE, Lack.SINGLE_USE, Lack.EXPIRY} <= set(missing)
    for page in (address(Controller, "change", controller.pk), address(Gate, "change", gate.pk)):
        content = text(manager.get(page))
        assert [lack for lack in Lack if (str(lack.label) in content) != (lack in missing)] == []


def test_of_our_own_boards_nothing_is_missing(manager: Client, condominium: Condominium) -> None:
    controller = Controller.objects.create(condominium=condominium, name="Board", device="board-1", key="ab" * 32)
    content = text(manager.get(address(Controller, "change", controller.pk)))
    assert "signed, used once, expiring, acknowledged" in content
    assert [lack for lack in Lack if str(lack.label) in content] == []


# --- the ESPHome file -----------------------------------------------------------------------------------


def esphome(controller: Controller) -> str:
    return reverse("admin:gates_controller_esphome", args=[controller.pk])


def test_the_file_is_downloaded(manager: Client, condominium: Condominium) -> None:
    gate, controller, credentials = make(condominium, "esphome")
    assert esphome(controller) in text(manager.get(address(Controller, "change", controller.pk)))
    assert "wifi_ssid" in text(manager.get(esphome(controller)))
    answer = manager.post(esphome(controller), {"chip": "esp32"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="board-esphome.yaml"'
    assert gate.name in text(answer)
    assert [each in text(answer) for each in (credentials.password, controller.key)] == [False, False]


def test_a_chip_without_room_is_said_so(manager: Client, condominium: Condominium) -> None:
    gate, controller, _ = make(condominium, "esphome", gate={"has_position_switch": True})
    Gate.objects.create(
        condominium=condominium, controller=controller, name="Second", relay=2, has_position_switch=True
    )
    assert "not enough pins" in text(manager.post(esphome(controller), {"chip": "esp8266"}))
    assert "no room for TLS" in text(manager.post(esphome(controller), {"chip": "esp8266", "tls": "on"}))
    assert gate.pk


def test_a_board_that_speaks_otherwise_has_no_such_file(manager: Client, condominium: Condominium) -> None:
    _, controller, _ = make(condominium, "tasmota")
    answer = manager.post(esphome(controller), {"chip": "esp32"})
    assert "does not speak ESPHome" in text(answer)
    assert esphome(controller) not in text(manager.get(address(Controller, "change", controller.pk)))


def test_charlie_gets_nothing_of_it(charlie: User, signed_in: SignedIn, condominium: Condominium) -> None:
    _, controller, _ = make(condominium, "esphome")
    stranger = signed_in(charlie)
    pages = [esphome(controller), address(Controller, "change", controller.pk)]
    assert [stranger.get(page, follow=True).status_code for page in pages[:1]] == [404]
    assert "A esphome" not in text(stranger.get(pages[1], follow=True))


# --- Home Assistants ------------------------------------------------------------------------------------


def test_a_home_assistant_gets_its_password_once(manager: Client, condominium: Condominium) -> None:
    sent = {"user": "casa-1", "prefix": "homeassistant", "announces": "on"}
    answer = manager.post(address(HomeAssistant, "add"), sent)
    home = HomeAssistant.objects.get()
    assert (home.announces, home.takes_commands, home.tells_plates) == (True, False, False)
    assert ("casa-1" in text(answer), "no-store" in answer.headers["Cache-Control"]) == (True, True)
    page = reverse("admin:gates_homeassistant_renew", args=[home.pk])
    before = home.broker_bcrypt
    assert "is shut out" in text(manager.get(page))
    manager.post(page)
    home.refresh_from_db()
    assert home.broker_bcrypt != before


def test_it_is_switched_off_and_never_deleted(manager: Client, condominium: Condominium) -> None:
    home = HomeAssistant.objects.create(condominium=condominium, user="casa-1", takes_commands=True)
    manager.post(address(HomeAssistant, "change", home.pk), {})
    home.refresh_from_db()
    assert (home.announces, home.takes_commands, home.user) == (False, False, "casa-1")
    assert manager.post(address(HomeAssistant, "delete", home.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("name", ["cancela", "portaria-1"])
def test_its_name_is_nobody_elses_at_the_broker(name: str, manager: Client, condominium: Condominium) -> None:
    Controller.objects.create(condominium=condominium, name="Board", device="portaria-1", key="ab" * 32)
    answer = manager.post(address(HomeAssistant, "add"), {"user": name, "prefix": "homeassistant"})
    assert list(answer.context["adminform"].form.errors) == ["user"]


@pytest.mark.parametrize("prefix", ["gates", "cancela", "portao", "cmnd"])
def test_its_prefix_is_nobody_elses_either(prefix: str, manager: Client, condominium: Condominium) -> None:
    make(condominium, "plain", topic="portao/abrir")
    answer = manager.post(address(HomeAssistant, "add"), {"user": "casa-1", "prefix": prefix})
    assert list(answer.context["adminform"].form.errors) == ["prefix"]


# --- in a browser ---------------------------------------------------------------------------------------


@pytest.fixture
def window(browser: Browser, live_server: LiveServer, alice: User) -> Iterator[BrowserContext]:
    context = signed_in_at(browser, live_server.url, alice)
    yield context
    context.close()


def visible(page: Page) -> list[str]:
    names = ("topic", "payload_on", "payload_off", "status_topic", "opens_unheard")
    return [name for name in names if page.locator(f"[name={name}]").is_visible()]


@needs_browser
def test_choosing_a_dialect_shows_what_it_needs(
    window: BrowserContext, live_server: LiveServer, condominium: Condominium
) -> None:
    page = window.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(live_server.url + address(Controller, "add"), wait_until="networkidle", timeout=60_000)
    page.wait_for_function("!document.querySelector('[name=topic]').checkVisibility()", timeout=30_000)
    assert visible(page) == []
    page.select_option("[name=dialect]", "tasmota")
    page.wait_for_function("document.querySelector('[name=topic]').checkVisibility()", timeout=30_000)
    assert visible(page) == ["topic"]
    page.select_option("[name=dialect]", "plain")
    page.wait_for_function("document.querySelector('[name=payload_on]').checkVisibility()", timeout=30_000)
    assert visible(page) == ["topic", "payload_on", "payload_off", "status_topic", "opens_unheard"]
    assert serious_in(page, "form") == []
    assert errors == []


@needs_browser
def test_the_pages_of_boards_can_be_used_by_all(
    window: BrowserContext, live_server: LiveServer, condominium: Condominium
) -> None:
    gate, controller, _ = make(condominium, "plain")
    home = HomeAssistant.objects.create(condominium=condominium, user="casa-1")
    page = window.new_page()
    page.set_viewport_size({"width": 360, "height": 780})
    pages = [address(Controller, "change", controller.pk), address(Gate, "change", gate.pk), esphome(controller)]
    for url in [*pages, address(HomeAssistant, "change", home.pk), address(HomeAssistant, "add")]:
        page.goto(live_server.url + url, wait_until="networkidle", timeout=60_000)
        assert serious_in(page, "form") == [], url
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, url
