"""Charlie sees nothing of Alice's condominium on any page of the admin, and can change nothing there.

Each question is asked by Alice too: what Charlie is refused was there to be seen.
"""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from access.models import Detection, Lane, OpeningPhoto, Passage, Permit, Vehicle
from cameras.models import Camera, Recorder
from gates.models import Gate, GateCommand
from premises.models import ApiClient, Condominium, JournalEntry, Membership, Person, Unit, User
from premises.roles import Role
from tests.admin.conftest import SignedIn
from tests.admin.pages import OF_ALICE, address, buttons, label, permit_form, row_of, tenant_models

MODELS = tenant_models()
by_model = pytest.mark.parametrize("model", MODELS, ids=label)


def leaks(client: Client, url: str, **data: Any) -> list[str]:
    """What of Alice's rows a page tells."""
    response = client.get(url, data, follow=True)
    return sorted(set(OF_ALICE.findall(response.content.decode())))


def test_every_model_of_ours_has_a_page() -> None:
    ours = {"premises", "cameras", "gates", "access"}
    unregistered = [
        model._meta.label_lower
        for model in apps.get_models()
        if model._meta.app_label in ours and model not in admin.site._registry
    ]
    # Hours are kept on their permit's page, work on its request's, rehearsals on their lane's, a board's keys on
    # its list's, a gate's orders on its gate's; what is counted beforehand is on the first page. Dry runs and
    # turns of a relay are nobody's reading.
    assert sorted(unregistered) == [
        "access.holding",
        "access.laneday",
        "access.permitwindow",
        "access.registryversion",
        "access.rehearsal",
        "access.requestwork",
        "gates.carriedkey",
        "gates.dryrun",
        "gates.gateturn",
        "gates.standingorder",
        "premises.journalhead",
    ]


@by_model
def test_charlie_finds_nothing_in_a_list(
    furnished: Condominium, alice: User, charlie: User, signed_in: SignedIn, model: type[Model]
) -> None:
    url = address(model, "changelist")
    assert leaks(signed_in(alice), url) != []
    assert leaks(signed_in(charlie), url) == []
    assert leaks(signed_in(charlie), url, q="Q") == []


@by_model
def test_charlie_cannot_filter_by_alices_rows(
    furnished: Condominium, alice: User, charlie: User, signed_in: SignedIn, model: type[Model]
) -> None:
    """Neither as a choice of a filter nor by an address with Alice's numbers in it."""
    client, row = signed_in(charlie), row_of(model, furnished)
    for field in model._meta.concrete_fields:
        if field.is_relation:
            asked = {f"{field.name}__id__exact": getattr(row, field.attname) or 1}
            assert leaks(client, address(model, "changelist"), **asked) == []


@by_model
@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_charlie_cannot_come_to_the_page_of_a_row(
    furnished: Condominium, alice: User, charlie: User, signed_in: SignedIn, model: type[Model], page: str
) -> None:
    url = address(model, page, row_of(model, furnished).pk)
    assert signed_in(alice).get(url).status_code in (200, 403)
    answer = signed_in(charlie).get(url)
    assert (answer.status_code, answer.headers.get("Location", "/admin/")) in ((302, "/admin/"), (403, "/admin/"))
    assert leaks(signed_in(charlie), url) == []


@by_model
def test_charlie_sees_no_row_in_the_choices_of_a_form(
    furnished: Condominium, alice: User, charlie: User, elsewhere: Condominium, signed_in: SignedIn, model: type[Model]
) -> None:
    client = signed_in(charlie)
    assert leaks(client, address(model, "add")) == []
    assert leaks(client, address(model, "change", row_of(model, elsewhere).pk)) == []


@pytest.mark.parametrize(
    ("model", "button"), [(model, button) for model in MODELS for button in buttons(model)], ids=str
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_charlie_cannot_press_a_button_of_a_row(
    furnished: Condominium,
    alice: User,
    charlie: User,
    signed_in: SignedIn,
    model: type[Model],
    button: str,
    method: str,
) -> None:
    url = f"{address(model, 'changelist')}{row_of(model, furnished).pk}/{button}/"
    assert signed_in(alice).get(url).status_code in (200, 302)
    answer = getattr(signed_in(charlie), method)(url, {"why": "visitor", "typed": "ABC1D23", "sure": "yes"})
    assert answer.status_code == 404
    assert GateCommand.objects.filter(reason__startswith="Visitor").count() == 0


@pytest.mark.parametrize(
    ("model", "field"),
    [(Vehicle, "owner"), (Vehicle, "unit"), (Person, "unit"), (Permit, "vehicle"), (Membership, "person")],
)
def test_charlie_gets_no_suggestion(
    furnished: Condominium, alice: User, charlie: User, signed_in: SignedIn, model: type[Model], field: str
) -> None:
    asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field}
    url = reverse("admin:autocomplete")
    assert leaks(signed_in(alice), url, term="", **asked) != []
    assert leaks(signed_in(charlie), url, term="", **asked) == []


