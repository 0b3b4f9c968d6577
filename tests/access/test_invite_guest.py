"""A link for a guest: unguessable, used once, over in time, worth nothing when its maker moved out."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from access import guest_links
from access.guest_links import GuestLinkError
from access.households import homes_of
from access.models import GuestLink, Permit, Vehicle
from access.reasons import Reason
from access.vehicles import VehicleError
from premises.journal import verify
from premises.models import JournalEntry, Unit, User
from tests.access.conftest import ALICES, STRANGERS, Road, read
from tests.access.test_live_somewhere import dora, emil

__all__ = ["dora", "emil"]


def invited(user: User, **terms: Any) -> tuple[GuestLink, str]:
    return guest_links.invite(homes_of(user)[0], **{"valid_until": timezone.now() + timedelta(hours=4), **terms})


def test_only_the_tokens_digest_is_kept(dora: User) -> None:
    link, token = invited(dora, note="Plumber")

    assert len(token) == 32
    assert token not in str(GuestLink.objects.values().get())
    assert guest_links.find(token) == link
    assert [guest_links.find(wrong) for wrong in ("", token[:-1], token + "A", "x" * 1000)] == [None] * 4


def test_the_guest_is_announced_as_by_the_unit(dora: User, unit: Unit, road: Road) -> None:
    link, _token = invited(dora, single_entry=True)

    permit = guest_links.use(link, "qqq-0q00", "Ida")

    assert (permit.host, permit.holder, permit.single_entry) == (unit, "Ida", True)
    assert permit.valid_until == link.valid_until
    assert list(JournalEntry.objects.order_by("sequence").values_list("action", "actor", "subject")) == [
        ("guest.invited", "dora", ""),
        ("vehicle.registered", "dora", STRANGERS),
        ("visitor.announced", "dora", STRANGERS),
        ("guest.link_used", "dora", STRANGERS),
    ]
    assert verify(unit.condominium) is None
    assert road.sees(read(STRANGERS))[0].reason == Reason.PERMITTED


def test_a_link_is_used_once(dora: User) -> None:
    link, token = invited(dora)
    stale = guest_links.find(token)
    guest_links.use(link, STRANGERS, "Ida")
    assert stale is not None

    with pytest.raises(GuestLinkError, match="used already"):
        guest_links.use(stale, "AAA0A00", "Eve")
    assert Permit.objects.count() == 1


def test_a_plate_that_cannot_be_announced_does_not_use_the_link_up(dora: User, vehicle: Vehicle) -> None:
    link, _token = invited(dora)
    for wrong in ("?", ALICES):
        with pytest.raises(VehicleError):
            guest_links.use(link, wrong, "Ida")

    assert guest_links.use(link, STRANGERS, "Ida").is_active


def test_a_link_ends_in_time(dora: User, time_machine: Any) -> None:
    link, _token = invited(dora)
    time_machine.move_to(timezone.now() + timedelta(hours=5))

    assert not link.is_open_at(timezone.now())
    with pytest.raises(GuestLinkError):
        guest_links.use(link, STRANGERS, "Ida")


def test_a_link_is_worth_nothing_when_its_maker_moved_out(dora: User, unit: Unit) -> None:
    link, _token = invited(dora)
    unit.people.update(unit=None)

    with pytest.raises(GuestLinkError, match="not valid any more"):
        guest_links.use(link, STRANGERS, "Ida")
    link.refresh_from_db()
    assert (link.used_at, Permit.objects.count()) == (None, 0)


def test_a_link_is_taken_back_by_its_own_unit_only(dora: User, emil: User) -> None:
    link, _token = invited(dora)
    with pytest.raises(PermissionDenied):
        guest_links.take_back(link, by=emil)

    guest_links.take_back(link, by=dora)

    with pytest.raises(GuestLinkError):
        guest_links.use(link, STRANGERS, "Ida")
    with pytest.raises(GuestLinkError):
        guest_links.renew(link, by=dora)


def test_a_link_made_anew_takes_the_place_of_the_lost_one(dora: User, emil: User) -> None:
    link, old = invited(dora)
    with pytest.raises(PermissionDenied):
        guest_links.renew(link, by=emil)

    new = guest_links.renew(link, by=dora)

    assert (guest_links.find(old), guest_links.find(new)) == (None, link)


def test_a_link_has_the_bounds_of_an_announcement(dora: User) -> None:
    with pytest.raises(ValidationError):
        invited(dora, valid_until=timezone.now() + timedelta(days=40))
    assert not GuestLink.objects.exists()


def test_links_are_forgotten_when_visits_are(dora: User, emil: User) -> None:
    old, _token = invited(dora)
    new, _token = invited(dora)
    GuestLink.objects.filter(pk=old.pk).update(valid_until=timezone.now() - timedelta(days=91))

    assert guest_links.forget_old(old.condominium, timezone.now()) == 1
    assert list(GuestLink.objects.all()) == [new]
