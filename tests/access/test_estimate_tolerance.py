"""What a policy lets in and keeps waiting is estimated for this registry, this lane, and checked by brute force."""

import json
from collections.abc import Callable
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from access.codes import encoded
from access.estimating import ENOUGH_READS, estimate, opener, reads_of
from access.likeness import Pair, pairs_alike
from access.models import Detection, Lane, Passage
from access.policies import Policy
from access.reasons import Outcome
from access.strangers import Strangers
from access.tolerance import Reading, Trial
from access.vehicles import register_vehicle
from access.weighing import Roll
from premises.models import Condominium
from recognition import ALPHABET, canonical
from recognition.typical import KnownReads, typical_reads
from tests.access.test_weigh import seen

RNG = np.random.default_rng
PAULISTA = Strangers.near(["FYK1D23"] * 100)
WAYS = (
    (Policy.EXACT, None),
    (Policy.STRICT, None),
    (Policy.BALANCED, None),
    (Policy.AGREEING, 6),
    (Policy.AGREEING, 5),
)


@pytest.fixture(scope="module")
def roll() -> Roll:
    return Roll.of(map(canonical, PAULISTA.draw(RNG(1), 1000)))


def text_of(rows: np.ndarray) -> str:
    return "".join(ALPHABET[column] for column in rows.argmax(axis=1))


def test_typical_reads_are_of_plates_with_what_they_are() -> None:
    known = typical_reads()

    assert known.truths.shape == (len(known.probabilities), 7)
    assert len(known.truths) > 500
    assert np.allclose(known.probabilities.sum(axis=2), 1, atol=1e-4)
    right = (known.probabilities.argmax(axis=2) == known.truths).all(axis=1).mean()
    assert 0.7 < right < 1


def test_a_read_is_put_together_for_any_plate() -> None:
    codes = encoded(PAULISTA.draw(RNG(2), 500))

    rows = Reading(typical_reads()).of(codes, RNG(3))

    assert rows.shape == (500, 7, 36)
    right = (rows.argmax(axis=2) == codes).mean()
    known = typical_reads()
    assert right == pytest.approx((known.probabilities.argmax(axis=2) == known.truths).mean(), abs=0.03)


def test_a_character_that_no_known_read_has_is_read_like_others_of_its_kind() -> None:
    one = KnownReads(encoded(["ABC1D23"]), seen("ABC1D23")[None], 0)

    assert Reading(one).of(encoded(["XYZ9Z99"]), RNG(1)).shape == (1, 7, 36)


def test_no_read_is_no_way_of_reading() -> None:
    with pytest.raises(ValueError, match="seven characters"):
        Reading(KnownReads(np.zeros((0, 7), np.intp), np.zeros((0, 7, 36), np.float32), 0))


def test_the_estimate_is_what_brute_force_finds(roll: Roll) -> None:
    reading, opens = Reading(typical_reads()), opener(Policy.AGREEING, roll, 5)
    come = encoded([plate for plate in roll.strangers.draw(RNG(4), 4000) if canonical(plate) not in roll])

    found = Trial(roll, reading, RNG(5), 1500).estimates([opens])[0]
    counted = np.mean([opens(text_of(rows), rows) is not None for rows in reading.of(come, RNG(6))])

    assert found.strangers == pytest.approx(counted * 1e6, rel=0.25)
    assert 0 < found.error < found.strangers / 5


def test_bad_reads_are_drawn_more_often_and_count_less() -> None:
    codes, known = encoded(PAULISTA.draw(RNG(2), 3000)), typical_reads()

    rows, met = Reading(known).badly(codes, RNG(3))
    right = (rows.argmax(axis=2) == codes).all(axis=1)

    assert met.mean() == pytest.approx(1, abs=0.1)
    assert right.mean() < (known.probabilities.argmax(axis=2) == known.truths).all(axis=1).mean() - 0.1
    assert (right * met).mean() == pytest.approx(
        float((Reading(known).of(codes, RNG(4)).argmax(axis=2) == codes).all(axis=1).mean()), abs=0.06
    )


def test_who_tolerates_more_lets_more_strangers_in_and_fewer_wait(roll: Roll) -> None:
    trial = Trial(roll, Reading(typical_reads()), RNG(7), 400)

    exact, strict, balanced, six, five = trial.estimates([opener(policy, roll, least) for policy, least in WAYS])

    assert exact.strangers <= balanced.strangers < six.strangers < five.strangers
    assert strict.strangers <= balanced.strangers < 2000
    assert exact.waiting > balanced.waiting > five.waiting
    assert exact.alike <= balanced.alike < 100 < six.alike


