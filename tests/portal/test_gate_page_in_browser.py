"""A gate's page in a real browser: it renews itself, keeps the reader's place, says when it cannot, fits a phone."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from access.models import Lane, Link, Rehearsal
from access.rehearsal_links import BROKEN, OK, Result
from gates.models import Controller, Gate, GateCommand
from gates.problems import Problem
from gates.states import State
from premises.models import Condominium, User
from tests.admin.pages import address, row_of
from tests.axe import serious_in
from tests.browsing import NEEDS_BROWSER, signed_in_at, types_into

pytestmark = NEEDS_BROWSER
SHOTS = os.environ.get("SCREENSHOTS", "")
PATIENT = 60_000
WIDE, NARROW, NARROWEST = 1280, 360, 320


@pytest.fixture
def gate(furnished: Condominium) -> Gate:
    """With an opening that worked, one that failed, and a rehearsal that found a broken link."""
    gate: Gate = row_of(Gate, furnished)
    at = timezone.now()
    Controller.objects.update(online=True, session="0123456789abcdef", uptime_ms=1, heard_at=at + timedelta(minutes=9))
    Gate.objects.update(position="closed", position_at=at)
    GateCommand.objects.create(
        condominium=furnished, gate=gate, requested_by_name="bob", reason="Entrega: farmácia", pulse_ms=500,
        requested_at=at, expires_at=at, sent_at=at, accepted_at=at + timedelta(milliseconds=21),
        ended_at=at + timedelta(seconds=7), state=State.EXPIRED, problem=Problem.NO_PULSE,
    )  # fmt: skip
    facts = {"since": (at - timedelta(hours=2)).isoformat(), "problem": "timeout"}
    results = [
        Result(Link.CAMERA, BROKEN, "no_picture", facts),
        Result(Link.READING, OK, "kept", ms=64),
        Result(Link.RULE, OK, "would_not", {"reason": "out_of_hours"}, 9),
        Result(Link.BROKER, OK, "reached"),
        Result(Link.BOARD, OK, "checked", ms=14),
    ]
    lane = Lane.objects.get(gate=gate)
    Rehearsal.objects.create(
        condominium=furnished, lane=lane, begun_at=at, ended_at=at, broken=Link.CAMERA,
        links=[each.noted() for each in results],
    )  # fmt: skip
    heard(at)
    return gate


def heard(at: object) -> None:
    Controller.objects.update(heard_at=at)


def opened(browser: Browser, site: str, user: User, url: str, width: int = WIDE, scheme: str = "light") -> Page:
    context = signed_in_at(browser, site, user, width=width)
    context.set_default_timeout(PATIENT)
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    heard(timezone.now() + timedelta(seconds=0))
    page.goto(site + url, wait_until="networkidle")
    return page


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("width", [WIDE, NARROW, NARROWEST])
def test_its_pages_are_accessible_and_fit(
    browser: Browser, live_server: LiveServer, gate: Gate, alice: User, width: int
) -> None:
    lane = Lane.objects.get(gate=gate)
    pages = {
        "gate": address(Gate, "change", gate.pk),
        "rehearsals": address(Lane, "rehearsals", lane.pk),
        "lane": address(Lane, "change", lane.pk),
        "today": "/admin/",
        "gates": address(Gate, "changelist"),
        "lanes": address(Lane, "changelist"),
        "controllers": address(Controller, "changelist"),
    }
    wrong: dict[str, object] = {}
    page = opened(browser, live_server.url, alice, pages["gate"], width)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    for name, url in pages.items():
        page.goto(live_server.url + url, wait_until="networkidle")
        shot(page, f"{name}-{width}")
        part = {"gate": ".cancela-gate", "rehearsals": ".cancela-page", "today": ".cancela-today"}.get(name, "#content")
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = serious_in(page, part)
        wrong |= {name: (found, sideways)} if found or sideways > 0 else {}
    page.context.close()
    assert wrong == {}
    assert complaints == []


def test_it_renews_itself_and_keeps_the_place_of_who_reads(
    browser: Browser, live_server: LiveServer, gate: Gate, bob: User
) -> None:
    page = opened(browser, live_server.url, bob, address(Gate, "change", gate.pk))
    page.locator("#do-open_gate").focus()
    page.locator("#gate-settings").evaluate("heading => { heading.dataset.mark = 'the same page'; }")

    Controller.objects.update(heard_at=timezone.now() - timedelta(minutes=3), online=False)
    expect(page.locator("#gate-state .cancela-note-danger")).to_be_visible()
    expect(page.locator("#gate-state")).to_have_class("cancela-card cancela-gate-state cancela-is-down")
    expect(page.locator("#gate-lanes .cancela-is-danger").first).to_be_visible()

    Gate.objects.update(on_hold=True, held_by="bob", held_because="conserto")
    expect(page.locator("#do-give_back")).to_be_visible()
    expect(page.locator("#do-open_gate")).to_be_focused()
    expect(page.locator("#gate-settings")).to_have_attribute("data-mark", "the same page")
    shot(page, "gate-down")
    page.context.close()


def test_it_says_when_it_cannot_renew_itself(browser: Browser, live_server: LiveServer, gate: Gate, bob: User) -> None:
    page = opened(browser, live_server.url, bob, address(Gate, "change", gate.pk))
    expect(page.locator("[data-lost]")).to_be_hidden()
    page.context.set_offline(True)
    expect(page.locator("[data-lost]")).to_be_visible(timeout=30_000)
    page.context.set_offline(False)
    expect(page.locator("[data-lost]")).to_be_hidden(timeout=30_000)
    page.context.close()


def test_a_guard_stops_the_gate_with_the_keyboard_alone_in_two_steps(
    browser: Browser, live_server: LiveServer, gate: Gate, bob: User
) -> None:
    page = opened(browser, live_server.url, bob, address(Gate, "change", gate.pk), NARROW)
    page.locator("#do-stop").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address(Gate, 'stop', gate.pk)}")
    assert not Gate.objects.get(pk=gate.pk).on_hold
    types_into(page.locator("#id_reason"), "gente trabalhando")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address(Gate, 'change', gate.pk)}")
    expect(page.locator("#gate-state")).to_contain_text("gente trabalhando")
    held = Gate.objects.get(pk=gate.pk)
    assert (held.on_hold, held.held_by) == (True, "bob")
    page.context.close()


def test_it_is_dark_where_the_reader_wants_it_dark(
    browser: Browser, live_server: LiveServer, gate: Gate, alice: User
) -> None:
    page = opened(browser, live_server.url, alice, address(Gate, "change", gate.pk), scheme="dark")
    assert serious_in(page, ".cancela-gate") == []
    shot(page, "gate-dark")
    page.context.close()
