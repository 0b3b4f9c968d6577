"""Two homes of one condominium and one of another, a lane with a gate, and people who sign in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access.households import Home, homes_of
from access.models import Lane
from cameras.models import Camera, Source
from gates.models import Controller, Gate
from premises.models import Condominium, Membership, Person, Unit, User
from premises.roles import Role
from tests.admin.conftest import SignedIn, browser, furnished, owner, signed_in

__all__ = ["SignedIn", "browser", "furnished", "owner", "signed_in"]


def resident(name: str, unit: Unit) -> User:
    """Somebody who lives in the unit and signs in, since long."""
    person = Person.objects.create(condominium=unit.condominium, name=name.title(), unit=unit)
    joined = timezone.now() - timedelta(days=300)
    user = User.objects.create_user(name, f"{name}@example.org", first_name=name.title(), date_joined=joined)
    Membership.objects.create(condominium=unit.condominium, user=user, role=Role.RESIDENT, person=person)
    return user


def home_of(user: User) -> Home:
    return homes_of(user)[0]


@pytest.fixture
def unit(condominium: Condominium) -> Unit:
    return Unit.objects.create(condominium=condominium, block="A", number="101")


@pytest.fixture
def other_unit(condominium: Condominium) -> Unit:
    return Unit.objects.create(condominium=condominium, block="B", number="202")


@pytest.fixture
def dora(unit: Unit) -> User:
    """Lives in A 101."""
    return resident("dora", unit)


@pytest.fixture
def emil(other_unit: Unit) -> User:
    """Her neighbour of B 202."""
    return resident("emil", other_unit)


@pytest.fixture
def frida(elsewhere: Condominium) -> User:
    """Lives in a unit of the same name in another condominium."""
    return resident("frida", Unit.objects.create(condominium=elsewhere, block="A", number="101"))


@pytest.fixture
def lane(condominium: Condominium) -> Lane:
    """Fed by pictures that are sent, before a gate whose controller is heard."""
    controller = Controller.objects.create(
        condominium=condominium, name="Board", device="board-1", key="ab" * 32, online=True,
        session="0123456789abcdef", uptime_ms=1000, heard_at=timezone.now(),
    )  # fmt: skip
    gate = Gate.objects.create(condominium=condominium, name="Portão", controller=controller)
    camera = Camera.objects.create(condominium=condominium, name="Câmera", source=Source.UPLOAD)
    return Lane.objects.create(condominium=condominium, name="Entrada", camera=camera, gate=gate, frames_to_refuse=1)
