"""No change of weights lowers a figure unseen: what `make bench-recognition ACCEPT=1` wrote is held here."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from recognition import load_engine
from recognition.evaluation import evaluate, read_labels
from tests.plate_bench.accepting import COUNTED, FLOORS, WEIGHTS, NotAccepted, accept, below, digests, weights
from tests.plate_bench.drawn_sets import cars, measured, motorcycles
from tests.plate_bench.sets import HELD, SETS

# Networks in whole numbers round a little differently on another processor: one plate in fifty.
SLACK = 1 / 50
PLATES = "CANCELA_PLATES"


@cache
def _told(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(path.read_text())
    return told


def _rows(part: str) -> list[tuple[str, str]]:
    return [(engine, name) for engine, rows in _told(FLOORS)[part].items() for name in rows]


@pytest.mark.parametrize("engine", weights())
def test_the_weights_are_those_that_were_measured(engine: str) -> None:
    assert digests(WEIGHTS[engine]) == _told(WEIGHTS[engine] / "figures.json")["sha256"]


@pytest.mark.parametrize(("engine", "name"), _rows("figures"))
def test_no_figure_is_lower_than_its_floor(engine: str, name: str) -> None:
    figures = _told(WEIGHTS[engine] / "figures.json")["figures"][name]
    assert list(below(figures, _told(FLOORS)["figures"][engine][name])) == []


def test_every_set_has_figures_and_floors() -> None:
    rows = {row.name for each in SETS for row in each.rows}
    assert set(_told(WEIGHTS["cancela"] / "figures.json")["figures"]) == rows
    assert set(_told(FLOORS)["figures"]["cancela"]) == rows


def test_the_default_engine_still_reads_what_it_read_of_drawn_cars_and_motorcycles() -> None:
    floors = _told(FLOORS)["drawn"]["cancela"]
    figures = measured(load_engine("cancela"))
    assert {name: _below(figures[name], floors[name]) for name in floors} == {"cars": [], "motorcycles": []}


def _below(figures: dict[str, int], floor: dict[str, int]) -> list[str]:
    return list(below(figures, floor, slack=round(floor["plates"] * SLACK)))


@pytest.mark.skipif(PLATES not in os.environ, reason=f"{PLATES} names no folder with sets of real photographs")
def test_the_default_engine_still_reads_what_it_read_of_streets_it_never_saw() -> None:
    (street,) = (each for each in SETS if each.folder == "br_street")
    (held,) = (row for row in street.rows if row.name == HELD)
    labels = read_labels(Path(os.environ[PLATES]) / street.folder)
    tally = evaluate(load_engine("cancela"), [each for each in labels.items() if held.holds(each[1])])
    figures = {name: getattr(tally, name) for name in COUNTED}
    assert _below(figures, _told(FLOORS)["figures"]["cancela"][HELD]) == []


@pytest.mark.parametrize(
    ("figures", "faults"),
    [
        ({"plates": 9, "exact": 7, "within_one": 8, "invented": 1}, []),
        ({"plates": 9, "exact": 8, "within_one": 9, "invented": 0}, []),
        ({"plates": 9, "exact": 6, "within_one": 8, "invented": 1}, ["exact 6, the floor is 7"]),
        ({"plates": 9, "exact": 7, "within_one": 7, "invented": 1}, ["within_one 7, the floor is 8"]),
        ({"plates": 9, "exact": 7, "within_one": 8, "invented": 2}, ["invented 2, at most 1"]),
        ({"plates": 8, "exact": 8, "within_one": 8, "invented": 0}, ["measured over 8 plates, the floor over 9"]),
        (None, ["measured over no plates, the floor over 9"]),
    ],
)
def test_a_figure_is_held_against_its_floor(figures: dict[str, int] | None, faults: list[str]) -> None:
    assert list(below(figures, {"plates": 9, "exact": 7, "within_one": 8, "invented": 1})) == faults


def test_slack_is_counted_in_plates() -> None:
    floor = {"plates": 9, "exact": 7, "within_one": 8, "invented": 1}
    assert list(below({"plates": 9, "exact": 6, "within_one": 7, "invented": 2}, floor, slack=1)) == []
    assert list(below({"plates": 9, "exact": 5, "within_one": 7, "invented": 2}, floor, slack=1)) == [
        "exact 5, the floor is 7"
    ]


@pytest.mark.parametrize("part", [{"limit": 3}, {"part": ["br_street"]}, {"weights": {"cancela": "elsewhere"}}])
def test_a_part_of_the_sets_is_not_taken_over(part: dict[str, Any]) -> None:
    facts = {"limit": None, "part": [], "weights": {}, **part}
    with pytest.raises(NotAccepted, match="did not measure every picture"):
        accept({"measured": facts})


def test_drawn_sets_are_the_same_every_time() -> None:
    for draw in (cars, motorcycles):
        (picture, text, box), (again, same, there) = next(draw(1)), next(draw(1))
        assert (text, box) == (same, there)
        assert (picture == again).all()
