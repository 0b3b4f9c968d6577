"""The console's stream, of a real server: what happens is told at once, to who may hear it, and costs few threads."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from access.models import Lane
from gates.commands import request_open
from gates.models import GateCommand
from gates.states import State
from premises.models import JournalEntry, Membership, User
from premises.roles import Role
from tests.conftest import member
from tests.portal.console.gatehouse import STRANGERS, make_lane, stands
from tests.portal.console.serving import Site
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
PATIENT = 60.0


class Stream:
    """What a console hears, event after event."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.iter_lines()

    def events(self) -> Iterator[tuple[str, Any]]:
        name = ""
        for line in self._lines:
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield name, json.loads(line.removeprefix("data: "))

    def until(self, wanted: str, key: str = "", text: str = "") -> Any:
        """The first event of this name, of this part, with this text in it; every read of it has a deadline."""
        deadline = time.monotonic() + PATIENT
        for name, data in self.events():
            if name == wanted and key in (data.get("key"), "") and text in data.get("html", ""):
                return data
            assert time.monotonic() < deadline, f"no {wanted} {key} {text!r}"
        raise AssertionError(f"it ended before {wanted} {key}")


def cookies(user: User) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    return {"sessionid": client.cookies["sessionid"].value}


@contextmanager
def listening(site: Site, user: User, jar: dict[str, str] | None = None) -> Iterator[Stream]:
    with (
        httpx.Client(cookies=jar or cookies(user), timeout=PATIENT, trust_env=False) as client,
        client.stream("GET", f"{site.url}/console/stream", headers={"Accept-Language": "en"}) as answer,
    ):
        yield Stream(answer)


def test_everything_is_told_first_and_then_what_changes(site: Site, lane: Lane, bob: User) -> None:
    key = f"lane-{lane.pk}"
    with listening(site, bob) as stream:
        assert stream.answer.headers["content-type"] == "text/event-stream"
        assert stream.answer.headers["cache-control"] == "no-store"
        assert stream.until("screen")["keys"] == [key, f"duty-{lane.condominium_id}"]
        stream.until("part", key, "Nobody was seen here yet.")
        stream.until("beat")

        passage = stands(lane, STRANGERS)
        stream.until("part", key, "Needs you")
        assert lane.gate is not None
        command = request_open(lane.gate, by=bob, reason="delivery", passage_id=passage.pk)
        GateCommand.objects.filter(pk=command.pk).update(state=State.SENT)
        stream.until("part", key, "waiting for the gate")


def test_hearts_beat_about_once_a_second_while_nothing_happens(site: Site, lane: Lane, bob: User) -> None:
    with listening(site, bob) as stream:
        beats = [stream.until("beat")["now"] for _ in range(4)]
    assert all(earlier <= later for earlier, later in pairwise(beats))
    assert beats[-1] - beats[0] > 1500


def test_looks_are_written_down_once(site: Site, lane: Lane, bob: User) -> None:
    passage = stands(lane, STRANGERS)
    looks = JournalEntry.objects.filter(action="passage.viewed", actor="bob", passage_id=passage.pk)
    with listening(site, bob) as stream:
        for _ in range(4):
            stream.until("beat")
        wait_for(looks.exists, 20)
        for _ in range(3):
            stream.until("beat")
    assert looks.count() == 1


def test_charlie_hears_nothing_of_alices(site: Site, lane: Lane, charlie: User) -> None:
    own = make_lane(charlie.memberships.get().condominium, "Elsewhere")
    passage = stands(lane, STRANGERS)
    with listening(site, charlie) as stream:
        heard = []
        for name, data in stream.events():
            heard.append(data)
            if sum(1 for each in heard if "now" in each) == 3:
                break
            assert name in ("screen", "part", "beat")
    told = json.dumps(heard)
    assert "Elsewhere" in told
    assert f"lane-{own.pk}" in told
    assert STRANGERS not in told
    assert str(passage.pk) not in told
    assert f"lane-{lane.pk}" not in told


def test_who_has_no_gate_to_open_hears_nothing(site: Site, lane: Lane) -> None:
    auditor = member("dora", lane.condominium, Role.AUDITOR)
    resident = member("eva", lane.condominium, Role.RESIDENT)
    for user in (auditor, resident):
        with listening(site, user) as stream:
            assert stream.answer.status_code == 403
    answer = httpx.get(f"{site.url}/console/stream", timeout=PATIENT, trust_env=False)
    assert answer.status_code == 403


def test_a_console_hears_no_more_when_its_session_or_its_role_ended(site: Site, lane: Lane, bob: User) -> None:
    jar = cookies(bob)
    with listening(site, bob, jar) as stream:
        stream.until("beat")
        Membership.objects.filter(user=bob).delete()
        assert stream.until("over") == {}
    with listening(site, bob, jar) as stream:
        assert stream.answer.status_code == 403


def test_many_consoles_hold_no_connection_and_hinder_nobody(site: Site, lane: Lane, bob: User) -> None:
    with ExitStack() as consoles:
        consoles.enter_context(listening(site, bob)).until("beat")
        threads, files = threads_of(site), database_files(site)
        for _ in range(12):
            consoles.enter_context(listening(site, bob)).until("beat")
        assert site.answers()
        # One that waits for its next request each, and none that asks the database for its own console.
        assert threads_of(site) - threads <= 12 + 3
        assert database_files(site) - files <= 3


def threads_of(site: Site) -> int:
    found = re.search(r"^Threads:\s+(\d+)", Path(f"/proc/{site.pid}/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


def database_files(site: Site) -> int:
    """How many times the process has the database open; on PostgreSQL none is a file."""
    links = Path(f"/proc/{site.pid}/fd").iterdir()
    return sum(path.is_symlink() and str(path.readlink()).endswith("site.sqlite3") for path in links)
