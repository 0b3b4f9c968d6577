"""Two furnished condominiums and programs that speak to the API."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile
from rest_framework.test import APIClient

from access.models import (
    Decision,
    Detection,
    Holiday,
    Key,
    Lane,
    Passage,
    Permit,
    TravelTime,
    Vehicle,
    WatchlistEntry,
)
from access.reasons import Outcome, Reason
from cameras.models import Camera, Recorder
from gates.models import Controller, Gate, GateCommand, KeyList, KeyUse
from gates.states import State
from premises import journal
from premises.clients import create_client
from premises.models import Condominium, Membership, Person, Unit, User
from premises.roles import Permission
from recognition import canonical

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=SAO_PAULO)

Rows = dict[str, Any]
"""A row of every resource, by the resource's name in the address."""


def furnish(condominium: Condominium, plate: str) -> Rows:
    """Whatever a condominium can have, once."""
    own: dict[str, Any] = {"condominium": condominium}
    unit = Unit.objects.create(**own, block="A", number="101")
    person = Person.objects.create(**own, name=f"Owner of {plate}", unit=unit, phone="+55 11 5555-0100")
    recorder = Recorder.objects.create(
        **own, name="Recorder", host="recorder.example", username="viewer", password="kept secret"
    )
    camera = Camera.objects.create(**own, name="Camera", recorder=recorder)
    spare = Camera.objects.create(**own, name="Spare", recorder=recorder, channel=9)
    controller = Controller.objects.create(**own, name="Board", device=f"board-{condominium.pk}", key="k" * 32)
    gate = Gate.objects.create(**own, name="Gate", controller=controller)
    lane = Lane.objects.create(**own, name="Entrance", camera=camera, gate=gate)
    far = Lane.objects.create(**own, name="Far", camera=Camera.objects.create(**own, name="Far"))
    vehicle = Vehicle.objects.create(**own, plate=plate, owner=person, unit=unit)
    passage = passing(lane, plate, NOON, vehicle=vehicle)
    key = Key.objects.create(**own, digits="1", digest="1" * 64, ending="1", holder=f"Key of {plate}")
    return {
        "condominiums": condominium,
        "units": unit,
        "people": person,
        "memberships": Membership.objects.filter(condominium=condominium).first()
        or Membership.objects.create(**own, user=User.objects.create_user(f"guard-{condominium.pk}"), role="guard"),
        "journal": journal.record(condominium, "test.furnished", subject=plate),
        "recorders": recorder,
        "cameras": spare,
        "gates": gate,
        "controllers": controller,
        "gate-commands": GateCommand.objects.get(passage_id=passage.pk),
        "lanes": lane,
        "vehicles": vehicle,
        "keys": key,
        "key-uses": KeyUse.objects.create(
            **own, controller=controller, gate=gate, key_ref=key.pk, what="opened", offline=True, at=NOON, number=1
        ),
        "key-lists": KeyList.objects.create(**own, controller=controller, version=1),
        "permits": Permit.objects.create(**own, vehicle=vehicle),
        "holidays": Holiday.objects.create(**own, date=NOON.date(), name=f"Day of {plate}"),
        "travel-times": TravelTime.objects.create(**own, one=lane, other=far, seconds=60),
        "watchlist": WatchlistEntry.objects.create(**own, plate="BAD0B00", kind="stolen"),
        "passages": passage,
    }


def passing(lane: Lane, plate: str, at: datetime, vehicle: Vehicle | None = None, frames: int = 2) -> Passage:
    """A passage that opened its gate, with its pictures, decision and command."""
    own: dict[str, Any] = {"condominium": lane.condominium}
    passage = Passage.objects.create(
        **own,
        lane=lane,
        opened_at=at,
        last_seen_at=at + timedelta(seconds=frames - 1),
        plate=plate,
        plate_key=canonical(plate),
        score=0.9,
        vehicle=vehicle,
        unit_name="A 101",
        frames=frames,
        outcome=Outcome.OPEN,
        reason=Reason.PERMITTED,
        decided_at=at,
    )
    for number in range(frames):
        Detection.objects.create(
            **own,
            passage=passage,
            camera=lane.camera,
            taken_at=at + timedelta(seconds=number),
            frame=ContentFile(b"a frame", name=f"{number}.jpg"),
            frame_digest="0" * 64,
            crop=ContentFile(b"a crop", name=f"{number}-crop.jpg"),
            box=[1, 2, 3, 4],
            text=plate,
            score=0.9,
            engine="classical",
            engine_version="1",
        )
    command = GateCommand.objects.create(
        **own,
        gate_id=lane.gate_id or 0,
        passage_id=passage.pk,
        state=State.PULSED,
        requested_by_name="cancela",
        reason="permitted",
        pulse_ms=500,
        requested_at=at,
        expires_at=at + timedelta(seconds=5),
    )
    Decision.objects.create(
        **own,
        passage=passage,
        outcome=Outcome.OPEN,
        reason=Reason.PERMITTED,
        facts={"plate": plate},
        policy="exact",
        vehicle=vehicle,
        command_id=command.pk,
    )
    return passage


@pytest.fixture
def mine(condominium: Condominium, alice: User) -> Rows:
    """What Alice's and Bob's condominium has."""
    return furnish(condominium, "ABC1C34")


@pytest.fixture
def theirs(elsewhere: Condominium, charlie: User) -> Rows:
    """What Charlie's condominium has."""
    return furnish(elsewhere, "XYZ9J87")


def program(condominium: Condominium, *scopes: str) -> APIClient:
    """A program with a token of these scopes; of all of them where none is named."""
    _client, token = create_client(condominium, "a program", scopes or Permission.values)
    return speaking(token)


def speaking(token: str, keyword: str = "Token") -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"{keyword} {token}")
    return client


def signed_in(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


@pytest.fixture
def api(condominium: Condominium) -> APIClient:
    """A program of Alice's condominium that may do everything."""
    return program(condominium)


@pytest.fixture
def stranger(elsewhere: Condominium) -> APIClient:
    """A program of Charlie's condominium that may do everything there."""
    return program(elsewhere)


def ids(answer: Any) -> list[Any]:
    """The numbers of the rows of a list."""
    return [row["id"] for row in answer.json()["results"]]


def plain(pk: Any) -> Any:
    """A key as JSON writes it."""
    return pk if isinstance(pk, int) else str(pk)
