"""A manager takes over a list of vehicles: the report first, nothing done before the second step."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from access.models import Vehicle
from premises.models import Condominium, JournalEntry, User
from tests.admin.conftest import SignedIn

LIST = "Placa;Proprietário;Unidade\nABC1D23;Ana;101\nABC1D23;Ana;101\nXY;Bruno;102\nKLM5678;Carla;201\n"


@pytest.fixture
def manager(alice: User, signed_in: SignedIn) -> Client:
    return signed_in(alice)


def page() -> str:
    return reverse("admin:access_vehicle_import_list")


def upload(client: Client, content: str = LIST, name: str = "lista.csv", **more: str) -> Any:
    return client.post(page(), {"file": SimpleUploadedFile(name, content.encode()), "sheet": "", **more})


def plates() -> list[str]:
    return list(Vehicle.objects.order_by("plate").values_list("plate", flat=True))


def test_the_report_comes_first(manager: Client) -> None:
    report = upload(manager).context["report"]
    assert (report.added, [(refusal.row, refusal.plate) for refusal in report.refused]) == (
        2,
        [(3, "ABC1D23"), (4, "XY")],
    )
    assert plates() == []


def test_the_second_step_does_what_the_report_said(manager: Client, condominium: Condominium) -> None:
    token = upload(manager).context["token"]
    answer = manager.post(page(), {"apply": token}, follow=True)
    assert plates() == ["ABC1D23", "KLM5678"]
    assert "What the list did" in answer.content.decode()
    assert (answer.context["report"].added, len(answer.context["report"].refused)) == (2, 2)
    entry = JournalEntry.objects.get(action="vehicles.imported")
    assert (entry.condominium, entry.actor) == (condominium, "alice")


def test_a_changed_list_shows_old_and_new_before_and_after(manager: Client, condominium: Condominium) -> None:
    upload(manager, "Placa;Cor\nBRA2E19;prata\nRIO4F56;azul\n")
    first = upload(manager, "Placa;Cor\nBRA2E19;prata\nRIO4F56;azul\n").context["token"]
    manager.post(page(), {"apply": first})

    shown = upload(manager, "Placa;Cor\nBRA2E19;verde\n", complete="on")
    done = manager.post(page(), {"apply": shown.context["token"]}, follow=True)

    for answer in (shown, done):
        told = answer.content.decode()
        assert "<del>prata</del> → verde" in told
        assert "RIO4F56" in told
        assert answer.context["report"].counts == {"added": 0, "changed": 1, "approved": 0, "taken_up": 0, "ended": 1}
    assert list(Vehicle.objects.order_by("plate").values_list("plate", "colour", "state")) == [
        ("BRA2E19", "verde", "active"),
        ("RIO4F56", "azul", "ended"),
    ]


def test_a_report_is_shown_to_nobody_else(manager: Client, charlie: User, signed_in: SignedIn) -> None:
    token = upload(manager).context["token"]
    address = manager.post(page(), {"apply": token})["Location"]
    assert "KLM5678" in manager.get(address).content.decode()
    assert "KLM5678" not in signed_in(charlie).get(address).content.decode()


def test_a_list_without_a_change_offers_nothing_to_do(manager: Client) -> None:
    manager.post(page(), {"apply": upload(manager).context["token"]})
    answer = upload(manager, "Placa\nABC1D23\n")
    assert (answer.context["token"], answer.context["report"].unchanged) == ("", 1)


def test_a_list_is_applied_once_and_by_who_brought_it(manager: Client, charlie: User, signed_in: SignedIn) -> None:
    token = upload(manager).context["token"]
    signed_in(charlie).post(page(), {"apply": token})
    assert plates() == []
    manager.post(page(), {"apply": token})
    answer = manager.post(page(), {"apply": token}, follow=True)
    assert "This list is no longer waiting." in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "name"), [("", "lista.csv"), ("a;b\n1;2\n", "lista.csv"), ("%PDF-1.4", "lista.pdf"), ("x", "l.xlsx")]
)
def test_what_is_no_list_is_said_on_the_form(manager: Client, content: str, name: str) -> None:
    assert list(upload(manager, content, name).context["form"].errors) == ["file"]


def test_a_guard_imports_nothing(bob: User, signed_in: SignedIn) -> None:
    assert upload(signed_in(bob)).status_code == 403
    assert plates() == []
