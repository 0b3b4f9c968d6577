"""Keys in the admin: given out, a code shown once, taken back; and what boards carry and did."""

from typing import Any

import pytest
from django.urls import reverse

from access.models import Key
from premises.models import Condominium, JournalEntry, User
from tests.admin.conftest import SignedIn

pytestmark = pytest.mark.django_db


def sent(**values: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("unit", "person", "vehicle", "valid_from_0", "valid_from_1", "note"), "")
    return {"kind": "tag", "number": "", "holder": "Maria", "valid_until_0": "", "valid_until_1": "", **empty, **values}


def give(client: Any, **values: Any) -> Any:
    return client.post(reverse("admin:access_key_add"), sent(**values))


def test_a_tag_is_given_out(condominium: Condominium, alice: User, signed_in: SignedIn) -> None:
    answer = give(signed_in(alice), number="188,24910")
    assert answer.status_code == 302, answer.content.decode()
    assert str(Key.objects.get()).endswith("…678 · Maria")
    assert JournalEntry.objects.filter(action="key.given").count() == 1


def test_a_drawn_code_is_shown_once(condominium: Condominium, alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    answer = give(client, kind="code")
    key = Key.objects.get()
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert key.digits in answer.content.decode()
    page = client.get(reverse("admin:access_key_change", args=[key.pk])).content.decode()
    assert key.digits not in page


@pytest.mark.parametrize(("kind", "number"), [("tag", ""), ("tag", "abc"), ("code", "1234"), ("code", "123456")])
def test_nonsense_is_refused_with_a_word(
    condominium: Condominium, alice: User, signed_in: SignedIn, kind: str, number: str
) -> None:
    answer = give(signed_in(alice), kind=kind, number=number)
    assert answer.status_code == 200
    assert "number" in answer.context["adminform"].form.errors
    assert Key.objects.count() == 0


def test_a_tag_that_is_there_already_is_refused_with_a_word(
    condominium: Condominium, alice: User, signed_in: SignedIn
) -> None:
    client = signed_in(alice)
    give(client, number="77")
    answer = give(client, number="77", holder="Another")
    assert answer.status_code == 200
    assert "number" in answer.context["adminform"].form.errors
    assert Key.objects.count() == 1


def test_it_is_taken_back(furnished: Condominium, alice: User, signed_in: SignedIn) -> None:
    key = Key.objects.filter(condominium=furnished).first()
    assert key is not None
    client = signed_in(alice)
    address = reverse("admin:access_key_take_back", args=[key.pk])
    assert client.get(address).status_code == 200
    assert Key.objects.get(pk=key.pk).is_active
    assert client.post(address, {"sure": "yes", "reason": "lost"}).status_code == 302
    assert Key.objects.get(pk=key.pk).ended_because == "lost"
    assert client.post(address, {"sure": "yes"}).status_code in (200, 403)


def test_the_guard_sees_them_and_takes_none_back(furnished: Condominium, bob: User, signed_in: SignedIn) -> None:
    key = Key.objects.filter(condominium=furnished).first()
    assert key is not None
    client = signed_in(bob)
    assert client.get(reverse("admin:access_key_changelist")).status_code == 200
    assert client.post(reverse("admin:access_key_take_back", args=[key.pk]), {"sure": "yes"}).status_code == 403
    assert client.get(reverse("admin:access_key_add")).status_code == 403


def test_charlie_reaches_none_of_them(furnished: Condominium, charlie: User, signed_in: SignedIn) -> None:
    key = Key.objects.filter(condominium=furnished).first()
    assert key is not None
    answer = signed_in(charlie).post(reverse("admin:access_key_take_back", args=[key.pk]), {"sure": "yes"})
    assert answer.status_code == 404
    assert Key.objects.get(pk=key.pk).is_active


@pytest.mark.parametrize("page", ["gates_keylist", "gates_keyuse"])
def test_what_boards_carry_and_did_is_shown(
    furnished: Condominium, alice: User, signed_in: SignedIn, page: str
) -> None:
    shown = signed_in(alice).get(reverse(f"admin:{page}_changelist")).content.decode()
    assert "Q0-" in shown
    assert "Z0-" not in shown
