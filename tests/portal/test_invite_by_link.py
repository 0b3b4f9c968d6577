"""The guest's page: without an account, told as little as possible, once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from access import guest_links
from access.models import GuestLink, Permit
from portal.residents import guest_page
from premises.models import Unit, User
from tests.portal.arriving import drawn
from tests.portal.conftest import SignedIn, home_of

PLATE = "NBK5M67"


@pytest.fixture
def address(dora: User) -> str:
    until = timezone.now() + timedelta(hours=4)
    _link, token = guest_links.invite(home_of(dora), valid_until=until, note="Plumber", greeting="From D.")
    return f"/my/guest/{token}/"


def form(**values: str) -> dict[str, str]:
    now = timezone.localtime()
    times = {"valid_from": f"{now:%Y-%m-%dT%H:%M}", "valid_until": f"{now + timedelta(hours=5):%Y-%m-%dT%H:%M}"}
    return {"note": "Plumber", "greeting": "", **times, **values}


def test_a_resident_makes_a_link_that_is_shown_once(signed_in: SignedIn, dora: User) -> None:
    client = signed_in(dora)

    page = client.post("/my/guests/invite/", form()).content.decode()

    link = GuestLink.objects.get()
    address = next(part for part in page.split('"') if "/my/guest/" in part)
    assert guest_links.find(address.rstrip("/").rpartition("/")[2]) == link
    assert "https://wa.me/?text=" in page
    assert "/my/guest/" not in client.get("/my/guests/").content.decode()


def test_the_guest_is_told_the_condominium_and_what_the_resident_chose(client: Client, address: str) -> None:
    answer = client.get(address)
    page = answer.content.decode()

    assert "Jardim das Acácias" in page
    assert "From D." in page
    assert [said for said in ("Dora", "A 101", "Plumber", "dora@") if said in page] == []
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("same-origin", "noindex, nofollow")
    assert "no-store" in answer["Cache-Control"]


def test_the_guest_announces_once_and_sees_it_afterwards(client: Client, address: str, unit: Unit) -> None:
    assert "You are announced" in client.post(address, {"plate": PLATE, "holder": "Ida"}).content.decode()

    permit = Permit.objects.get()
    assert (permit.vehicle.plate, permit.holder, permit.host) == (PLATE, "Ida", unit)
    assert PLATE in client.get(address).content.decode()
    assert "You are announced" in client.post(address, {"plate": "AAA0A00", "holder": "Eve"}).content.decode()
    assert Permit.objects.count() == 1


def test_what_is_missing_is_said_and_nothing_is_used_up(client: Client, address: str) -> None:
    for given in ({}, {"plate": PLATE}, {"holder": "Ida"}, {"plate": "?!", "holder": "Ida"}):
        assert client.post(address, given).status_code == 400
    assert GuestLink.objects.get().used_at is None


def test_the_guest_may_photograph_the_plate(client: Client, address: str) -> None:
    told = client.post(f"{address}plate/", {"photo": SimpleUploadedFile("p.jpg", drawn(PLATE), "image/jpeg")})
    assert (told.json()["plates"][0], told.json()["sure"]) == (PLATE, True)

    page = client.post(address, {"photo": SimpleUploadedFile("p.jpg", drawn(PLATE)), "plate": "", "holder": "Ida"})

    assert f'value="{PLATE}"' in page.content.decode()
    assert GuestLink.objects.get().used_at is None


@pytest.mark.parametrize("how", ["taken back", "over"])
def test_a_link_that_is_over_tells_nothing(client: Client, address: str, dora: User, how: str) -> None:
    link = GuestLink.objects.get()
    if how == "over":
        GuestLink.objects.update(valid_until=timezone.now())
    else:
        guest_links.take_back(link, by=dora)

    answer = client.post(address, {"plate": PLATE, "holder": "Ida"})

    assert answer.status_code == 410
    assert "Acácias" not in answer.content.decode()
    assert not Permit.objects.exists()


def test_guessing_is_answered_alike_and_counted(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guest_page, "MISSES", 3)

    assert [client.get(f"/my/guest/{guess}/").status_code for guess in "abcd"] == [404, 404, 404, 429]


def test_one_link_takes_so_many_forms(client: Client, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guest_page, "TRIES", 2)

    assert [client.post(address, {}).status_code for _ in range(3)] == [400, 400, 429]
    assert client.get(address).status_code == 200


def test_a_neighbour_neither_takes_back_nor_renews(
    client: Client, address: str, signed_in: SignedIn, emil: User
) -> None:
    link = GuestLink.objects.get()
    for step in ("take-back", "renew"):
        assert signed_in(emil).post(f"/my/links/{link.pk}/{step}/").status_code == 404
    assert client.get(address).status_code == 200


def test_forms_come_from_our_own_pages_only(address: str) -> None:
    strict: Any = Client(enforce_csrf_checks=True)

    assert strict.post(address, {"plate": PLATE, "holder": "Ida"}).status_code == 403