def test_without_a_brazilian_plate_there_is_nothing_to_estimate() -> None:
    with pytest.raises(ValueError, match="Brazilian"):
        Trial(Roll.of(["MH20EE7601"]), Reading(typical_reads()), RNG(1))


@pytest.mark.parametrize(
    ("keys", "pairs"),
    [
        (["ABC1D23", "ABC1D28", "XYZ9A87"], [Pair("ABC1D23", "ABC1D28", True)]),
        (["ABC1D23", "ABC1D24"], [Pair("ABC1D23", "ABC1D24", False)]),
        (
            ["ABC1B23", "ABC1I23"],
            [Pair("ABC1B23", "ABC1I23", True)],
        ),  # 1 in the old spelling of the one, I in the new one of the other
        (["ABC1D23", "ABC1J23"], [Pair("ABC1D23", "ABC1J23", True)]),  # 3 and 9 in the old spelling
        (
            ["CCC1D24", "CCC1D21", "BBB1D23", "BBB1D28"],
            [Pair("BBB1D23", "BBB1D28", True), Pair("CCC1D21", "CCC1D24", False)],
        ),
        (["ABC1D23", "ABC1D23", "CAM01"], []),
        (["ABC1D23", "ABD1E23"], []),
    ],
)
def test_registered_plates_that_are_too_alike_are_named_the_worst_first(keys: list[str], pairs: list[Pair]) -> None:
    assert pairs_alike(keys) == pairs


def register(condominium: Condominium, count: int) -> None:
    for plate in PAULISTA.draw(RNG(8), count):
        register_vehicle(condominium, plate, by="tests")


Told = Callable[..., str]


@pytest.fixture
def told() -> Told:
    def run(**options: object) -> str:
        out = StringIO()
        call_command("estimate_tolerance", stdout=out, count=60, **options)
        return out.getvalue()

    return run


@pytest.mark.django_db
def test_the_command_prints_every_policy_and_marks_the_lanes(lane: Lane, condominium: Condominium, told: Told) -> None:
    register(condominium, 20)

    table = told()

    assert f"{condominium} · {lane}" in table
    assert "20 vehicles" in table
    (marked,) = [line for line in table.splitlines() if "← this lane" in line]
    assert marked.split()[0] == "balanced"
    assert "5 of 7" in table


@pytest.mark.django_db
def test_the_command_speaks_json(lane: Lane, condominium: Condominium, told: Told) -> None:
    register(condominium, 20)
    register_vehicle(condominium, "QLB7A55", by="tests")
    register_vehicle(condominium, "QLB7A58", by="tests")

    (answer,) = json.loads(told(json=True, lane=lane.pk))

    assert answer["lane"] == lane.pk
    assert [row["policy"] for row in answer["rows"]][:3] == ["exact", "strict", "balanced"]
    assert set(answer["rows"][0]["estimate"]) == {"strangers", "error", "alike", "waiting", "mistaken"}
    assert {"one": "QLB7A55", "other": "QLB7A58", "similar": False} in answer["alike"]


@pytest.mark.django_db
def test_a_lane_without_vehicles_says_so(lane: Lane, told: Told) -> None:
    assert "No Brazilian plate is registered here." in told()


@pytest.mark.django_db
def test_a_lane_that_is_none_is_refused(told: Told) -> None:
    with pytest.raises(CommandError, match="no such lane"):
        told(lane=99)


@pytest.mark.django_db
def test_reads_of_the_lane_itself_count_where_there_are_enough(lane: Lane, condominium: Condominium) -> None:
    now = timezone.now()
    passage = Passage.objects.create(
        condominium=condominium, lane=lane, opened_at=now, last_seen_at=now, plate="ABC1D23", plate_key="ABC1D23",
        outcome=Outcome.OPEN,
    )  # fmt: skip
    common = {"condominium": condominium, "passage": passage, "camera": lane.camera, "taken_at": now, "score": 0.9}
    rows = seen("ABC1D28").tolist()

    def keep(count: int) -> None:
        Detection.objects.bulk_create(
            Detection(**common, text="ABC1D28", probabilities=rows, calibrated=True, frame_digest="", engine="cancela")
            for _ in range(count)
        )

    keep(ENOUGH_READS - 1)
    assert reads_of(lane, now)[1] is False
    keep(1)
    known, own = reads_of(lane, now)
    assert own
    assert text_of(known.probabilities[0]) == "ABC1D28"
    assert (known.truths[0] == encoded(["ABC1D23"])[0]).all()

    register(condominium, 5)
    assert estimate(lane, now, 50).own
