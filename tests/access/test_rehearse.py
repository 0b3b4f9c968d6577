"""A lane is rehearsed with real parts: each broken link is named, nothing moves, and nothing of it is a passage."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from access.models import Decision, Detection, LaneDay, Passage, Rehearsal
from access.reasons import Outcome, Reason
from access.rehearsal_words import broken_of, links_of
from access.vehicles import register_vehicle
from cameras.drawing.scenes import Place, encode, render
from cameras.drawing.vehicles import Vehicle as Drawn
from cameras.models import Camera, Recorder
from cameras.simulator.faults import Fault
from gates.commands import request_open
from gates.models import Controller, GateCommand
from gates.states import State
from premises import journal_words
from premises.models import Condominium, JournalEntry
from tests.access.rehearsing import Site, running_site, states

pytestmark = pytest.mark.django_db(transaction=True)

PLATE = "BRA2E19"
GREEN = {
    "camera": "ok gave",
    "reading": "ok drawn",
    "rule": "ok would_not",
    "broker": "ok reached",
    "board": "ok checked",
}


@pytest.fixture
def site(condominium: Condominium, tmp_path: Path, settings: Any) -> Iterator[Site]:
    with running_site(condominium, tmp_path, settings) as site:
        yield site


def kept(site: Site, plate: str, picture: bytes) -> Detection:
    """A picture by which the gate was opened a while ago."""
    at = timezone.now() - timedelta(days=1)
    own: dict[str, Any] = {"condominium_id": site.lane.condominium_id}
    passage = Passage.objects.create(
        **own, lane=site.lane, opened_at=at, last_seen_at=at, ended_at=at, plate=plate, plate_key=plate,
        outcome=Outcome.OPEN, reason=Reason.PERMITTED, decided_at=at,
    )  # fmt: skip
    detection = Detection(
        **own, passage=passage, camera_id=site.lane.camera_id, taken_at=at, frame_digest="0" * 64,
        box=[1, 2, 3, 4], text=plate, score=0.9, engine="cancela", engine_version="1",
    )  # fmt: skip
    detection.frame.save("frame.jpg", ContentFile(picture), save=True)
    return detection


def drawn(plate: str) -> bytes:
    return encode(render(Place(), Drawn(plate), 1.0, datetime(2026, 11, 21, 12, tzinfo=UTC)))


def counted() -> list[int]:
    return [model.objects.count() for model in (Passage, Detection, Decision, GateCommand, LaneDay)]


def test_all_links_hold_and_nothing_moves_or_counts(site: Site) -> None:
    before = counted()
    row = site.rehearse()
    assert states(row) == GREEN
    assert (row.broken, row.news, broken_of(row.links)) == ("", "", "")
    assert (site.firmware.pulses(), counted()) == ([], before)
    entry = JournalEntry.objects.latest("pk")
    assert (entry.action, entry.subject, entry.passage_id) == ("lane.rehearsed", "Entrada", None)
    assert entry.data["links"] == dict.fromkeys(GREEN, "ok")
    assert journal_words.details(entry.action, entry.data) == "all links hold"
    broken = {"links": {"camera": "ok", "board": "broken"}}
    assert journal_words.details(entry.action, broken) == "broken: controller"


def test_a_vehicle_that_stands_there_is_read_and_neither_let_in_nor_written_down(site: Site) -> None:
    register_vehicle(site.lane.condominium, PLATE, by="tests")
    site.simulator.arrive(PLATE, stays=60.0, frames=1)
    before = counted()
    row = site.rehearse()
    assert states(row) == GREEN | {"reading": "ok live", "rule": "ok would_open"}
    assert (site.firmware.pulses(), counted()) == ([], before)
    assert PLATE not in str(row.links)
    assert PLATE not in str(JournalEntry.objects.latest("pk").data)


def test_a_kept_picture_is_read_again_where_nobody_stands_there(site: Site) -> None:
    kept(site, PLATE, drawn(PLATE))
    assert states(site.rehearse())["reading"] == "ok kept"


def test_a_kept_picture_that_cannot_be_read_any_more_is_named(site: Site) -> None:
    kept(site, PLATE, drawn("XYZ9K87"))
    row = site.rehearse()
    assert states(row) == GREEN | {"reading": "broken kept_unread", "rule": "skipped nothing_read"}
    assert "The plate of a kept picture, of" in broken_of(row.links)


def test_a_camera_that_gives_nothing_is_named_and_the_other_links_are_tried(site: Site) -> None:
    since = timezone.now() - timedelta(hours=2)
    Camera.objects.update(last_frame_at=since)
    site.simulator.fault(Fault.HTML)
    row = site.rehearse()
    assert states(row) == GREEN | {"camera": "broken no_picture"}
    assert broken_of(row.links).startswith("Camera: The camera gave no picture since ")
    assert "The answer is not a JPEG picture." in broken_of(row.links)


def test_a_picture_of_the_lanes_own_a_moment_ago_shows_that_the_camera_works(site: Site) -> None:
    Camera.objects.update(last_frame_at=timezone.now())
    site.simulator.fault(Fault.BUSY)
    assert states(site.rehearse())["camera"] == "ok lately"


def test_a_recorder_that_was_stopped_is_not_asked(site: Site) -> None:
    Recorder.objects.update(stopped_at=timezone.now(), stopped_because="It refuses.")
    assert states(site.rehearse())["camera"] == "broken no_picture"
    assert site.simulator.requests == 0


def test_a_killed_board_is_named_once_and_its_recovery_once(site: Site) -> None:
    assert site.rehearse().news == ""
    site.firmware.kill()
    site.ears.until(lambda: not Controller.objects.get(pk=site.controller.pk).online, 20)
    first, second = site.rehearse(), site.rehearse()
    assert states(first) == GREEN | {"board": "broken controller_offline"}
    assert "The gate's controller is not heard since" in broken_of(first.links)
    assert (first.broken, first.news, second.news) == ("board", "broken", "")

    site.firmware.start()
    site.ears.until_online(site.controller)
    assert (states(site.rehearse()), site.rehearse().news) == (GREEN, "")
    assert list(Rehearsal.objects.order_by("begun_at").values_list("news", flat=True)) == [
        "", "broken", "", "recovered", "",
    ]  # fmt: skip


def test_a_board_that_hangs_is_named(site: Site) -> None:
    """It is heard a moment ago, and does not answer."""
    site.firmware.send(signal.SIGSTOP)
    row = site.rehearse()
    site.firmware.send(signal.SIGCONT)
    assert states(row) == GREEN | {"board": "broken no_dry_answer"}
    assert "did not answer a command" in broken_of(row.links)


def test_a_killed_broker_is_named_and_not_the_board_behind_it(site: Site) -> None:
    site.broker.kill()
    row = site.rehearse()
    assert states(row) == GREEN | {"broker": "broken broker_down", "board": "skipped no_broker"}
    assert broken_of(row.links).startswith("Message broker: The message broker cannot be reached")


def test_every_link_is_said_in_a_sentence(site: Site) -> None:
    said = {str(each.name): (each.state, each.sentence) for each in links_of(site.rehearse())}
    assert said == {
        "camera": ("ok", "It gave a picture."),
        "recognition": ("ok", "The plate of a drawn test picture was read."),
        "decision": ("ok", "It would not have opened: not registered."),
        "message broker": ("ok", "It took a command and passed it on."),
        "controller": ("ok", "It checked a command without a pulse, and answered."),
    }


def test_rehearsing_is_no_opening_even_for_a_gate_that_waits_for_one(site: Site) -> None:
    gate = site.lane.gate
    assert gate is not None
    command = request_open(gate, by="cancela", reason="registered")
    site.ears.until_state(command, State.PULSED)
    assert states(site.rehearse()) == GREEN
    assert len(site.firmware.pulses()) == 1
