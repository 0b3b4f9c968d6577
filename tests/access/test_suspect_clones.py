"""A plate may be a copy: seen elsewhere too short a time ago, or on another colour. Then a guard is asked."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageDraw

from access import passages
from access.clones import Facts, Sighting, Suspicion, suspicion
from access.colours import CONTRADICTS, Colour, Seen, colour_of, contradicts, seen_around, seen_in
from access.evidence import Picture
from access.models import Lane, Passage, TravelTime, Vehicle
from access.reasons import Outcome, Reason
from cameras.models import Camera, Source
from gates.models import Controller, Gate, GateCommand
from premises.models import Condominium, JournalEntry
from recognition import Box, Read
from tests.access.conftest import ALICES, Road, read

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
BOX = Box(260, 300, 120, 40)
PAINT = {"red": (190, 20, 25), "white": (238, 238, 236), "blue": (20, 50, 190), "silver": (165, 166, 168)}


def car(
    paint: str = "red", light: float = 1.0, cast: tuple[float, float, float] = (1, 1, 1), grey: bool = False
) -> Any:
    """A drawn picture: a car of that paint with its plate at BOX, on a green meadow."""
    picture = Pillow.new("RGB", (640, 480), (70, 130, 60))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((120, 120, 520, 420), fill=PAINT[paint])
    draw.rectangle((BOX.x, BOX.y, BOX.x + BOX.w, BOX.y + BOX.h), fill=(225, 225, 225))
    for at in range(7):
        draw.rectangle((BOX.x + 10 + at * 15, BOX.y + 12, BOX.x + 17 + at * 15, BOX.y + 34), fill=(20, 20, 20))
    pixels = np.asarray(picture, np.float32) * light * np.array(cast, np.float32)
    if grey:
        pixels[:] = pixels.mean(axis=2, keepdims=True)
    return np.asarray(np.clip(pixels, 0, 255), np.uint8)


def bgr(**how: Any) -> Any:
    return np.ascontiguousarray(car(**how)[:, :, ::-1])


# --- words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("Prata", Colour.GREY), ("BRANCA", Colour.WHITE), ("preto fosco", Colour.BLACK), ("vermelho", Colour.RED),
        ("vinho", Colour.RED), ("azul-marinho", Colour.BLUE), ("marrom", Colour.BROWN), ("cinza chumbo", Colour.GREY),
        ("Dark red", Colour.RED), ("silver", Colour.GREY), ("amarela", Colour.YELLOW), ("pérola", Colour.WHITE),
        ("", None), ("fantasia", None), ("branco e vermelho", None), ("🚗", None), ("unregistered", None),
    ],
)  # fmt: skip
def test_colours_are_understood_as_people_write_them(text: str, colour: Colour | None) -> None:
    assert colour_of(text) == colour


def test_near_colours_never_contradict_one_another() -> None:
    near = [
        {Colour.WHITE, Colour.GREY, Colour.BROWN}, {Colour.GREY, Colour.BLACK}, {Colour.BLACK, Colour.BLUE},
        {Colour.BLACK, Colour.GREEN}, {Colour.RED, Colour.ORANGE}, {Colour.RED, Colour.BROWN},
        {Colour.ORANGE, Colour.YELLOW}, {Colour.YELLOW, Colour.GREEN}, {Colour.GREEN, Colour.BLUE},
        {Colour.BLUE, Colour.GREY}, {Colour.WHITE, Colour.YELLOW}, {Colour.RED, Colour.BLACK},
    ]  # fmt: skip
    assert [
        (seen, own) for seen, others in CONTRADICTS.items() for own in others if any({seen, own} <= n for n in near)
    ] == []


@pytest.mark.parametrize(
    ("seen", "registered", "said"),
    [("red", "branco", True), ("white", "vermelho", True), ("white", "prata", False), ("red", "preto", False),
     ("grey", "vermelho", False), ("black", "branco", False), ("red", "", False), ("red", "fantasia", False)],
)  # fmt: skip
def test_only_what_no_eye_would_confuse_contradicts(seen: str, registered: str, said: bool) -> None:
    assert contradicts(Seen(Colour(seen), 0.9), registered) == said


def test_a_picture_that_says_nothing_contradicts_nothing() -> None:
    assert not contradicts(None, "vermelho")


# --- pictures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paint", "colour"), [("red", Colour.RED), ("white", Colour.WHITE), ("blue", Colour.BLUE), ("silver", Colour.GREY)]
)
def test_the_colour_around_a_plate_is_named_by_day(paint: str, colour: Colour) -> None:
    seen = seen_around(bgr(paint=paint), BOX)

    assert seen is not None
    assert (seen.colour, seen.confidence > 0.9) == (colour, True)


@pytest.mark.parametrize("larger", [1, 2, 4])
def test_a_large_picture_is_made_smaller_and_says_the_same(larger: int) -> None:
    whole = Pillow.fromarray(car("red")).resize((640 * larger, 480 * larger))
    out = io.BytesIO()
    whole.save(out, "JPEG", quality=95)

    seen = seen_in(out.getvalue(), Box(*(side * larger for side in (BOX.x, BOX.y, BOX.w, BOX.h))))

    assert seen is not None
    assert seen.colour == Colour.RED


def test_what_is_no_picture_says_nothing() -> None:
    assert seen_in(b"no picture", BOX) is None


@pytest.mark.parametrize(
    "how",
    [{"grey": True}, {"light": 0.2}, {"cast": (1.0, 0.72, 0.35)}, {"light": 1.3}],
    ids=["infrared", "night", "sodium lamps", "burnt out"],
)
def test_no_colour_is_named_where_the_light_deceives(how: dict[str, Any]) -> None:
    assert seen_around(bgr(paint="red", **how), BOX) is None


@pytest.mark.parametrize(
    "box",
    [Box(260, 300, 40, 13), Box(260, 280, 90, 80), Box(20, 300, 120, 40), Box(260, 40, 120, 40)],
    ids=["small", "two lines", "at the side", "at the top"],
)
def test_no_colour_is_named_where_too_little_of_the_vehicle_is_seen(box: Box) -> None:
    assert seen_around(bgr(), box) is None


sides = st.integers(-50, 700)


@given(sides, sides, st.integers(0, 400), st.integers(0, 200), st.integers(0, 2**32 - 1))
def test_no_box_and_no_picture_makes_it_fail(x: int, y: int, w: int, h: int, seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (90, 160, 3), np.uint8)
    seen_around(noise.repeat(4, axis=0).repeat(4, axis=1), Box(x, y, w, h))


# --- the rule -------------------------------------------------------------------------------------------


def elsewhere(seconds: float, least: int = 300) -> tuple[Sighting, ...]:
    return (Sighting("Back gate", NOON - timedelta(seconds=seconds), least),)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (Facts(NOON), None),
        (Facts(NOON, "branco", Seen(Colour.RED, 0.9)),
         Suspicion(Reason.CLONE_COLOUR, {"seen": "red", "confidence": 0.9, "colour": "branco"})),
        (Facts(NOON, "", Seen(Colour.RED, 0.9)), None),
        (Facts(NOON, "branco"), None),
        (Facts(NOON, elsewhere=elsewhere(40)),
         Suspicion(Reason.CLONE_TIME, {"elsewhere": "Back gate", "elapsed": 40, "least": 300})),
        (Facts(NOON, elsewhere=elsewhere(-40)),
         Suspicion(Reason.CLONE_TIME, {"elsewhere": "Back gate", "elapsed": 40, "least": 300})),
        (Facts(NOON, elsewhere=elsewhere(300)), None),
    ],
    ids=["nothing", "colour", "no colour registered", "no colour seen", "too fast", "a late picture", "just possible"],
)  # fmt: skip
def test_suspects(facts: Facts, found: Suspicion | None) -> None:
    assert suspicion(facts) == found


# --- at the gate ----------------------------------------------------------------------------------------


def jpeg_of(paint: str) -> bytes:
    out = io.BytesIO()
    Pillow.fromarray(car(paint)).save(out, "JPEG", quality=95)
    return out.getvalue()


def passes(road: Road, paint: str = "red", seen: Read | None = None) -> Passage:
    road.now += timedelta(seconds=60)
    passages.end_gone(road.lane, road.now)
    lane = Lane.objects.select_related("gate").get(pk=road.lane.pk)
    picture = Picture.of(jpeg_of(paint), road.now)
    (passage,) = passages.observe(lane, picture, [seen or read(ALICES, box=BOX)], road.reader, road.now)
    return passage


def with_colour(vehicle: Vehicle, colour: str) -> None:
    Vehicle.objects.filter(pk=vehicle.pk).update(colour=colour)


@pytest.mark.django_db
def test_a_red_car_with_the_plate_of_a_white_one_is_for_the_guard(road: Road, vehicle: Vehicle) -> None:
    with_colour(vehicle, "Branco")

    passage = passes(road)

    assert (passage.outcome, passage.reason, passage.vehicle_id) == (Outcome.ASK, Reason.CLONE_COLOUR, vehicle.pk)
    assert "in the picture it is red, and registered is Branco" in passage.decision.sentence
    assert not GateCommand.objects.exists()
    noted = JournalEntry.objects.get(action="passage.decided").data
    assert noted["basis"]["registry"]["vehicles"][0]["suspicion"] == "clone_colour"


@pytest.mark.django_db
@pytest.mark.parametrize("colour", ["vermelho", "", "preto", "vinho", "fantasia"])
def test_it_opens_for_any_other_colour(road: Road, vehicle: Vehicle, colour: str) -> None:
    with_colour(vehicle, colour)
    assert passes(road).outcome == Outcome.OPEN


@pytest.mark.django_db
def test_on_leaving_it_is_only_noted(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    with_colour(vehicle, "branco")
    Lane.objects.update(direction="out")

    passage = passes(road)

    assert (passage.outcome, passage.decision.facts["noted"]) == (Outcome.OPEN, "clone_colour")
    assert "Only noted, for nobody is held back on leaving" in passage.decision.sentence


@pytest.fixture
def back(condominium: Condominium) -> Lane:
    """A lane at another gate."""
    controller = Controller.objects.create(
        condominium=condominium,
        name="Other",
        device="board-2",
        key="cd" * 32,
        online=True,
        session="f" * 16,
        uptime_ms=1,
    )
    gate = Gate.objects.create(condominium=condominium, name="Back gate", controller=controller)
    camera = Camera.objects.create(condominium=condominium, name="Back", source=Source.URL, url="http://192.0.2.8/p")
    return Lane.objects.create(condominium=condominium, name="Back gate in", camera=camera, gate=gate)


def at_both(road: Road, back: Lane, seconds: int) -> Passage:
    """Alice's plate at the back gate, and so many seconds later here."""
    there = Road(back)
    there.now = road.now
    there.sees(read(ALICES))
    road.now = there.now + timedelta(seconds=seconds - 1)
    (passage,) = road.sees(read(ALICES))
    return passage


