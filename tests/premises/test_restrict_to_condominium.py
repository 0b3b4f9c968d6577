"""Tenancy: Alice and Bob see their condominium by their roles, Charlie nothing of it, nobody gets all by mistake."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from premises.clients import create_client
from premises.models import ApiClient, Condominium, Unit, User
from premises.roles import ROLE_PERMISSIONS, Permission, Role
from premises.tenancy import TenantModel, allows, condominium_ids
from tests.conftest import member

OURS = {"premises", "cameras", "gates", "access"}


@pytest.fixture
def unit(condominium: Condominium) -> Unit:
    return Unit.objects.create(condominium=condominium, block="A", number="101")


def test_the_manager_sees_and_changes_the_own_units(unit: Unit, alice: User) -> None:
    assert list(Unit.objects.restrict(alice, "view")) == [unit]
    assert list(Unit.objects.restrict(alice, "change")) == [unit]


def test_the_guard_sees_units_and_changes_none(unit: Unit, bob: User) -> None:
    assert list(Unit.objects.restrict(bob, "view")) == [unit]
    assert list(Unit.objects.restrict(bob, "change")) == []


def test_the_manager_of_another_condominium_sees_nothing(unit: Unit, charlie: User) -> None:
    assert list(Unit.objects.restrict(charlie, "view")) == []


def test_a_resident_sees_no_tables(unit: Unit, condominium: Condominium) -> None:
    dora = member("dora", condominium, Role.RESIDENT)
    assert {permission for permission in Permission if allows(dora, permission)} == set()


@pytest.mark.parametrize("nobody", [None, AnonymousUser(), object(), "alice"])
def test_who_is_nobody_sees_nothing(unit: Unit, nobody: object) -> None:
    assert list(Unit.objects.restrict(nobody, "view")) == []


def test_who_was_made_inactive_sees_nothing(unit: Unit, alice: User) -> None:
    alice.is_active = False
    assert list(Unit.objects.restrict(alice, "view")) == []


def test_an_action_nobody_defined_is_nobodys(unit: Unit, alice: User) -> None:
    root = User.objects.create_superuser("root")
    assert list(Unit.objects.restrict(alice, "borrow")) == []
    assert list(Unit.objects.restrict(root, "borrow")) == []


def test_a_superuser_sees_every_condominium(unit: Unit, elsewhere: Condominium) -> None:
    root = User.objects.create_superuser("root")
    assert set(condominium_ids(root, Permission.VIEW_REGISTRY)) == {unit.condominium_id, elsewhere.pk}


def test_a_client_sees_what_its_scopes_say_in_its_one_condominium(unit: Unit, elsewhere: Condominium) -> None:
    ours, _token = create_client(unit.condominium, "Toll lane", [Permission.VIEW_REGISTRY])
    theirs, _token = create_client(elsewhere, "Parking", list(Permission))
    assert list(Unit.objects.restrict(ours, "view")) == [unit]
    assert list(Unit.objects.restrict(ours, "change")) == []
    assert list(Unit.objects.restrict(theirs, "view")) == []


def test_scopes_cannot_hold_more_than_the_words_there_are(condominium: Condominium) -> None:
    odd = ["everything", "*", "registry.borrow"]
    with pytest.raises(ValueError, match="everything"):
        create_client(condominium, "Odd", odd)
    client = ApiClient.objects.create(condominium=condominium, name="Odd", scopes=odd)
    assert {scope for scope in client.scopes if allows(client, scope)} == set()


def test_every_model_of_ours_belongs_to_a_condominium_and_names_its_area() -> None:
    areas = {permission.partition(".")[0] for permission in Permission.values}
    tenants = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    others = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in OURS and not model._meta.auto_created and model not in tenants
    }
    assert {model.area for model in tenants} <= areas
    # Each of these belongs to a row that belongs to one: a request's work, a list's keys, a relay's turns.
    parts = {"access.RequestWork", "gates.CarriedKey", "gates.GateTurn"}
    whole = {"premises.Condominium", "premises.User", "premises.JournalHead", "access.RegistryVersion"}
    assert others == whole | parts


def test_nobody_but_managers_changes_devices_or_accounts() -> None:
    powerful = {Permission.CHANGE_DEVICES, Permission.CHANGE_ACCOUNTS, Permission.CHANGE_REGISTRY}
    assert [role for role, granted in ROLE_PERMISSIONS.items() if granted & powerful] == [Role.MANAGER]
