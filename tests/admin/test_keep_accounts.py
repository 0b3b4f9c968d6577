"""A manager lets people into the own condominium, and can make nobody more than that."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from premises.clients import find_client
from premises.models import ApiClient, Condominium, JournalEntry, Membership, User
from premises.roles import Permission, Role
from tests.admin.conftest import SignedIn
from tests.admin.pages import address
from tests.conftest import member

GOOD = "correct horse battery staple"


@pytest.fixture
def manager(alice: User, signed_in: SignedIn) -> Client:
    return signed_in(alice)


def let_in(client: Client, account: str, **values: Any) -> Any:
    usual = {"account": account, "first_name": "", "last_name": "", "password": GOOD, "role": "guard", "person": ""}
    return client.post(address(Membership, "add"), usual | values)


def errors(answer: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in answer.context["adminform"].form.errors.items()}


def test_a_new_guard_gets_an_account(manager: Client, condominium: Condominium) -> None:
    let_in(manager, "novo@example.org", first_name="José")
    user = User.objects.get(username="novo@example.org")
    assert user.check_password(GOOD)
    assert (user.email, user.first_name, user.is_staff, user.is_superuser) == (user.username, "José", False, False)
    assert list(user.memberships.values_list("condominium", "role")) == [(condominium.pk, Role.GUARD)]


def test_flags_in_the_post_are_ignored(manager: Client) -> None:
    let_in(manager, "novo@example.org", is_superuser="on", is_staff="on", user="1")
    user = User.objects.get(username="novo@example.org")
    assert (user.is_staff, user.is_superuser) == (False, False)


@pytest.mark.parametrize("password", ["", "short", "12345678", "novo@example.org"])
def test_a_new_account_needs_a_good_password(manager: Client, password: str) -> None:
    assert list(errors(let_in(manager, "novo@example.org", password=password))) == ["password"]
    assert not User.objects.filter(username="novo@example.org").exists()


def test_who_has_an_account_here_keeps_the_password(manager: Client, bob: User, condominium: Condominium) -> None:
    assert list(errors(let_in(manager, "bob@example.org", role=Role.AUDITOR))) == ["password"]
    before = bob.password
    let_in(manager, "BOB@example.org", role=Role.AUDITOR, password="")
    bob.refresh_from_db()
    assert bob.password == before
    assert bob.memberships.filter(condominium=condominium, role=Role.AUDITOR).count() == 1


def test_an_account_that_others_keep_is_not_let_in(manager: Client, charlie: User, condominium: Condominium) -> None:
    """Whoever made it may know its password, and would come in with it."""
    assert list(errors(let_in(manager, "charlie@example.org", password=""))) == ["account"]
    assert not charlie.memberships.filter(condominium=condominium).exists()


def test_an_account_without_any_membership_is_not_let_in_by_a_manager(manager: Client, charlie: User) -> None:
    charlie.memberships.all().delete()
    assert list(errors(let_in(manager, "charlie", password=""))) == ["account"]


def test_the_owner_may_let_in_any_account(signed_in: SignedIn, charlie: User, condominium: Condominium) -> None:
    owner = signed_in(User.objects.create_superuser("root"))
    let_in(owner, "charlie", password="", condominium=str(condominium.pk))
    assert charlie.memberships.filter(condominium=condominium).count() == 1


def test_the_same_role_is_given_once(manager: Client, bob: User) -> None:
    assert errors(let_in(manager, "bob", password="")) != {}
    assert bob.memberships.count() == 1


def test_a_user_of_another_condominium_is_not_seen(manager: Client, charlie: User) -> None:
    assert "charlie" not in manager.get(address(Membership, "changelist")).content.decode()
    assert manager.get(address(User, "changelist")).status_code == 403
    asked = {"app_label": "premises", "model_name": "membership", "field_name": "user", "term": "c"}
    assert manager.get(reverse("admin:autocomplete"), asked).status_code == 403


def test_nobody_changes_or_ends_the_own_membership(manager: Client, alice: User) -> None:
    own = alice.memberships.get()
    assert manager.post(address(Membership, "change", own.pk), {"role": "guard"}).status_code == 403
    assert manager.post(address(Membership, "delete", own.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [str(own.pk)], "post": "yes"}
    manager.post(address(Membership, "changelist"), chosen)
    assert alice.memberships.count() == 1


def test_a_membership_stays_with_its_user(manager: Client, bob: User, charlie: User) -> None:
    own = bob.memberships.get()
    manager.post(address(Membership, "change", own.pk), {"role": "auditor", "person": "", "user": charlie.pk})
    own.refresh_from_db()
    assert (own.user, own.role) == (bob, Role.AUDITOR)


def new_password(client: Client, user: User, condominium: Condominium) -> int:
    membership = user.memberships.get(condominium=condominium)
    url = reverse("admin:premises_membership_new_password", args=[membership.pk])
    client.post(url, {"new_password1": GOOD, "new_password2": GOOD})
    user.refresh_from_db()
    return int(user.check_password(GOOD))


def test_a_manager_gives_a_guard_a_new_password(manager: Client, bob: User, condominium: Condominium) -> None:
    assert new_password(manager, bob, condominium)
    assert JournalEntry.objects.filter(action="membership.password_set", actor="alice").count() == 1


def test_the_account_of_somebody_with_more_rights_is_not_taken_over(
    manager: Client, charlie: User, condominium: Condominium, owner: User
) -> None:
    for user in (charlie, owner):
        Membership.objects.create(user=user, condominium=condominium, role=Role.RESIDENT)
        assert not new_password(manager, user, condominium)


@pytest.mark.parametrize("role", [Role.GUARD, Role.AUDITOR])
def test_only_managers_let_people_in(condominium: Condominium, signed_in: SignedIn, role: Role) -> None:
    client = signed_in(member("other", condominium, role))
    assert let_in(client, "novo@example.org").status_code == 403
    assert not User.objects.filter(username="novo@example.org").exists()


# --- API clients ----------------------------------------------------------------------------------------


def test_a_token_is_shown_once(manager: Client, condominium: Condominium) -> None:
    data = {"name": "Totem", "is_active": "on", "scopes": [Permission.VIEW_PASSAGES, Permission.OPEN_GATES]}
    answer = manager.post(address(ApiClient, "add"), data)
    [(_label, token)] = answer.context["values"]
    client = find_client(token)
    assert client is not None
    assert (client.condominium, client.scopes) == (condominium, ["passages.view", "gates.open"])
    assert "no-store" in answer.headers["Cache-Control"]
    assert token not in manager.get(address(ApiClient, "change", client.pk)).content.decode()


def test_a_scope_that_nobody_defined_is_refused(manager: Client) -> None:
    answer = manager.post(address(ApiClient, "add"), {"name": "Totem", "scopes": ["everything"]})
    assert list(errors(answer)) == ["scopes"]


def test_a_new_token_ends_the_old_one(manager: Client, condominium: Condominium) -> None:
    data = {"name": "Totem", "is_active": "on", "scopes": [Permission.VIEW_PASSAGES]}
    old = manager.post(address(ApiClient, "add"), data).context["values"][0][1]
    url = reverse("admin:premises_apiclient_renew", args=[ApiClient.objects.get().pk])
    assert manager.get(url).status_code == 200
    assert find_client(old) is not None
    new = manager.post(url).context["values"][0][1]
    assert (find_client(old), find_client(new)) == (None, ApiClient.objects.get())


# --- what is only the owner's ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    ["premises_user", "django_celery_beat_periodictask", "django_celery_beat_intervalschedule", "axes_accessattempt"],
)
def test_only_the_owner_comes_to_the_system(manager: Client, owner: User, signed_in: SignedIn, page: str) -> None:
    url = reverse(f"admin:{page}_changelist")
    assert (manager.get(url).status_code, signed_in(owner).get(url).status_code) == (403, 200)


def test_the_side_bar_shows_what_the_role_permits(
    alice: User, bob: User, owner: User, condominium: Condominium, signed_in: SignedIn
) -> None:
    def groups(user: User) -> list[str]:
        context = signed_in(user).get(reverse("admin:index")).context
        return [str(group["title"]) for group in context["sidebar_navigation"]]

    assert groups(alice) == ["Today", "Registry", "Devices", "Data protection", "Accounts"]
    assert groups(bob) == ["Today", "Registry", "Devices"]
    assert groups(owner) == ["Today", "Registry", "Devices", "Data protection", "Accounts", "System"]


def test_the_owner_finds_the_way_in_an_empty_installation(owner: User, signed_in: SignedIn) -> None:
    client = signed_in(owner)
    assert client.get(reverse("admin:index")).status_code == 200
    data = {"name": "First", "slug": "first", "city": "", "time_zone": "America/Sao_Paulo"}
    client.post(address(Condominium, "add"), data)
    assert Condominium.objects.get().slug == "first"


def test_a_membership_given_by_the_owner_is_written_down(
    bob: User, owner: User, elsewhere: Condominium, signed_in: SignedIn
) -> None:
    page = signed_in(owner).get(address(User, "change", bob.pk))
    [formset] = page.context["inline_admin_formsets"]
    data = {"username": "bob", "is_active": "on", "email": "", "first_name": "", "last_name": ""}
    data |= {f"{formset.formset.prefix}-{name}": "1" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    own = bob.memberships.get()
    row = {"id": own.pk, "user": bob.pk, "condominium": own.condominium_id, "role": "auditor"}
    data |= {f"memberships-0-{name}": str(value) for name, value in row.items()}
    signed_in(owner).post(address(User, "change", bob.pk), data)
    entry = JournalEntry.objects.get(action="membership.changed")
    assert (entry.condominium_id, entry.actor) == (own.condominium_id, "owner")


# --- the journal ----------------------------------------------------------------------------------------


def test_the_journal_cannot_be_written_by_hand(
    manager: Client, owner: User, signed_in: SignedIn, furnished: Condominium
) -> None:
    entry = JournalEntry.objects.filter(condominium=furnished).first()
    assert entry is not None
    for client in (manager, signed_in(owner)):
        assert client.get(address(JournalEntry, "add")).status_code == 403
        assert client.post(address(JournalEntry, "change", entry.pk), {"actor": "me"}).status_code == 403
        assert client.post(address(JournalEntry, "delete", entry.pk), {"post": "yes"}).status_code == 403


def test_changes_are_written_down_with_their_fields(manager: Client, condominium: Condominium) -> None:
    data = {"name": "Renamed", "city": "", "time_zone": "America/Sao_Paulo"}
    manager.post(address(Condominium, "change", condominium.pk), data)
    entry = JournalEntry.objects.get(action="condominium.changed")
    assert (entry.actor, entry.subject, entry.data) == ("alice", "Renamed", {"fields": ["name"]})
