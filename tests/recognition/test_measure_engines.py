"""`make bench-recognition`: all engines in turn, counted as `evaluate` counts, and taken over only where not lower."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from recognition import load_engine
from recognition.evaluation import evaluate, read_labels
from tests.plate_bench import accepting, drawn_sets, misreads, tables
from tests.plate_bench.accepting import NotAccepted, accept
from tests.plate_bench.entrants import Files
from tests.plate_bench.lockstep import Child
from tests.plate_bench.results import figures, memory, plain
from tests.plate_bench.running import Run, run_sets
from tests.plate_bench.sets import ROWS, PlateSet, Row
from tests.recognition.drawings import labelled, scene

STREET = PlateSet("street", (Row("br_street"), Row("no_plate", lambda labels: not labels[0].text)))


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two plates, of which one is written down wrongly, and an empty road."""
    rows = ["a.jpg,BRA2E19,BR,,,,", "b.jpg,XXX9X99,BR,,,,", "c.jpg,,,,,,"]
    pictures = {"a.jpg": scene("BRA2E19"), "b.jpg": scene("KQP5285"), "c.jpg": scene(None)}
    return labelled(tmp_path_factory.mktemp("sets") / "street", rows, pictures)


@pytest.fixture(scope="module")
def run(street: Path) -> Run:
    pictures = list(read_labels(street).items())
    return run_sets([(STREET, pictures)], ["classical", "peer"], Files(street), lanes=2, step=int)


def test_a_process_of_its_own_counts_as_evaluate_does(run: Run, street: Path) -> None:
    expected = evaluate(load_engine("classical"), read_labels(street).items()).report()
    found = plain(figures(run.shots))["br_street"]["classical"]
    names = ("images", "plates", "exact", "within_one", "missed", "invented")
    assert {name: found[name] for name in names} == {name: expected[name] for name in names}
    assert found["exact"] == 1


def test_a_row_may_be_a_part_of_a_set(run: Run) -> None:
    assert {row: results["classical"].images for row, results in figures(run.shots).items()} == {
        "br_street": 3,
        "no_plate": 1,
    }


def test_shots_come_in_the_order_of_the_pictures_whatever_lane_took_them(run: Run) -> None:
    assert [shot.path.name for shot in run.shots] == ["a.jpg", "b.jpg", "c.jpg"]


def test_who_cannot_be_loaded_is_told_and_the_others_go_on(run: Run, street: Path) -> None:
    assert list(run.versions) == ["classical"]
    assert list(run.absent) == ["peer"]
    assert f"{street}/yolo-v9-t-416-license-plates-end2end1.onnx is not there" in run.absent["peer"]


def test_time_and_memory_are_the_engines_own(run: Run) -> None:
    assert min(shot.answer.cpu_ms for shot in run.shots) > 1
    assert list(memory(run.shots)) == ["classical"]
    assert memory(run.shots)["classical"]["peak_mb"] > 50


def test_a_picture_that_cannot_be_read_is_told_and_counts_as_unread(tmp_path: Path) -> None:
    folder = labelled(tmp_path / "street", ["a.jpg,BRA2E19,BR,,,,"], {"a.jpg": b"no picture"})
    run = run_sets([(STREET, list(read_labels(folder).items()))], ["classical"], Files(tmp_path), lanes=1, step=int)
    assert [shot.answer.error for shot in run.shots] == [
        "classical: a.jpg: The file is neither a JPEG nor a PNG picture."
    ]
    assert figures(run.shots)["br_street"]["classical"].missed == 1


def test_a_misread_plate_is_shown_with_what_was_read(run: Run, tmp_path: Path) -> None:
    told = [each[2:] for shot in run.shots for each in misreads.misreads(shot)]
    assert told == [("XXX9X99", "KQP5285")]
    assert [path.name for path in misreads.write_sheets(tmp_path, run.shots)] == ["street-classical-1.jpg"]


def test_photographs_are_not_written_where_they_could_be_committed(tmp_path: Path) -> None:
    assert misreads.is_private(tmp_path)
    assert misreads.is_private(accepting.ROOT / "var" / "bench-recognition")
    assert not misreads.is_private(accepting.ROOT / "docs" / "pictures")


