"""A controller dies: every face says so within its deadline, in words, and with since when. Residents are not told."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Lane
from gates.hearing import Hearing, hearing
from gates.models import Controller, Gate
from portal.console.drawing import draw
from premises import clients
from premises.models import Condominium, Membership, Unit, User
from premises.roles import Permission, Role
from tests.access.rehearsing import Site, running_site

pytestmark = pytest.mark.django_db(transaction=True)

# The broker says at once that a board is gone; of one that hangs only its silence tells.
GONE, SILENT = 20.0, 30.0


@pytest.fixture
def site(condominium: Condominium, tmp_path: Path, settings: Any) -> Iterator[Site]:
    with running_site(condominium, tmp_path, settings) as site:
        yield site


def faces(site: Site, alice: User, token: str, hear: Callable[[], object]) -> dict[str, str]:
    """Every face as text, by its name. `hear` is called before each, since looking at all of them takes its time."""
    client = Client()
    client.force_login(alice)
    program = {"headers": {"Authorization": f"Token {token}"}}
    lane, gate, board = site.lane, site.lane.gate_id, site.controller.pk
    pages = {
        "controllers": reverse("admin:gates_controller_changelist"),
        "controller": reverse("admin:gates_controller_change", args=[board]),
        "gates": reverse("admin:gates_gate_changelist"),
        "gate": reverse("admin:gates_gate_change", args=[gate]),
        "gate, live": reverse("admin:gates_gate_live", args=[gate]),
        "lanes": reverse("admin:access_lane_changelist"),
        "lane": reverse("admin:access_lane_change", args=[lane.pk]),
        "first page": reverse("admin:index"),
    }
    found = {name: (hear(), client.get(url).content.decode())[1] for name, url in pages.items()}
    for name, row in (("controllers", board), ("gates", gate), ("lanes", lane.pk)):
        hear()
        found[f"API, {name}"] = client.get(f"/api/v1/{name}/{row}", **program).content.decode()  # type: ignore[arg-type]
    hear()
    screen = draw({lane.condominium_id}, {"en"}, timezone.now())[lane.condominium_id, "en"]
    return found | {"console": screen.parts[0].html}


def reds(shown: dict[str, str]) -> dict[str, bool]:
    """Which faces say that the controller is not heard."""
    words = ("not heard since", "is not heard.", '"hearing":"silent"')
    return {name: any(word in text for word in words) for name, text in shown.items()}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hanging"])
def test_a_dead_controller_is_red_everywhere(site: Site, alice: User, how: signal.Signals) -> None:
    _client, token = clients.create_client(site.lane.condominium, "a program", Permission.values)
    before = reds(faces(site, alice, token, lambda: site.ears.until_online(site.controller)))
    assert not any(before.values())

    site.firmware.send(how)
    site.ears.until(
        lambda: hearing(Controller.objects.get(pk=site.controller.pk)).code == Hearing.SILENT,
        GONE if how == signal.SIGKILL else SILENT,
    )
    assert reds(faces(site, alice, token, lambda: None)) == dict.fromkeys(before, True)
    if how == signal.SIGSTOP:
        site.firmware.send(signal.SIGCONT)


def test_residents_are_not_told(site: Site, condominium: Condominium) -> None:
    unit = Unit.objects.create(condominium=condominium, block="A", number="101")
    dora = User.objects.create_user("dora")
    Membership.objects.create(user=dora, condominium=condominium, role=Role.RESIDENT)
    assert unit.pk
    Gate.objects.update(controller=None)
    client = Client()
    client.force_login(dora)
    text = client.get("/my/", follow=True).content.decode()
    assert "controller" not in text
    assert "heard" not in text
    assert Lane.objects.count() == 1
