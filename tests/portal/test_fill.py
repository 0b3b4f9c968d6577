"""`manage.py fill` invents an installation whose rows are as the site's own code would have written them."""

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from access import rolls
from access.models import Decision, Detection, Passage, Vehicle, WatchlistEntry
from access.reasons import Outcome, Reason
from gates.models import GateCommand
from gates.states import MOVED
from portal.filling import FillError, Size, fill
from portal.filling.filling import SQLITE_MOST
from premises import journal
from premises.models import Condominium, JournalEntry, User
from recognition import canonical, is_possible

PASSAGES, VEHICLES, CONDOMINIUMS = 3000, 300, 4
REASONS = {
    Reason.PERMITTED,
    Reason.UNKNOWN_PLATE,
    Reason.UNSURE,
    Reason.AMBIGUOUS,
    Reason.WATCHLISTED,
    Reason.IMPOSSIBLE,
    Reason.EXPIRED,
    Reason.NO_PERMIT,
}


@pytest.fixture
def filled(db: None) -> None:
    fill(Size(PASSAGES, VEHICLES, CONDOMINIUMS), timezone.now(), lambda _: None)


def passages() -> list[Passage]:
    return list(Passage.objects.select_related("decision__detection", "lane__gate", "vehicle__unit", "vehicle__owner"))


@pytest.mark.usefixtures("filled")
def test_there_is_what_was_asked_for() -> None:
    counted = [model.objects.count() for model in (Passage, Detection, Decision, Vehicle, Condominium)]
    assert counted == [PASSAGES, PASSAGES, PASSAGES, VEHICLES, CONDOMINIUMS]


@pytest.mark.usefixtures("filled")
def test_one_condominium_is_much_the_largest() -> None:
    sizes = Counter(Passage.objects.values_list("condominium__slug", flat=True))
    assert sizes["fill-1"] == max(sizes.values())
    assert len(sizes) == CONDOMINIUMS


@pytest.mark.usefixtures("filled")
def test_plates_are_spelt_as_the_models_spell_them() -> None:
    for row in [*Vehicle.objects.all(), *WatchlistEntry.objects.all()]:
        written = [getattr(row, name) for name in row.spelt_fields]
        row.spell()
        assert [getattr(row, name) for name in row.spelt_fields] == written
        assert is_possible(row.plate)


@pytest.mark.usefixtures("filled")
def test_a_passage_is_found_by_the_plate_that_was_meant() -> None:
    for passage in passages():
        facts = passage.decision.facts
        meant = facts["plate"] if "read" in facts else passage.shown_plate
        assert passage.plate_key == canonical(meant)
        passage.full_clean()


@pytest.mark.usefixtures("filled")
def test_a_decision_says_of_its_passage_what_deciding_would_have_written() -> None:
    for passage in passages():
        decision, vehicle = passage.decision, passage.vehicle
        assert (decision.outcome, decision.reason, decision.at) == (passage.outcome, passage.reason, passage.decided_at)
        assert decision.detection is not None
        assert decision.detection.passage_id == passage.pk
        assert decision.detection.text == passage.plate
        assert "?" not in decision.sentence
        assert vehicle is None or (passage.unit_name, passage.owner_name) == (vehicle.unit_name, vehicle.owner_name)
        assert (decision.permit_id is not None) == (decision.outcome == Outcome.OPEN)
        assert (decision.facts["lane"], decision.facts["gate"]) == (passage.lane.name, passage.lane.gate.name)  # type: ignore[union-attr]


@pytest.mark.usefixtures("filled")
def test_every_kind_of_passage_comes() -> None:
    assert set(Passage.objects.values_list("reason", flat=True)) == REASONS
    assert Passage.objects.exclude(corrected_plate="").filter(outcome=Outcome.ASK, vehicle__isnull=False).exists()


@pytest.mark.usefixtures("filled")
def test_a_command_belongs_to_each_opening_and_most_moved_the_gate() -> None:
    commands = {command.pk: command for command in GateCommand.objects.all()}
    opened = Decision.objects.filter(outcome=Outcome.OPEN)
    assert {decision.command_id for decision in opened} == set(commands)
    assert all(commands[decision.command_id].passage_id == decision.passage_id for decision in opened)  # type: ignore[index]
    assert 0 < sum(command.state not in MOVED for command in commands.values()) < len(commands) / 10


