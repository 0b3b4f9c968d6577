"""A guard at the console, by keyboard alone in a real browser: an unknown car, a misread, a visitor, what is broken."""

import re
from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from access.models import Lane, Passage, Permit, Vehicle
from access.reasons import Outcome, Reason
from cameras.models import Camera, Health
from gates.models import GateCommand
from portal.models import Note, Shift, TurnedAway
from premises.models import JournalEntry, User
from tests.browsing import NEEDS_BROWSER, opens, types_into
from tests.portal.console.gatehouse import ALICES, STRANGERS, stands
from tests.portal.console.serving import Site, cookie_of
from tests.waiting import wait_for

pytestmark = NEEDS_BROWSER
PATIENT = 30_000
MISREAD = "BRA2F19"


@pytest.fixture
def console(browser: Browser, site: Site, bob: User) -> Iterator[Page]:
    """Bob's console, live."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    context.set_default_timeout(PATIENT)
    context.add_cookies([cookie_of(bob, site.url)])
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if is_a_problem(said) else None)
    page.goto(f"{site.url}/console/")
    expect(page.locator("body")).to_have_attribute("data-connection", "live", timeout=PATIENT)
    yield page
    context.close()
    assert problems == []


def is_a_problem(said: ConsoleMessage) -> bool:
    """What the browser complains of; not that a server refused something, or is not there, which tests make happen."""
    return said.type == "error" and not said.text.startswith("Failed to load resource")


def card(page: Page, lane: Lane) -> str:
    return f"#lane-{lane.pk}"


def needs_the_guard(page: Page, lane: Lane) -> None:
    expect(page.locator(f"{card(page, lane)}.needs.chosen")).to_be_visible(timeout=PATIENT)


def the_command() -> GateCommand:
    asked = GateCommand.objects.filter(requested_by__username="bob")
    wait_for(asked.exists, 30)
    return asked.get()


def test_an_unknown_car_is_opened_for_with_a_reason(console: Page, lane: Lane) -> None:
    passage = stands(lane, STRANGERS)
    needs_the_guard(console, lane)
    expect(console.locator(f"{card(console, lane)} .plate-text").first).to_have_text(STRANGERS)

    opens(console, "F2", "open")
    console.keyboard.press("3")

    command = the_command()
    assert (command.gate, command.passage_id, command.reason) == (lane.gate, passage.pk, "Delivery or service")
    assert JournalEntry.objects.get(action="gate.requested").actor == "bob"
    # No broker runs in this test, and the screen says so instead of "opened".
    expect(console.locator("#said")).to_contain_text("Did not open", timeout=PATIENT)
    expect(console.locator(f"{card(console, lane)} .known")).to_contain_text("Did not open", timeout=PATIENT)
    assert JournalEntry.objects.filter(action="passage.viewed", actor="bob", passage_id=passage.pk).count() == 1


def test_another_reason_is_typed(console: Page, lane: Lane) -> None:
    stands(lane, STRANGERS)
    needs_the_guard(console, lane)

    opens(console, "F2", "open")
    console.keyboard.press("5")
    expect(console.locator("#open .errors")).to_have_text("Give the reason.", timeout=PATIENT)
    types_into(console.locator("#open-note"), "Firemen 2 cars")
    console.keyboard.press("Enter")

    assert the_command().reason == "Firemen 2 cars"


def test_a_misread_is_corrected_and_then_opened_for(console: Page, lane: Lane, vehicle: Vehicle) -> None:
    passage = stands(lane, MISREAD, Outcome.ASK, Reason.UNSURE)
    needs_the_guard(console, lane)

    opens(console, "F3", "correct")
    expect(console.locator("#candidates button")).to_contain_text([ALICES], timeout=PATIENT)
    console.keyboard.press("1")
    expect(console.locator(f"{card(console, lane)} .whose")).to_contain_text("A 101", timeout=PATIENT)
    assert not GateCommand.objects.exists()
    opens(console, "F2", "open")
    console.keyboard.press("1")

    assert the_command().passage_id == passage.pk
    passage.refresh_from_db()
    assert (passage.plate, passage.corrected_plate, passage.vehicle) == (MISREAD, ALICES, vehicle)
    assert JournalEntry.objects.get(action="passage.corrected").actor == "bob"


def test_a_plate_is_typed_where_none_is_near(console: Page, lane: Lane, vehicle: Vehicle) -> None:
    passage = stands(lane, STRANGERS, Outcome.ASK, Reason.UNSURE)
    needs_the_guard(console, lane)

    opens(console, "F3", "correct")
    expect(console.locator("#correct .none")).to_be_visible(timeout=PATIENT)
    types_into(console.locator("#correct-typed"), "bra-2e19")
    console.keyboard.press("Enter")

    expect(console.locator(f"{card(console, lane)} .whose")).to_contain_text("Alice Prado", timeout=PATIENT)
    passage.refresh_from_db()
    assert passage.corrected_plate == ALICES


def test_a_visitor_is_registered_and_let_in(console: Page, lane: Lane, vehicle: Vehicle) -> None:
    passage = stands(lane, STRANGERS)
    needs_the_guard(console, lane)
    began = timezone.now()

    opens(console, "F4", "visitor")
    types_into(console.locator("#visitor-unit"), "a101")
    console.keyboard.press("Enter")
    types_into(console.locator("#visitor-name"), "Dora Reis")
    console.keyboard.press("Enter")

    command = the_command()
    assert (command.passage_id, command.reason) == (passage.pk, "Visitor Dora Reis of unit A 101")
    permit = Permit.objects.get(holder="Dora Reis")
    assert (permit.vehicle.plate, str(permit.host), permit.kind) == (STRANGERS, "A 101", "visitor")
    assert JournalEntry.objects.get(action="visitor.announced").actor == "bob"
    assert (timezone.now() - began).total_seconds() < 10


def test_a_car_is_turned_away(console: Page, lane: Lane) -> None:
    passage = stands(lane, STRANGERS)
    needs_the_guard(console, lane)

    console.keyboard.press("F8")

    expect(console.locator(card(console, lane))).not_to_have_class(re.compile("needs"), timeout=PATIENT)
    assert TurnedAway.objects.get().passage == passage
    assert JournalEntry.objects.get(action="passage.turned_away").actor == "bob"
    assert not GateCommand.objects.exists()


def test_a_broken_camera_is_said_before_anybody_comes(console: Page, lane: Lane) -> None:
    Camera.objects.update(health=Health.FAILING, last_error="The recorder cannot be reached.")

    trouble = console.locator(f"{card(console, lane)} .trouble")
    expect(trouble).to_contain_text("The recorder cannot be reached.", timeout=PATIENT)
    expect(trouble).to_contain_text("Look at the lane yourself.")
    opens(console, "F2", "open")
    console.keyboard.press("4")

    command = the_command()
    assert (command.passage_id, command.reason) == (None, "Emergency")


def test_a_gate_on_hold_is_said_too(console: Page, lane: Lane) -> None:
    gate = lane.gate
    assert gate is not None
    gate.on_hold = True
    gate.save()

    expect(console.locator(f"{card(console, lane)} .trouble")).to_contain_text("on hold", timeout=PATIENT)


def test_the_duty_is_taken_over_with_a_note(console: Page, lane: Lane) -> None:
    opens(console, "F9", "shift")
    types_into(console.locator("#shift textarea"), "The pharmacy brings a parcel for A 101")
    console.keyboard.press("F9")

    expect(console.locator(".duty")).to_contain_text("bob is on duty", timeout=PATIENT)
    expect(console.locator(".duty")).to_contain_text("The pharmacy brings a parcel")
    assert Shift.objects.get().guard_name == "bob"
    console.get_by_role("button", name="Done: The pharmacy").press("Enter")
    expect(console.locator(".duty .notes")).to_contain_text("None.", timeout=PATIENT)
    assert Note.objects.get().done_by_name == "bob"
    acts = ["shift.taken_over", "note.left", "note.done"]
    written = JournalEntry.objects.filter(action__in=acts).order_by("sequence")
    assert [entry.action for entry in written] == acts


def test_somebody_who_may_pass_calls_nobody(console: Page, lane: Lane, vehicle: Vehicle) -> None:
    stands(lane, ALICES, Outcome.OPEN, Reason.PERMITTED)

    expect(console.locator(f"{card(console, lane)} .whose")).to_contain_text("Alice Prado", timeout=PATIENT)
    assert "needs" not in (console.locator(card(console, lane)).get_attribute("class") or "")
    assert Passage.objects.count() == 1
