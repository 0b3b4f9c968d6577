"""The demonstration condominium: people, vehicles, a recorder, two lanes, two gates.

Everything in it is invented. Seeding again changes nothing but addresses that moved; what people did is kept.
"""

import os
import secrets
from datetime import timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from access import lanes
from access.models import Direction, Lane, Vehicle, WatchlistEntry
from access.proposals import propose_vehicle
from access.states import VehicleState
from access.vehicles import register_vehicle
from access.visits import Terms, announce
from cameras.models import Camera, Make, Recorder, Source
from gates import controllers, provisioning
from gates.models import Controller, Gate
from portal.demo_residents import GUEST, HOME, RESIDENT_LOGIN, RESIDENTS, STRANGERS, WAITING, WATCHLISTED
from premises.clients import create_client
from premises.models import Condominium, Membership, Person, Unit, User
from premises.roles import Permission, Role

SLUG = "acacias"
DEVICE = "portaria-1"


USERS = (
    ("sindica", Role.MANAGER, "Síndica"),
    ("porteiro", Role.GUARD, "Porteiro"),
    ("auditora", Role.AUDITOR, "Auditora"),
)
CLIENT_SCOPES = (Permission.UPLOAD_PICTURES, Permission.VIEW_PASSAGES, Permission.VIEW_REGISTRY)


def seed() -> Condominium:
    """The demonstration condominium, made where it is not there yet, its devices' addresses brought up to date."""
    with transaction.atomic():
        condominium, is_new = Condominium.objects.get_or_create(
            slug=SLUG, defaults={"name": "Residencial das Acácias", "city": "Campinas"}
        )
        if is_new:
            seed_accounts(condominium)
            seed_registry(condominium)
            seed_devices(condominium)
        else:
            move_devices(condominium)
    write_private(settings.VAR_DIR / "plates", "\n".join(plates_to_draw()) + "\n")
    lanes.schedule_system_tasks()
    return condominium


def is_empty(*, wanted: bool) -> bool:
    """Whether this installation was begun, or is to begin, without the demonstration; then it stays without."""
    begun_empty: Path = settings.VAR_DIR / "empty"
    if wanted and not Condominium.objects.filter(slug=SLUG).exists():
        begun_empty.touch()
    return begun_empty.exists()


def seed_nothing() -> None:
    """Only who keeps the installation, and a recorder with traffic to try the set-up on."""
    controller_folder()
    if not User.objects.exists():
        password = new_user("admin", is_superuser=True)
        recorder = f"127.0.0.1:{recorder_port()}, cancela, {os.environ['SIMULATOR_PASSWORD']}"
        lines = f"  {'admin':<10} {password}   (everything)\n  recorder   {recorder}\n"
        write_private(settings.VAR_DIR / "logins", lines)
    plates = [*(resident.plate for resident in RESIDENTS[:6]), *STRANGERS]
    write_private(settings.VAR_DIR / "plates", "\n".join(plates) + "\n")
    lanes.schedule_system_tasks()


def seed_accounts(condominium: Condominium) -> None:
    """Users with passwords that are generated here and written to var/logins, for the banner of `make run`."""
    lines = [f"  {'admin':<10} {new_user('admin', is_superuser=True)}   (everything)"]
    for name, role, label in USERS:
        password = new_user(name)
        Membership.objects.create(user=User.objects.get(username=name), condominium=condominium, role=role)
        lines.append(f"  {name:<10} {password}   ({label})")
    lines.append(f"  {RESIDENT_LOGIN:<10} {new_user(RESIDENT_LOGIN)}   (Moradora, {HOME[0]} {HOME[1]})")
    _client, token = create_client(condominium, "Demonstração", CLIENT_SCOPES)
    lines.append(f"  API token  {token}")
    write_private(settings.VAR_DIR / "logins", "\n".join(lines) + "\n")


def new_user(name: str, *, is_superuser: bool = False) -> str:
    password = secrets.token_urlsafe(9)
    email = f"{name}@example.org"
    user = User.objects.create_user(name, email, password, is_superuser=is_superuser, is_staff=is_superuser)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return password