COUNTS = {"images": 9, "plates": 9, "exact": 7, "within_one": 8, "missed": 1, "invented": 1, "cpu_ms_median": 5.0}
DRAWN = {"cars": {"plates": 9, "exact": 9, "within_one": 9, "invented": 0}}


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A whole run of weights that lie in a folder of the test's own, with floors that it just reaches."""
    (tmp_path / "page.md").write_text(f"before\n{accepting._BEGIN}\nstale\n{accepting._END}\nafter\n")
    floor = {name: COUNTS[name] for name in accepting.COUNTED}
    floors = {"figures": {"cancela": dict.fromkeys(ROWS, floor)}, "drawn": {"cancela": DRAWN}, "lowered": []}
    (tmp_path / "floors.json").write_text(json.dumps(floors))
    monkeypatch.setattr(accepting, "WEIGHTS", {"cancela": tmp_path / "weights"})
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "finder.onnx").write_bytes(b"weights")
    monkeypatch.setattr(accepting, "FLOORS", tmp_path / "floors.json")
    monkeypatch.setattr(accepting, "TABLES", {tmp_path / "page.md": ("cancela",)})
    monkeypatch.setattr(accepting, "load_engine", lambda name: None)
    monkeypatch.setattr(drawn_sets, "measured", lambda reader: DRAWN)
    return {
        "measured": {"limit": None, "part": [], "weights": {}, "date": "2026-01-01"},
        "versions": {"cancela": "1"},
        "sets": {row: {"cancela": dict(COUNTS)} for row in tables.TITLES},
        "speed": {},
        "weights": accepting.weights(),
        "errors": [],
    }


def test_figures_that_are_not_lower_are_taken_over(report: dict[str, Any], tmp_path: Path) -> None:
    report["sets"]["eu_stills"]["cancela"]["exact"] = 8
    accept(report)
    kept = json.loads((tmp_path / "weights" / "figures.json").read_text())
    assert kept["sha256"] == accepting.digests(tmp_path / "weights")
    assert kept["figures"]["eu_stills"] == {"plates": 9, "exact": 8, "within_one": 8, "invented": 1}
    assert json.loads((tmp_path / "floors.json").read_text())["figures"] == {"cancela": kept["figures"]}
    page = (tmp_path / "page.md").read_text()
    assert page.startswith("before\n") and page.endswith("after\n") and "stale" not in page
    assert "| Europe (`eu_stills`, 0/O and 1/I as one) | 9 | 88.9 % (88.9 %) |" in page


def test_a_lower_figure_needs_a_reason_which_is_kept(report: dict[str, Any], tmp_path: Path) -> None:
    report["sets"]["eu_stills"]["cancela"]["exact"] = 6
    before = (tmp_path / "floors.json").read_text()
    with pytest.raises(NotAccepted, match="cancela, eu_stills: exact 6, the floor is 7"):
        accept(report)
    assert (tmp_path / "floors.json").read_text() == before
    accept(report, "Brazil comes first")
    floors = json.loads((tmp_path / "floors.json").read_text())
    assert floors["figures"]["cancela"]["eu_stills"]["exact"] == 6
    assert [each["reason"] for each in floors["lowered"]] == ["Brazil comes first"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weights": {}}, "The weights are not those that were measured"),
        ({"sets": {**{row: {"cancela": COUNTS} for row in tables.TITLES}, "no_plate": {}}}, "cancela on no_plate"),
        ({"errors": ["cancela: a.jpg: broken"]}, "An engine broke on pictures: cancela: a.jpg"),
        ({"sets": {}}, "Sets are missing: br_gantry_crops"),
    ],
)
def test_what_is_not_a_whole_run_is_not_taken_over(report: dict[str, Any], change: dict[str, Any], words: str) -> None:
    with pytest.raises(NotAccepted, match=words):
        accept({**report, **change})


def test_who_dies_of_a_picture_is_told_from_there_on(street: Path) -> None:
    with Child("classical", Files(street)) as child:
        child.meet()
        os.kill(child._process.pid, signal.SIGKILL)
        answers = [child.ask(street / "images" / "a.jpg") for _ in range(2)]
    assert [answer.error for answer in answers] == ["classical: a.jpg: the process has ended with status -9"] * 2