@pytest.mark.django_db
def test_the_same_plate_at_two_gates_in_an_impossible_time_is_for_the_guard(
    road: Road, vehicle: Vehicle, lane: Lane, back: Lane
) -> None:
    TravelTime.objects.create(condominium=lane.condominium, one=back, other=lane, seconds=120)

    passage = at_both(road, back, 40)

    assert (passage.outcome, passage.reason) == (Outcome.ASK, Reason.CLONE_TIME)
    assert "seen at Back gate in 40 seconds apart from here" in passage.decision.sentence


@pytest.mark.django_db
@pytest.mark.parametrize(("least", "seconds"), [(None, 40), (30, 40)], ids=["no travel time", "slowly enough"])
def test_otherwise_it_opens(
    road: Road, vehicle: Vehicle, lane: Lane, back: Lane, least: int | None, seconds: int
) -> None:
    if least:
        TravelTime.objects.create(condominium=lane.condominium, one=lane, other=back, seconds=least)
    assert at_both(road, back, seconds).outcome == Outcome.OPEN


@pytest.mark.django_db
def test_a_stranger_who_was_read_alike_elsewhere_is_no_sighting(
    road: Road, vehicle: Vehicle, lane: Lane, back: Lane
) -> None:
    TravelTime.objects.create(condominium=lane.condominium, one=lane, other=back, seconds=300)
    there = Road(back)
    there.sees(read("ABC1D28"))
    road.now = there.now

    (passage,) = road.sees(read(ALICES))

    assert passage.outcome == Outcome.OPEN


@pytest.mark.django_db
def test_a_travel_time_is_between_two_lanes_of_two_gates(lane: Lane, back: Lane) -> None:
    def between(one: Lane, other: Lane) -> TravelTime:
        return TravelTime(condominium=lane.condominium, one=one, other=other, seconds=60)

    between(lane, back).full_clean()
    between(lane, back).save()
    with pytest.raises(ValidationError, match="another gate"):
        between(lane, lane).full_clean()
    with pytest.raises(ValidationError, match="already"):
        between(back, lane).full_clean()
    Lane.objects.update(gate=lane.gate)
    TravelTime.objects.all().delete()
    with pytest.raises(ValidationError, match="another gate"):
        between(lane, back).full_clean()
