"""The set-up, step by step: what each writes, what each refuses, and who may enter."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import PeriodicTask

from access.models import Lane
from cameras.advice import ADVICE
from cameras.models import Camera, Recorder
from cameras.problems import Problem
from cameras.simulator import Simulator, running_simulator
from gates.models import Controller, Gate, GateCommand
from portal.setup.steps import TITLES, sitting_of
from premises.models import Condominium, JournalEntry, User
from tests.admin.conftest import SignedIn
from tests.admin.pages import row_of
from tests.waiting import wait_for

LANE_STEPS = ("camera", "region", "gate", "pulse", "vehicles", "finish")


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with running_simulator(channels=2) as running:
        yield running


@pytest.fixture
def manager(alice: User, signed_in: SignedIn) -> Client:
    return signed_in(alice)


def login_of(simulator: Simulator, **more: Any) -> dict[str, Any]:
    return {
        "name": "Recorder", "make": "intelbras", "host": simulator.host, "port": simulator.port,
        "username": simulator.user, "password": simulator.password, "verify_tls": "on",
    } | more  # fmt: skip


def post(client: Client, page: str, pk: int, **sent: Any) -> Any:
    return client.post(reverse(f"setup:{page}", args=[pk]), sent)


def with_camera(client: Client, condominium: Condominium, simulator: Simulator) -> Lane:
    post(client, "recorder", condominium.pk, **login_of(simulator))
    post(client, "new_camera", condominium.pk, name="Entrance", direction="in", channel=1)
    return Lane.objects.get(condominium=condominium)


def test_it_goes_on_where_the_database_says(manager: Client, condominium: Condominium, simulator: Simulator) -> None:
    resumed = reverse("setup:resume", args=[condominium.pk])
    assert manager.get(reverse("setup:begin"))["Location"] == resumed
    assert manager.get(resumed)["Location"] == reverse("setup:recorder", args=[condominium.pk])
    lane = with_camera(manager, condominium, simulator)
    assert manager.get(resumed)["Location"] == reverse("setup:region", args=[lane.pk])
    post(manager, "region", lane.pk, left=10, top=20, width=50, height=60, next=1)
    assert manager.get(resumed)["Location"] == reverse("setup:gate", args=[lane.pk])
    lane.refresh_from_db()
    assert (lane.region, lane.is_active) == ([0.1, 0.2, 0.5, 0.6], False)
    assert sitting_of(condominium).done() == {"condominium", "recorder", "camera", "region"}


def test_every_step_is_written_down_with_a_name(
    manager: Client, condominium: Condominium, simulator: Simulator
) -> None:
    lane = with_camera(manager, condominium, simulator)
    post(
        manager, "gate", lane.pk, name="Gate", relay=1, pulse_ms=500, board="new", board_name="Board", device="board-9"
    )
    post(manager, "finish", lane.pk)
    entries = JournalEntry.objects.filter(condominium=condominium).order_by("sequence").values_list("actor", "action")
    done = ["recorder.added", "camera.added", "lane.added", "controller.registered", "gate.added", "lane.changed"]
    assert [action for _actor, action in entries] == [*done, "lane.changed"]
    assert {actor for actor, _action in entries} == {"alice"}
    lane.refresh_from_db()
    assert (lane.is_active, str(lane.gate)) == (True, "Gate")
    assert PeriodicTask.objects.filter(name=f"lane {lane.pk}").exists()


def test_a_refused_login_is_told_in_words_with_what_to_do(
    manager: Client, condominium: Condominium, simulator: Simulator
) -> None:
    answer = post(manager, "recorder", condominium.pk, **login_of(simulator, password="another"))
    assert "refuses user or password" in answer.context["trouble"].problem
    assert answer.context["trouble"].advice == str(ADVICE[Problem.WRONG_PASSWORD])
    assert simulator.logins["bad"] == 1
    answer = post(manager, "recorder", condominium.pk, **login_of(simulator))
    assert (answer.context["picture"].width, Recorder.objects.get().stopped_at) == (1280, None)


def test_every_problem_has_its_advice() -> None:
    assert set(ADVICE) == set(Problem)


def test_a_password_is_never_shown_again(manager: Client, condominium: Condominium, simulator: Simulator) -> None:
    post(manager, "recorder", condominium.pk, **login_of(simulator))
    page = manager.get(reverse("setup:recorder", args=[condominium.pk])).content.decode()
    assert simulator.password not in page


def test_the_channels_of_the_recorder_are_offered(
    manager: Client, condominium: Condominium, simulator: Simulator
) -> None:
    post(manager, "recorder", condominium.pk, **login_of(simulator))
    answer = post(manager, "new_camera", condominium.pk, find=1, name="Way in")
    assert (answer.context["found"], answer.context["form"]["name"].value()) == (2, "Way in")
    assert Lane.objects.count() == 0


def test_a_channel_has_one_lane(manager: Client, condominium: Condominium, simulator: Simulator) -> None:
    with_camera(manager, condominium, simulator)
    answer = post(manager, "new_camera", condominium.pk, name="Twice", direction="out", channel=1)
    assert answer.context["form"].errors
    assert (Camera.objects.count(), Lane.objects.count()) == (1, 1)


def test_a_camera_that_is_there_already_is_taken(
    manager: Client, condominium: Condominium, simulator: Simulator
) -> None:
    post(manager, "recorder", condominium.pk, **login_of(simulator))
    camera = Camera.objects.create(condominium=condominium, name="Old", recorder=Recorder.objects.get(), channel=2)
    post(manager, "new_camera", condominium.pk, name="Exit", direction="out", channel=2)
    assert Lane.objects.get().camera == camera


def test_a_step_can_be_gone_back_to(manager: Client, condominium: Condominium, simulator: Simulator) -> None:
    lane = with_camera(manager, condominium, simulator)
    post(manager, "camera", lane.pk, name="Exit", direction="out", channel=2)
    lane.refresh_from_db()
    assert (lane.name, lane.direction, lane.camera.channel, Lane.objects.count()) == ("Exit", "out", 2, 1)


@pytest.mark.parametrize(
    "sides", [{"left": 60, "width": 60}, {"width": 5}, {"height": ""}, {"top": "everywhere"}, {"left": "nan"}]
)
def test_what_is_no_region_is_complained_of(manager: Client, furnished: Condominium, sides: dict[str, Any]) -> None:
    lane = row_of(Lane, furnished)
    sent = {"left": 10, "top": 10, "width": 50, "height": 50, "next": 1} | sides
    answer = post(manager, "region", lane.pk, **sent)
    assert (answer.status_code, bool(answer.context["form"].errors)) == (200, True)
    lane.refresh_from_db()
    assert lane.region == []


def test_what_is_read_outside_the_region_is_said_to_be_left_out(
    manager: Client, condominium: Condominium, simulator: Simulator
) -> None:
    lane = with_camera(manager, condominium, simulator)
    simulator.arrive("BRA2E19", stays=60)
    sides = {"left": 0, "top": 0, "height": 100, "read": 1}

    def tried(width: int) -> Any:
        """The answer once a picture came: on a busy machine the recorder may be late."""

        def read() -> Any:
            answer = post(manager, "region", lane.pk, **sides, width=width)
            return answer if answer.context.get("was_read") else None

        return wait_for(read, 60, 1.0)

    assert len(tried(100).context["reads"]) == 1
    answer = tried(15)
    assert (answer.context["reads"], len(answer.context["left_out"])) == ([], 1)
    assert GateCommand.objects.count() == 0


def test_a_test_pulse_takes_the_road_of_every_opening(manager: Client, furnished: Condominium) -> None:
    lane = row_of(Lane, furnished)
    assert post(manager, "pulse", lane.pk).status_code == 302
    command = GateCommand.objects.filter(gate=lane.gate).latest("requested_at")
    assert (command.requested_by_name, command.reason, command.state) == ("alice", "Test pulse of the set-up", "failed")
    shown = manager.get(reverse("setup:pulse", args=[lane.pk])).context
    assert (shown["moved"], shown["online"], shown["why"]) == (False, False, "The controller is not heard.")


def test_a_new_boards_secrets_are_shown_once(manager: Client, furnished: Condominium) -> None:
    lane = row_of(Lane, furnished)
    answer = post(
        manager, "gate", lane.pk, name="Gate", relay=2, pulse_ms=500, board="new", board_name="New", device="board-9"
    )
    key = Controller.objects.get(device="board-9").key
    assert key in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert key not in manager.get(reverse("setup:gate", args=[lane.pk])).content.decode()


def test_a_relay_of_another_gate_is_refused(manager: Client, furnished: Condominium) -> None:
    one, other = Lane.objects.filter(condominium=furnished).order_by("pk")
    assert one.gate is not None
    answer = post(manager, "gate", other.pk, name="Gate", relay=1, pulse_ms=500, board=one.gate.controller_id)
    assert answer.context["form"].errors


def test_a_lane_without_a_gate_only_records(manager: Client, furnished: Condominium) -> None:
    lane = row_of(Lane, furnished)
    post(manager, "gate", lane.pk, without=1)
    lane.refresh_from_db()
    assert (lane.gate, Gate.objects.filter(condominium=furnished).count()) == (None, 2)


def test_only_who_keeps_the_installation_adds_a_condominium(manager: Client, owner: User, signed_in: SignedIn) -> None:
    sent = {"name": "Jardim das Acácias", "time_zone": "America/Sao_Paulo"}
    assert manager.post(reverse("setup:new"), sent).status_code == 403
    assert signed_in(owner).post(reverse("setup:new"), sent).status_code == 302
    assert sorted(Condominium.objects.values_list("slug", flat=True)) == ["acacias", "jardim-das-acacias"]


def test_nobody_else_enters(
    furnished: Condominium, bob: User, charlie: User, client: Client, signed_in: SignedIn
) -> None:
    lane = row_of(Lane, furnished)
    for who, expected in ((signed_in(bob), 404), (signed_in(charlie), 404), (client, 302)):
        for step in LANE_STEPS:
            address = reverse(f"setup:{step}", args=[lane.pk])
            assert (step, who.get(address).status_code) == (step, expected)
            assert (step, who.post(address, {"without": 1}).status_code) == (step, expected)
        for step in ("resume", "condominium", "recorder", "new_camera"):
            assert who.get(reverse(f"setup:{step}", args=[furnished.pk])).status_code == expected
    lane.refresh_from_db()
    assert lane.gate is not None


def test_every_step_has_a_page(manager: Client, furnished: Condominium) -> None:
    cache.clear()
    lane = row_of(Lane, furnished)
    for step in ("condominium", "recorder"):
        assert manager.get(reverse(f"setup:{step}", args=[furnished.pk])).status_code == 200
    for step in LANE_STEPS:
        assert (step, manager.get(reverse(f"setup:{step}", args=[lane.pk])).status_code) == (step, 200)
    assert len(TITLES) == 8
