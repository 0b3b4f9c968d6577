"""What `evaluate` counts: plates and reads belong to one another one to one."""

from pathlib import Path

import pytest

from recognition import Box, Look, Read
from recognition.evaluation import Label, LabelsError, Tally, count, edit_distance, evaluate, first, read_labels
from recognition.reads import Image, certain
from tests.recognition.drawings import labelled, scene

HERE, THERE = Box(10, 10, 40, 12), Box(200, 100, 40, 12)


def _read(text: str, box: Box = HERE) -> Read:
    return Read(box, text, certain(text, [0.9] * len(text)), 0.9, None)


def _counted(plates: list[Label], reads: list[Read], *, fold: bool = False, crops: bool = False) -> dict[str, int]:
    tally = Tally()
    count(tally, plates, reads, fold=fold, crops=crops)
    names = ("images", "plates", "exact", "within_one", "missed", "invented")
    return {name: getattr(tally, name) for name in names}


def _counts(plates: int, exact: int, within_one: int, missed: int, invented: int) -> dict[str, int]:
    return {
        "images": 1,
        "plates": plates,
        "exact": exact,
        "within_one": within_one,
        "missed": missed,
        "invented": invented,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ABC1D23", _counts(1, 1, 1, 0, 0)),
        ("ABC1D28", _counts(1, 0, 1, 0, 0)),
        ("ABC1D2", _counts(1, 0, 1, 0, 0)),
        ("ABC1D233", _counts(1, 0, 1, 0, 0)),
        ("XYC1D23", _counts(1, 0, 0, 0, 0)),
    ],
)
def test_a_read_in_the_plates_place_is_exact_or_near_or_wrong_but_not_invented(
    text: str, expected: dict[str, int]
) -> None:
    assert _counted([Label("ABC1D23", HERE)], [_read(text)]) == expected


def test_a_plate_without_a_read_is_missed() -> None:
    assert _counted([Label("ABC1D23", HERE)], []) == _counts(1, 0, 0, 1, 0)


def test_a_wrong_read_elsewhere_is_invented_and_the_plate_is_missed() -> None:
    assert _counted([Label("ABC1D23", HERE)], [_read("XYZ9W87", THERE)]) == _counts(1, 0, 0, 1, 1)


def test_the_right_text_belongs_to_its_plate_wherever_its_box_is() -> None:
    assert _counted([Label("ABC1D23", HERE)], [_read("ABC1D23", THERE)]) == _counts(1, 1, 1, 0, 0)


def test_of_two_reads_of_one_plate_one_is_invented() -> None:
    assert _counted([Label("ABC1D23", HERE)], [_read("ABC1D28"), _read("ABC1D23")]) == _counts(1, 1, 1, 0, 1)


def test_two_plates_and_two_reads_are_paired_by_the_least_distance() -> None:
    plates = [Label("ABC1D23", None), Label("XYZ9W87", None)]
    assert _counted(plates, [_read("XYZ9W88"), _read("ABC1D23")]) == _counts(2, 1, 2, 0, 0)


def test_any_read_of_a_picture_without_a_plate_is_invented() -> None:
    assert _counted([Label("", None)], [_read("ABC1D23")]) == _counts(0, 0, 0, 0, 1)


def test_a_read_of_a_plate_that_nobody_deciphered_is_neither_right_nor_invented() -> None:
    assert _counted([Label("", HERE)], [_read("ABC1D23")]) == _counts(0, 0, 0, 0, 0)
    assert _counted([Label("", HERE)], [_read("ABC1D23", THERE)]) == _counts(0, 0, 0, 0, 1)


def test_a_read_of_an_illegible_crop_is_not_invented() -> None:
    assert _counted([Label("", None)], [_read("ABC1D23")], crops=True) == _counts(0, 0, 0, 0, 0)


def test_folding_takes_o_for_zero_and_i_for_one() -> None:
    plates, reads = [Label("OBI1D23", HERE)], [_read("0B11D23")]
    assert _counted(plates, reads) == _counts(1, 0, 0, 0, 0)
    assert _counted(plates, reads, fold=True) == _counts(1, 1, 1, 0, 0)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0), ("AB", "", 2), ("ABC", "ABC", 0), ("ABC", "AXC", 1), ("ABCD", "BCDE", 2)],
)
def test_the_distance_is_levenshteins(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == edit_distance(other, one) == distance


class _Parrot:
    """Reads the same in every picture."""

    name, version = "parrot", "1"

    def read(self, image: Image) -> list[Read]:
        return [_read("ABC1D23")]

    def look(self, image: Image) -> Look:
        return Look(self.read(image))


def test_a_whole_set_is_counted_and_timed(tmp_path: Path) -> None:
    rows = ["one.jpg,ABC1D23,BR,,,,", "two.jpg,,,,,,", "one.jpg,XYZ9W87,BR,,,,"]
    folder = labelled(tmp_path / "set", rows, {"one.jpg": scene(None), "two.jpg": scene(None)})
    report = evaluate(_Parrot(), read_labels(folder).items()).report()
    counts = [report[name] for name in ("images", "plates", "exact", "within_one", "missed", "invented")]
    assert counts == [2, 2, 1, 1, 1, 1]
    assert list(report)[6:] == ["ms_median", "ms_p95", "cpu_ms_median", "peak_rss_mb"]
    assert report["peak_rss_mb"] > 10


def test_an_empty_set_is_all_zeros(tmp_path: Path) -> None:
    report = evaluate(_Parrot(), read_labels(labelled(tmp_path / "set", [], {})).items()).report()
    assert {name: value for name, value in report.items() if name != "peak_rss_mb"} == dict.fromkeys(
        ("images", "plates", "exact", "within_one", "missed", "invented", "ms_median", "ms_p95", "cpu_ms_median"), 0
    )


def test_a_limit_counts_pictures_not_rows(tmp_path: Path) -> None:
    rows = ["a.jpg,ABC1D23,,,,,", "a.jpg,ABC1D24,,,,,", "b.jpg,,,,,,"]
    folder = labelled(tmp_path / "set", rows, {"a.jpg": b"", "b.jpg": b""})
    assert [(path.name, len(plates)) for path, plates in first(read_labels(folder), 1)] == [("a.jpg", 2)]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["gone.jpg,ABC1D23,BR,1,2,3,4"], "row 2: images/gone.jpg does not exist"),
        (["here.jpg,ABC1D23,BR,1,2,3,4", "here.jpg,X,BR,1,b,3,4"], "row 3: the box 1,b,3,4 is not four numbers"),
        (["../labels.csv,ABC1D23,BR,,,,"], "row 2: images/../labels.csv lies outside the folder"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, rows: list[str], words: str) -> None:
    folder = labelled(tmp_path / "set", rows, {"here.jpg": b""})
    with pytest.raises(LabelsError, match=words):
        read_labels(folder)


def test_a_folder_without_labels_says_so(tmp_path: Path) -> None:
    with pytest.raises(LabelsError, match=r"labels\.csv does not exist"):
        read_labels(tmp_path)


def test_a_table_in_another_encoding_says_so(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_bytes("file,plate\nportão.jpg,ABC1D23\n".encode("latin-1"))
    with pytest.raises(LabelsError, match=r"labels\.csv is no CSV file in UTF-8"):
        read_labels(tmp_path)


def test_a_table_without_the_columns_says_so(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("picture;text\n")
    with pytest.raises(LabelsError, match="must name the columns"):
        read_labels(tmp_path)
