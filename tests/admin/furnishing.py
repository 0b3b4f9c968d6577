"""A condominium with rows of every kind, enough of them that a query for each row would show."""

import io
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone
from PIL import Image

from access.comparing import Figures
from access.models import (
    Decision,
    Detection,
    GuestLink,
    Holding,
    Holiday,
    Key,
    Lane,
    LaneDay,
    OpeningPhoto,
    Passage,
    Permit,
    PermitWindow,
    RetentionPolicy,
    RunState,
    ShadowRun,
    SubjectRequest,
    TravelTime,
    Vehicle,
    WatchlistEntry,
)
from access.policies import Policy
from access.reasons import Outcome, Reason
from access.shadow_runs import settings_of
from cameras.models import Camera, Health, Recorder
from gates.models import CarriedKey, Controller, Gate, GateCommand, HomeAssistant, KeyList, KeyUse
from gates.states import State
from portal.accounts import invitations
from portal.models import Invitation, Note, Shift
from premises import clients, journal
from premises.models import Condominium, Membership, Person, Unit, User
from premises.roles import Permission, Role
from premises.tenancy import TenantModel

TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantModel)]


@cache
def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 180), (60, 90, 120)).save(out, "JPEG")
    return out.getvalue()


def letters(number: int) -> str:
    return "".join(chr(65 + number // 26**place % 26) for place in (2, 1, 0))


def furnish(condominium: Condominium, rows: int = 3, prefix: str = "A") -> None:
    """`rows` of everything. `prefix` begins every name and plate, so that a leak can be seen."""
    RetentionPolicy.objects.create(condominium=condominium, decided=f"{prefix}0-assembly")
    names = {"user": f"{prefix}0-home".lower(), "prefix": f"{prefix}0-prefix".lower()}
    HomeAssistant.objects.create(condominium=condominium, **names)
    devices = [_devices(condominium, f"{prefix}{number}") for number in range(rows)]
    Holding.objects.create(condominium=condominium, counted_at=timezone.now(), pictures=rows, bytes=rows * 100_000)
    for number in range(rows):
        LaneDay.objects.create(condominium=condominium, lane=devices[number][0], day=timezone.localdate(), decided=1)
        vehicle = _registry(condominium, prefix, number)
        passage = _passage(condominium, devices[number][0], devices[number][1], vehicle, number)
        _key(devices[number][1], vehicle, prefix, number)
        _comparison(passage)
        if number:
            TravelTime.objects.create(condominium=condominium, one=devices[0][0], other=devices[number][0], seconds=60)
        _accounts(condominium, f"{prefix}{number}")
        _request(vehicle, f"{prefix}{number}")
        _duty(condominium, f"{prefix}{number}")
        journal.record(condominium, "unit.added", subject=f"{prefix}-secret-{number}")


def _devices(condominium: Condominium, name: str) -> tuple[Lane, Gate]:
    at = timezone.now()
    recorder = Recorder.objects.create(
        condominium=condominium, name=f"{name}-recorder", host="recorder.example", password=f"{name}-hidden"
    )
    camera = Camera.objects.create(
        condominium=condominium, name=f"{name}-camera", recorder=recorder, health=Health.OK, last_frame_at=at
    )
    controller = Controller.objects.create(
        condominium=condominium, name=f"{name}-controller", device=f"{name}-board".lower(), key=f"{name}-key"
    )
    gate = Gate.objects.create(condominium=condominium, name=f"{name}-gate", controller=controller)
    lane = Lane.objects.create(condominium=condominium, name=f"{name}-lane", camera=camera, gate=gate)
    return lane, gate


def _registry(condominium: Condominium, prefix: str, number: int) -> Vehicle:
    unit = Unit.objects.create(condominium=condominium, block=prefix, number=f"{prefix}{100 + number}")
    owner = Person.objects.create(condominium=condominium, name=f"{prefix}{number}-person", unit=unit)
    plate = f"{prefix}{letters(number)[1:]}1D{number:02}"
    vehicle = Vehicle.objects.create(condominium=condominium, plate=plate, owner=owner, unit=unit)
    permit = Permit.objects.create(condominium=condominium, vehicle=vehicle)
    PermitWindow.objects.create(condominium=condominium, permit=permit, days=[0, 5], begins=time(8), ends=time(18))
    _guest_link(unit, number)
    Holiday.objects.create(condominium=condominium, date=date(2026, 1, 2 + number), name=f"{prefix}{number}-day")
    WatchlistEntry.objects.create(condominium=condominium, plate=f"{prefix}{letters(number)[1:]}2D{number:02}")
    return vehicle


def _key(gate: Gate, vehicle: Vehicle, prefix: str, number: int) -> None:
    """A tag that a board carries and opened for."""
    own: dict[str, Any] = {"condominium": gate.condominium, "controller": gate.controller}
    digest = f"{prefix}{number:063}"
    key = Key.objects.create(
        condominium=gate.condominium,
        digits=str(number),
        digest=digest,
        ending=f"{number:03}",
        holder=f"{prefix}{number}-holder",
        unit=vehicle.unit,
    )
    key.gates.add(gate)
    at = timezone.now()
    KeyList.objects.create(
        **own, version=number + 1, board_version=1, board_minutes=9000, made_at=at, delivered_at=at, told_at=at
    )
    CarriedKey.objects.create(controller_id=gate.controller_id or 0, ref=key.pk, digest=digest[-16:], relays=1)
    KeyUse.objects.create(
        **own,
        gate=gate,
        key_ref=key.pk,
        key_name=str(key),
        what="opened",
        offline=True,
        at=at,
        not_before=at - timedelta(seconds=2),
        not_after=at + timedelta(seconds=2),
        number=1,
    )


def _guest_link(unit: Unit, number: int) -> None:
    """Of somebody who lives there."""
    user = User.objects.create_user(f"{unit.number}-resident-{uuid4().hex[:6]}")
    GuestLink.objects.create(
        condominium=unit.condominium,
        host=unit,
        invited_by=user,
        token_digest=uuid4().hex,
        note=f"{unit.block}{number}-guest",
        valid_until=timezone.now() + timedelta(days=1),
    )


def _passage(condominium: Condominium, lane: Lane, gate: Gate, vehicle: Vehicle, number: int) -> Passage:
    at = timezone.now() - timedelta(minutes=number)
    passage = Passage.objects.create(
        condominium=condominium,
        lane=lane,
        opened_at=at,
        last_seen_at=at,
        ended_at=at,
        plate=vehicle.plate,
        plate_key=vehicle.plate_key,
        score=0.97,
        vehicle=vehicle,
        unit_name=vehicle.unit_name,
        owner_name=vehicle.owner_name,
        frames=2,
        outcome=Outcome.OPEN,
        reason=Reason.PERMITTED,
        decided_at=at,
    )
    detection = _detection(passage, at)
    command = _command(passage, gate, at)
    Decision.objects.create(
        condominium=condominium,
        passage=passage,
        outcome=Outcome.OPEN,
        reason=Reason.PERMITTED,
        facts={"plate": vehicle.plate, "registered": True, "unit": vehicle.unit_name, "owner": vehicle.owner_name},
        at=at,
        policy=f"{Policy.EXACT}-1",
        vehicle=vehicle,
        detection=detection,
        command_id=command.pk,
    )
    journal.record(condominium, "passage.decided", subject=vehicle.plate, passage_id=passage.pk)
    return passage


def _request(vehicle: Vehicle, name: str) -> None:
    SubjectRequest.objects.create(
        condominium=vehicle.condominium,
        person=vehicle.owner,
        plates=vehicle.plate,
        asked_by=f"{name}-asker",
        archive_digest="0" * 64,
    )


def _comparison(passage: Passage) -> ShadowRun:
    then = {"outcome": "open", "reason": "permitted", "vehicle": passage.vehicle_id}
    now = {"outcome": "refuse", "reason": "unknown_plate", "vehicle": None}
    settings = asdict(settings_of(passage.lane))
    return ShadowRun.objects.create(
        condominium_id=passage.condominium_id,
        lane=passage.lane,
        by_name="tests",
        state=RunState.DONE,
        since=passage.opened_at - timedelta(days=7),
        until=passage.opened_at,
        before=settings,
        wanted=settings | {"policy": Policy.EXACT},
        total=1,
        done=1,
        counts=asdict(Figures(compared=1, opened=[1, 0], unknown=1)),
        differences=[{"passage": str(passage.pk), "then": then, "now": now, "known": "unknown"}],
    )


def _detection(passage: Passage, at: datetime) -> Detection:
    detection = Detection(
        condominium_id=passage.condominium_id,
        passage=passage,
        camera_id=passage.lane.camera_id,
        taken_at=at,
        frame_digest="0" * 64,
        box=[100, 100, 80, 26],
        text=passage.plate,
        score=0.97,
        engine="classical",
        engine_version="1",
    )
    detection.frame.save("frame.jpg", ContentFile(jpeg()), save=False)
    detection.crop.save("crop.jpg", ContentFile(jpeg()), save=False)
    detection.save()
    return detection


def _command(passage: Passage, gate: Gate, at: datetime) -> GateCommand:
    command = GateCommand.objects.create(
        condominium_id=passage.condominium_id,
        gate=gate,
        state=State.PULSED,
        passage_id=passage.pk,
        requested_by_name="cancela",
        reason=f"{passage.plate} may pass",
        pulse_ms=500,
        requested_at=at,
        expires_at=at + timedelta(seconds=5),
        sent_at=at + timedelta(milliseconds=4),
        accepted_at=at + timedelta(milliseconds=20),
        pulsed_at=at + timedelta(milliseconds=22),
        ended_at=at + timedelta(milliseconds=22),
    )
    photo = OpeningPhoto(
        condominium_id=passage.condominium_id,
        command_id=command.pk,
        lane=passage.lane,
        taken_at=at,
        frame_digest="0" * 64,
    )
    photo.frame.save("photo.jpg", ContentFile(jpeg()), save=True)
    return command


def _accounts(condominium: Condominium, name: str) -> None:
    user = User.objects.create_user(f"{name}-user-{uuid4().hex[:6]}", f"{name}@example.org")
    Membership.objects.create(condominium=condominium, user=user, role=Role.GUARD)
    clients.create_client(condominium, f"{name}-client", [Permission.VIEW_PASSAGES])
    invited = Invitation(condominium=condominium, email=f"{name}-guest@example.org", role=Role.GUARD)
    invitations.invite(invited, by=user)


def _duty(condominium: Condominium, name: str) -> None:
    """A shift that is over, and a note that stands."""
    at = timezone.now()
    began = at - timedelta(hours=12)
    Shift.objects.create(condominium=condominium, guard_name=f"{name}-guard", began_at=began, ended_at=at)
    Note.objects.create(condominium=condominium, text=f"{name}-parcel", by_name=f"{name}-guard", at=at)


def one_of(model: type[Any], condominium: Condominium) -> models.Model:
    """A furnished row of a kind."""
    row: models.Model = model._default_manager.filter(condominium=condominium).order_by("pk").last()
    return row
