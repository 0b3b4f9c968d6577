"""Drawn traffic: plates to measure, frames that differ, vehicles that keep their looks."""

import string
from datetime import UTC, datetime
from itertools import cycle, islice, product
from pathlib import Path

import cv2
import numpy as np
import pytest

from cameras.drawing import backdrop, letters, plates, scenes, traffic, vehicles
from cameras.drawing.backdrop import Light
from cameras.drawing.plates import Category
from cameras.drawing.scenes import Place
from cameras.drawing.traffic import Road, vehicle_of
from cameras.drawing.vehicles import Kind, Vehicle, View

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
# OpenCV's types leave its data folder out.
CASCADE = str(Path(cv2.__file__).parent / "data" / "haarcascade_russian_plate_number.xml")


def test_every_letter_and_digit_has_a_shape_of_its_own() -> None:
    shapes = {letters.glyph(one, 40, 65, 9.0).tobytes() for one in string.ascii_uppercase + string.digits}
    assert len(shapes) == 36


def test_plates_measure_400_by_130_millimetres() -> None:
    for text in ("ABC1D23", "ABC1234"):
        height, width, _ = plates.draw(text).shape
        assert width / height == pytest.approx(400 / 130, abs=0.01)


def test_the_mercosul_plate_has_a_blue_band_and_the_old_one_is_grey() -> None:
    mercosul, old = plates.draw("ABC1D23"), plates.draw("ABC1234")
    assert tuple(mercosul[10, 300]) == plates.BLUE
    assert tuple(mercosul[100, 400]) != plates.BLUE
    assert tuple(old[10, 100]) == plates.OLD[Category.PRIVATE][0]


@pytest.mark.parametrize("category", list(Category))
def test_every_category_can_be_told_from_the_others(category: Category) -> None:
    others = [one for one in Category if one is not category]
    for text in ("ABC1D23", "ABC1234"):
        assert not any(np.array_equal(plates.draw(text, category), plates.draw(text, one)) for one in others)


def test_frames_of_the_same_road_differ_by_their_clock_only() -> None:
    place = Place(width=320, height=240)
    first = scenes.encode(scenes.render(place, None, 0, NOON))
    assert first == scenes.encode(scenes.render(place, None, 0, NOON))
    assert first != scenes.encode(scenes.render(place, None, 0, NOON.replace(microsecond=1000)))


def test_a_vehicle_grows_as_it_comes_nearer() -> None:
    place, vehicle = Place(), vehicle_of("ABC1D23")
    road = scenes.render(place, None, 0, NOON).astype(int)
    changed = []
    for progress in (0.0, 0.5, 1.0):
        frame = scenes.render(place, vehicle, progress, NOON).astype(int)
        changed.append(int((np.abs(frame - road).max(axis=2) > 12).sum()))
    assert changed == sorted(changed)
    assert changed[2] > 5 * changed[0]


LOOKS = [(kind, view, light) for (kind, view), light in zip(product(Kind, View), cycle(Light), strict=False)]


@pytest.mark.parametrize(("kind", "view", "light"), LOOKS)
def test_a_cascade_for_plates_finds_the_plate_of_every_vehicle_at_the_gate(
    kind: Kind, view: View, light: Light
) -> None:
    cascade = cv2.CascadeClassifier(CASCADE)
    vehicle = Vehicle("ABC1D23", kind, "silver", view)
    frame = scenes.render(Place(light=light), vehicle, 1.0, NOON)
    expected = _expected_middle(vehicle)
    boxes = cascade.detectMultiScale(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), 1.1, 3, minSize=(110, 30))
    middles = [(x + w / 2, y + h / 2) for x, y, w, h in boxes]
    assert [middle for middle in middles if np.hypot(middle[0] - expected[0], middle[1] - expected[1]) < 40]


def _expected_middle(vehicle: Vehicle) -> tuple[float, float]:
    """Where the plate is at the gate, in pixels: to measure, without the mild turn of the drawing."""
    shape = vehicles.SHAPES[vehicle.kind]
    height = shape.front_plate if vehicle.view is View.FRONT else shape.rear_plate
    scale = scenes.NEAREST * (scenes.NEAR - backdrop.HORIZON) / (1 - backdrop.HORIZON)
    aside = (sum(vehicle.plate.encode()) % 7 - 3) * 0.012 * (scenes.NEAR - backdrop.HORIZON)
    return 1280 * (backdrop.VANISHING + aside), scenes.NEAR * 960 - height * scale


def test_the_same_plate_is_always_on_the_same_vehicle() -> None:
    assert vehicle_of("ABC1D23") == vehicle_of("ABC1D23")
    assert len({(one.kind, one.paint) for one in map(vehicle_of, ("ABC1D23", "KLM5678", "RST2B34"))}) > 1


def test_the_same_seed_gives_the_same_traffic() -> None:
    def first(seed: int) -> list[str]:
        return [one.plate for one in islice(traffic.plan(["ABC1D23"], unknown_share=0.5, seed=seed), 20)]

    assert first(1) == first(1)
    assert first(1) != first(2)
    assert 3 < first(1).count("ABC1D23") < 17


def test_without_strangers_the_plan_is_kept_to() -> None:
    planned = traffic.plan(["ABC1D23", "KLM5678"], unknown_share=0, seed=1)
    assert [one.plate for one in islice(planned, 4)] == ["ABC1D23", "KLM5678"] * 2


def test_time_alone_says_who_is_on_the_road() -> None:
    visitors = iter(["first", "second"])
    road = Road(lambda: next(visitors), begins=100.0, stays=4.0, gap=2.0)
    moments = [100.0, 102.0, 104.0, 105.9, 106.0, 107.9, 108.0, 111.9, 104.0]
    seen = [arrival and arrival.visitor for arrival in map(road.at, moments)]
    assert seen == [None, "first", "first", "first", None, None, "second", "second", "first"]


def test_a_vehicle_comes_nearer_in_steps_and_then_waits() -> None:
    road: Road[str] = Road(None, begins=0, stays=10, gap=0, steps=4)
    arrival = road.arrive("it", 0.0)
    assert [round(arrival.progress(at), 2) for at in (0, 1.4, 1.6, 3.1, 4.6, 9.9)] == [0, 0, 0.33, 0.67, 1, 1]


def test_after_a_long_time_without_a_look_the_traffic_goes_on_from_now() -> None:
    count = iter(range(1000))
    road = Road(lambda: next(count), begins=0.0, stays=1.0, gap=1.0)
    road.at(1.5)
    road.at(100_000.0)
    assert next(count) < 5
