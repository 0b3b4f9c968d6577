"""The two commands as a newcomer types them."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from tests.recognition.drawings import labelled, plate_crop, scene, write

ROOT = Path(__file__).parents[2]
PLATE = "RKT4B82"
CLASSICAL = ("--engine", "classical")


def _run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "recognition", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    write(folder / "car.jpg", scene(PLATE))
    write(folder / "deeper" / "empty.JPG", scene(None))
    write(folder / "notes.txt", b"no picture")
    return folder


def test_help_names_both_commands_and_shows_how() -> None:
    done = _run("--help")
    assert done.returncode == 0
    for words in ("read", "evaluate", "examples:", "python -m recognition read"):
        assert words in done.stdout


@pytest.mark.parametrize("command", ["read", "evaluate"])
def test_each_command_explains_itself(command: str) -> None:
    done = _run(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    for option in ("--engine", "--clear-border", "--psm", "--min-ar", "--max-ar", "--crops", "--limit", "--weights"):
        assert option in done.stdout


def test_reading_a_file_prints_a_line_for_its_plate(pictures: Path) -> None:
    done = _run("read", pictures / "car.jpg")
    assert done.returncode == 0
    (line,) = done.stdout.splitlines()
    path, text, score, name, box = line.split("\t")
    assert (path, text, name) == (str(pictures / "car.jpg"), PLATE, "br_mercosul")
    assert 0.7 < float(score) <= 1
    assert len(box.split(",")) == 4


def test_reading_with_json_prints_an_object_for_every_picture(pictures: Path) -> None:
    done = _run("read", pictures, "--json")
    assert done.returncode == 0
    car, empty = (json.loads(line) for line in done.stdout.splitlines())
    (plate,) = car.pop("plates")
    assert car == {"file": str(pictures / "car.jpg"), "unread": None}
    assert (plate["text"], plate["format"], len(plate["corners"])) == (PLATE, "br_mercosul", 4)
    assert [name for name in ("probability", "sharpness") if not 0.3 < plate[name] <= 1] == []
    assert plate["width"] == pytest.approx(plate["box"][2], rel=0.2)
    assert empty == {"file": str(pictures / "deeper" / "empty.JPG"), "plates": [], "unread": "no_plate"}


def test_a_picture_without_a_plate_is_said_to_have_none(pictures: Path) -> None:
    done = _run("read", pictures / "deeper" / "empty.JPG")
    assert (done.returncode, done.stdout) == (0, "")
    assert f"{pictures / 'deeper' / 'empty.JPG'}: no plate was found" in done.stderr


def test_reading_a_folder_shows_progress_beside_the_lines(pictures: Path) -> None:
    done = _run("read", pictures)
    assert [line.split("\t")[1] for line in done.stdout.splitlines()] == [PLATE]
    assert "2/2" in done.stderr
    assert done.stderr.strip().endswith("2 pictures, 1 plate, 0 files not readable")


def test_bad_files_are_named_and_the_rest_is_read(pictures: Path, tmp_path: Path) -> None:
    bad = write(tmp_path / "invoice.jpg", b"%PDF-1.7")
    done = _run("read", bad, tmp_path / "gone.jpg", pictures / "car.jpg")
    assert done.returncode == 1
    assert [line.split("\t")[1] for line in done.stdout.splitlines()] == [PLATE]
    assert f"{bad}: The file is neither a JPEG nor a PNG picture." in done.stderr
    assert f"{tmp_path / 'gone.jpg'}: No such file or directory" in done.stderr
    assert "Traceback" not in done.stderr


def test_debug_writes_every_stage_as_a_picture(pictures: Path, tmp_path: Path) -> None:
    done = _run(
        "read", pictures / "car.jpg", "--debug", tmp_path / "stages", "--clear-border", "--psm", "8", *CLASSICAL
    )
    assert done.returncode == 0
    files = sorted((tmp_path / "stages").iterdir())
    names = {path.stem.split("-", 2)[2] for path in files}
    assert {"frame", "contours-edges", "contours-boxes", "region", "ink-dark-wide", "line-thick", "glyphs"} <= names
    assert all(path.name.startswith("car-") for path in files)
    assert all(cv2.imread(str(path)) is not None for path in files)


def test_debug_shows_what_the_default_engine_found_and_flattened(pictures: Path, tmp_path: Path) -> None:
    assert _run("read", pictures / "car.jpg", "--debug", tmp_path / "stages").returncode == 0
    regions, *plates = sorted(path for path in (tmp_path / "stages").iterdir())
    assert (regions.name, plates[0].name) == ("car-01-regions.png", "car-02-plate.png")
    assert {_shape(path) for path in plates} == {(48, 128, 3)}


def _shape(path: Path) -> tuple[int, ...]:
    picture = cv2.imread(str(path))
    return () if picture is None else picture.shape


def test_evaluating_with_json_prints_one_object(tmp_path: Path) -> None:
    rows = ["car.jpg,RKT4B82,BR,,,,", "empty.jpg,,,,,,", "other.jpg,GKJ7349,BR,,,,"]
    files = {"car.jpg": scene(PLATE), "empty.jpg": scene(None), "other.jpg": scene("GKJ7349")}
    done = _run("evaluate", labelled(tmp_path / "set", rows, files), "--json", "--fold-oi")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    counts = [report[name] for name in ("images", "plates", "exact", "within_one", "missed", "invented")]
    assert counts == [3, 2, 2, 2, 0, 0]
    for name in ("ms_median", "ms_p95", "cpu_ms_median", "peak_rss_mb"):
        assert report[name] > 0


def test_evaluating_crops_prints_a_table(tmp_path: Path) -> None:
    crop = cv2.imencode(".png", plate_crop(PLATE))[1].tobytes()
    done = _run("evaluate", labelled(tmp_path / "set", ["a.png,RKT4B82,BR,,,,"], {"a.png": crop}), "--crops")
    assert done.returncode == 0
    table = dict(line.split() for line in done.stdout.splitlines())
    assert (table["images"], table["exact"], table["missed"]) == ("1", "1", "0")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("evaluate", "/nowhere"), "labels.csv does not exist"),
        (("read", "tests/recognition"), "There is no JPEG or PNG picture in tests/recognition."),
        (("read", "x.jpg", "--psm", "7"), "The engine cancela takes no --psm."),
        (("read", "x.jpg", "--debug", "tests", "--engine", "window"), "The engine window takes no --debug."),
        (("read", "x.jpg", "--weights", "tests"), "lacks its weights: finder.onnx"),
        (
            ("read", "x.jpg", "--engine", "window", "--weights", "tests"),
            "engine window cannot be loaded: The weights are",
        ),
        (("read", "x.jpg", "--psm", "99", *CLASSICAL), "page segmentation modes are 0 to 13"),
        (("read", "x.jpg", "--engine", "neural"), "invalid choice: 'neural'"),
        (
            ("read", "x.jpg", "--min-ar", "5", "--max-ar", "2", *CLASSICAL),
            "No plate is between 5 and 2 times as wide as high.",
        ),
        (("read", "x.jpg", "--limit", "0"), "0 is no number"),
        (("evaluate", "set", "--limit", "-3"), "-3 is no number"),
        (("read", "x.jpg", "--debug", "README.md"), "The stages cannot be written into README.md"),
        (("read",), "the following arguments are required"),
        ((), "the following arguments are required"),
    ],
)
def test_a_wrong_command_gets_a_sentence_and_status_2(arguments: tuple[str, ...], words: str) -> None:
    done = _run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_picture_of_a_set_is_named_by_its_row(tmp_path: Path) -> None:
    done = _run("evaluate", labelled(tmp_path / "set", ["gone.jpg,RKT4B82,BR,,,,"], {}), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "labels.csv, row 2: images/gone.jpg does not exist." in done.stderr