def write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def seed_registry(condominium: Condominium) -> None:
    for resident in RESIDENTS:
        unit = Unit.objects.create(condominium=condominium, block=resident.block, number=resident.number)
        owner = Person.objects.create(condominium=condominium, name=resident.name, unit=unit)
        register_vehicle(
            condominium,
            resident.plate,
            by="make run",
            owner=owner,
            unit=unit,
            make=resident.make,
            colour=resident.colour,
        )
    seed_household(condominium)
    plate, note = WATCHLISTED
    WatchlistEntry.objects.create(condominium=condominium, plate=plate, kind=WatchlistEntry.Kind.BANNED, note=note)


def seed_household(condominium: Condominium) -> None:
    """Who signs in as a resident: with a vehicle, one that waits for approval, and a guest of these days."""
    user = User.objects.get(username=RESIDENT_LOGIN)
    unit = Unit.objects.get(condominium=condominium, block=HOME[0], number=HOME[1])
    person = Person.objects.filter(unit=unit).earliest("pk")
    Membership.objects.create(user=user, condominium=condominium, role=Role.RESIDENT, person=person)
    plate, make, colour = WAITING
    propose_vehicle(condominium, plate, by=user, make=make, colour=colour)
    plate, name = GUEST
    terms: Terms = {"holder": name, "valid_until": timezone.now() + timedelta(days=7)}
    announce(unit, plate, by=user, **terms)


def seed_devices(condominium: Condominium) -> None:
    recorder = Recorder.objects.create(
        condominium=condominium,
        name="Gravador da portaria",
        make=Make.INTELBRAS,
        host="127.0.0.1",
        port=recorder_port(),
        username="cancela",
        password=os.environ["SIMULATOR_PASSWORD"],
    )
    controller = seed_controller(condominium)
    for channel, (name, direction) in enumerate((("Entrada", Direction.IN), ("Saída", Direction.OUT)), start=1):
        camera = Camera.objects.create(
            condominium=condominium,
            name=f"Câmera da {name.lower()}",
            source=Source.RECORDER,
            recorder=recorder,
            channel=channel,
        )
        gate = Gate.objects.create(
            condominium=condominium, name=f"Cancela da {name.lower()}", controller=controller, relay=channel
        )
        lane = Lane.objects.create(condominium=condominium, name=name, camera=camera, gate=gate, direction=direction)
        lanes.schedule(lane)


def seed_controller(condominium: Condominium) -> Controller:
    controller, credentials = controllers.register(condominium, "Placa da portaria", DEVICE, by="make run")
    host, port = broker_address()
    folder = controller_folder()
    provisioning.write_config(
        credentials,
        folder / "config.json",
        host=host,
        port=port,
        relays={"1": {}, "2": {}},
        simulate={"relay_log": str(folder / "relay.log")},
    )
    return controller


def move_devices(condominium: Condominium) -> None:
    """Ports are looked for anew at each start."""
    Recorder.objects.filter(condominium=condominium, host="127.0.0.1").update(port=recorder_port())
    host, port = broker_address()
    provisioning.move(controller_folder() / "config.json", host=host, port=port)


def controller_folder() -> Path:
    folder: Path = settings.VAR_DIR / "controller"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def recorder_port() -> int:
    return int(os.environ["RECORDER_PORT"])


def broker_address() -> tuple[str, int]:
    host, _, port = settings.MQTT_LISTEN.rpartition(":")
    return host, int(port)


def plates_to_draw() -> list[str]:
    """What arrives in the simulated recorder's drawn traffic: mostly residents, some strangers, one banned."""
    active = Vehicle.objects.filter(condominium__slug=SLUG, state=VehicleState.ACTIVE).exclude(plate=GUEST[0])
    residents = list(active.values_list("plate", flat=True))
    others = [STRANGERS[0], GUEST[0], WAITING[0], WATCHLISTED[0], *STRANGERS[1:]]
    return [*residents[:4], others[0], *residents[4:6], *others[1:4], *residents[6:8], *others[4:]]