@by_model
def test_charlie_cannot_delete_by_a_list_of_numbers(
    furnished: Condominium, alice: User, charlie: User, signed_in: SignedIn, model: type[Model]
) -> None:
    row = row_of(model, furnished)
    data = {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"}
    signed_in(charlie).post(address(model, "changelist"), data)
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("part", ["frame", "crop", "thumb", "screen"])
def test_charlie_gets_no_picture(
    furnished: Condominium, alice: User, charlie: User, signed_in: SignedIn, part: str
) -> None:
    url = reverse("evidence", args=[row_of(Detection, furnished).pk, part])
    assert signed_in(alice).get(url).headers["Content-Type"] == "image/jpeg"
    assert signed_in(charlie).get(url).status_code == 404
    assert Client().get(url).status_code in (401, 403)


def test_charlie_gets_no_photo_of_an_opening(
    furnished: Condominium, alice: User, charlie: User, signed_in: SignedIn
) -> None:
    url = reverse("opening_photo", args=[row_of(OpeningPhoto, furnished).command_id])
    assert signed_in(alice).get(url).status_code == 200
    assert signed_in(charlie).get(url).status_code == 404


def test_the_first_page_shows_charlie_nothing_of_alices(
    furnished: Condominium, alice: User, charlie: User, signed_in: SignedIn
) -> None:
    assert leaks(signed_in(alice), reverse("admin:index")) != []
    assert leaks(signed_in(charlie), reverse("admin:index")) == []


# --- tampering ------------------------------------------------------------------------------------------


def test_a_vehicle_cannot_be_given_to_an_owner_elsewhere(
    furnished: Condominium, charlie: User, elsewhere: Condominium, signed_in: SignedIn
) -> None:
    data = {"plate": "ABC1D23", "owner": row_of(Person, furnished).pk, "permit": "on"}
    answer = signed_in(charlie).post(address(Vehicle, "add"), data)
    assert "owner" in answer.context["adminform"].form.errors
    assert not Vehicle.objects.filter(plate="ABC1D23").exists()


def test_a_permit_cannot_be_given_for_a_lane_elsewhere(
    furnished: Condominium, charlie: User, elsewhere: Condominium, signed_in: SignedIn
) -> None:
    data = permit_form(row_of(Vehicle, elsewhere), lanes=[row_of(Lane, furnished).pk])
    answer = signed_in(charlie).post(address(Permit, "add"), data)
    assert list(answer.context["adminform"].form.errors) == ["lanes"]


def test_a_camera_cannot_be_put_on_a_recorder_elsewhere(
    furnished: Condominium, charlie: User, signed_in: SignedIn
) -> None:
    data = {"name": "mine", "source": "recorder", "recorder": row_of(Recorder, furnished).pk, "channel": "3"}
    answer = signed_in(charlie).post(address(Camera, "add"), data)
    assert "recorder" in answer.context["adminform"].form.errors


def test_a_condominium_in_the_post_is_ignored_where_there_is_only_one(
    furnished: Condominium, charlie: User, elsewhere: Condominium, signed_in: SignedIn
) -> None:
    signed_in(charlie).post(address(Unit, "add"), _unit(condominium=furnished.pk, number="77"))
    assert Unit.objects.get(number="77").condominium == elsewhere


def test_who_keeps_two_condominiums_cannot_mix_their_rows(
    furnished: Condominium, charlie: User, elsewhere: Condominium, signed_in: SignedIn
) -> None:
    Membership.objects.create(user=charlie, condominium=furnished, role=Role.MANAGER)
    client = signed_in(charlie)
    data = {"condominium": elsewhere.pk, "plate": "ABC1D23", "owner": row_of(Person, furnished).pk}
    answer = client.post(address(Vehicle, "add"), data)
    assert list(answer.context["adminform"].form.errors) == ["owner"]
    client.post(address(Unit, "add"), _unit(condominium=furnished.pk, number="78"))
    assert Unit.objects.get(number="78").condominium == furnished


def test_a_manager_who_only_guards_elsewhere_cannot_add_there(
    furnished: Condominium, charlie: User, elsewhere: Condominium, signed_in: SignedIn
) -> None:
    Membership.objects.create(user=charlie, condominium=furnished, role=Role.GUARD)
    answer = signed_in(charlie).post(address(Unit, "add"), _unit(condominium=furnished.pk, number="79"))
    assert list(answer.context["adminform"].form.errors) == ["condominium"]
    row = row_of(Unit, furnished)
    assert signed_in(charlie).post(address(Unit, "change", row.pk), {"number": "80"}).status_code == 403


def test_a_row_never_moves_to_another_condominium(
    furnished: Condominium, charlie: User, elsewhere: Condominium, signed_in: SignedIn
) -> None:
    Membership.objects.create(user=charlie, condominium=furnished, role=Role.MANAGER)
    row = row_of(Unit, elsewhere)
    data = _unit(condominium=furnished.pk, number="81")
    signed_in(charlie).post(address(Unit, "change", row.pk), data)
    row.refresh_from_db()
    assert (row.condominium, row.number) == (elsewhere, "81")


def _unit(**data: Any) -> dict[str, Any]:
    forms = {"people-TOTAL_FORMS": "0", "people-INITIAL_FORMS": "0"}
    return {"block": "", "note": "", **forms, **data}


def test_secrets_cannot_be_felt_out_by_filters(furnished: Condominium, alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    for model, lookup in ((Recorder, "password__startswith"), (ApiClient, "token_digest__startswith")):
        assert client.get(address(model, "changelist"), {lookup: "a"}).status_code in (302, 400)
    for lookup in ("user__password__startswith", "user__is_superuser__exact"):
        assert client.get(address(Membership, "changelist"), {lookup: "1"}).status_code in (302, 400)


def test_looking_at_alices_gate_is_not_written_into_charlies_journal(
    furnished: Condominium, alice: User, elsewhere: Condominium, signed_in: SignedIn
) -> None:
    before = JournalEntry.objects.filter(condominium=elsewhere).count()
    signed_in(alice).get(address(Passage, "change", row_of(Passage, furnished).pk))
    signed_in(alice).get(address(Gate, "changelist"))
    assert JournalEntry.objects.filter(condominium=elsewhere).count() == before