@pytest.mark.usefixtures("filled")
def test_nothing_belongs_to_two_condominiums() -> None:
    for passage in passages():
        owners = {passage.condominium_id, passage.lane.condominium_id, passage.decision.condominium_id}
        assert owners == {passage.condominium_id}
        assert passage.vehicle is None or passage.vehicle.condominium_id == passage.condominium_id


@pytest.mark.usefixtures("filled")
def test_they_came_within_a_year_and_are_over() -> None:
    now = timezone.now()
    first, last = (Passage.objects.order_by(order).first() for order in ("opened_at", "-opened_at"))
    assert first is not None and last is not None
    assert now - timedelta(days=367) < first.opened_at < last.opened_at < now
    assert not Passage.objects.filter(ended_at=None).exists()


@pytest.mark.usefixtures("filled")
def test_the_journal_of_the_last_month_is_chained_and_goes_on() -> None:
    one = Condominium.objects.get(slug="fill-1")
    assert JournalEntry.objects.filter(condominium=one).exists()
    journal.record(one, "unit.added")
    assert [journal.verify(condominium) for condominium in Condominium.objects.all()] == [None] * CONDOMINIUMS


@pytest.mark.usefixtures("filled")
def test_rows_can_be_added_afterwards() -> None:
    passage = passages()[0]
    detection = Detection.objects.create(
        condominium=passage.condominium,
        passage=passage,
        camera=passage.lane.camera,
        taken_at=timezone.now(),
        frame_digest="0" * 64,
        text=passage.plate,
        score=0.9,
        engine="told",
        engine_version="1",
    )
    assert detection.pk > PASSAGES


@pytest.mark.usefixtures("filled")
def test_the_roll_knows_every_vehicle() -> None:
    one = Condominium.objects.get(slug="fill-2")
    keys = set(Vehicle.objects.filter(condominium=one).values_list("plate_key", flat=True))
    assert keys <= set(rolls.roll_of(one.pk, []).keys)


def test_the_same_seed_draws_the_same(db: None) -> None:
    fill(Size(50, 12, 2, seed=5), timezone.now(), lambda _: None)
    first = list(Vehicle.objects.order_by("pk").values_list("plate", flat=True))
    with pytest.raises(FillError, match="filled before"):
        fill(Size(50, 12, 2, seed=5), timezone.now(), lambda _: None)
    assert len(set(first)) == 12


@pytest.mark.parametrize(
    ("size", "why"),
    [
        (Size(0, 12, 2), "At least one"),
        (Size(50, 5, 2), "three vehicles"),
        (Size(SQLITE_MOST + 1, 12, 2), "need PostgreSQL"),
    ],
)
def test_what_cannot_be_is_refused(db: None, size: Size, why: str) -> None:
    if connection.vendor == "postgresql" and "PostgreSQL" in why:
        pytest.skip("this is PostgreSQL")
    with pytest.raises(FillError, match=why):
        fill(size, timezone.now(), lambda _: None)
    assert not Condominium.objects.exists()


def test_a_database_in_use_is_left_alone(condominium: Condominium) -> None:
    with pytest.raises(CommandError, match="--yes"):
        call_command("fill", passages=10, vehicles=12, condominiums=2)
    assert list(Condominium.objects.all()) == [condominium]


def test_the_command_says_how_far_it_is_and_makes_logins_only_when_asked(db: None) -> None:
    out, err = StringIO(), StringIO()
    call_command("fill", passages=50, vehicles=12, condominiums=2, stdout=out, stderr=err)
    assert not User.objects.exists()
    assert "passages" in err.getvalue() or "indexes" in err.getvalue()


def test_an_owner_can_be_made(condominium: Condominium) -> None:
    out = StringIO()
    call_command(
        "fill", passages=50, vehicles=12, condominiums=2, superuser="root", yes=True, stdout=out, stderr=StringIO()
    )
    name, _, password = out.getvalue().strip().partition(": ")
    assert User.objects.get(username=name, is_superuser=True).check_password(password)
