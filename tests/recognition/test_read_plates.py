"""The classical engine on drawn traffic: from a frame to the plate's text, and nothing where there is none."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest

from cameras.drawing.backdrop import Light
from recognition import PlateReader, UnknownEngine, UnknownOption, decode_image, fuse, load_engine
from recognition.classical import cascade, contours, quadrilateral
from recognition.classical.cleaning import inks, scale_region, straighten, third_gap
from recognition.classical.ocr import OcrUnavailable, letters_folder, make_ocr
from recognition.classical.segmentation import find_line, glyphs
from recognition.reads import Box, Image
from tests.recognition.drawings import plate_crop, scene, strangers, write

PLATE = "RKT4B82"

needs_program = pytest.mark.skipif(shutil.which("tesseract") is None, reason="the program tesseract is not installed")


@pytest.fixture(scope="module")
def reader() -> PlateReader:
    return load_engine("classical")


def _texts(reader: PlateReader, data: bytes) -> list[str]:
    return [read.text for read in reader.read(decode_image(data))]


@pytest.mark.parametrize("light", list(Light))
@pytest.mark.parametrize("plate", ["RKT4B82", "GKJ7349"])
def test_a_plate_at_the_gate_is_read(reader: PlateReader, plate: str, light: Light) -> None:
    assert _texts(reader, scene(plate, light=light)) == [plate]


def test_drawn_traffic_is_read_frame_by_frame(reader: PlateReader) -> None:
    """30 strangers in three positions each: the share that the demonstration rests on."""
    lights, right, passages = list(Light), 0, 0
    for number, plate in enumerate(strangers(30, seed=11)):
        light = lights[number % len(lights)]
        images = [decode_image(scene(plate, progress=part, light=light, seed=number % 4)) for part in (0.33, 0.66, 1.0)]
        reads = [read for image in images for read in reader.read(image)[:1]]
        right += sum(read.text == plate for read in reads)
        passages += bool(reads) and fuse(reads).text == plate
    assert passages >= 28
    assert right >= 83


def test_an_empty_road_with_the_cameras_caption_is_read_as_nothing(reader: PlateReader) -> None:
    frames = [scene(None, light=light, seed=seed) for light in Light for seed in range(3)]
    assert [_texts(reader, frame) for frame in frames] == [[]] * 9


@pytest.mark.parametrize("words", ["PORTARIA", "VENDE-SE", "9:12:41", "GARAGEM2"])
def test_words_on_a_wall_are_no_plates(reader: PlateReader, words: str) -> None:
    wall = np.full((480, 640, 3), 190, np.uint8)
    cv2.putText(wall, words, (120, 260), cv2.FONT_HERSHEY_DUPLEX, 2.0, (20, 20, 20), 4, cv2.LINE_AA)
    assert reader.read(wall) == []


@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 900, 3), (900, 7, 3), (40, 40, 3), (960, 1280, 3)])
def test_a_picture_of_nothing_of_any_shape_is_read_as_nothing(reader: PlateReader, shape: tuple[int, ...]) -> None:
    assert reader.read(np.full(shape, 127, np.uint8)) == []


def test_noise_is_read_as_nothing(reader: PlateReader) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (480, 640, 3)).astype(np.uint8)
    assert reader.read(noise) == []


def test_a_read_says_where_and_how_sure(reader: PlateReader) -> None:
    image = decode_image(scene(PLATE))
    read = reader.read(image)[0]
    assert (read.text, read.format, read.probabilities.shape) == (PLATE, "br_mercosul", (7, 36))
    np.testing.assert_allclose(read.probabilities.sum(axis=1), 1.0, atol=1e-5)
    assert 0.72 <= read.score <= 1
    assert 0 <= read.box.x < read.box.x + read.box.w <= image.shape[1]
    assert 2.5 < read.box.w / read.box.h < 8


@pytest.mark.parametrize("angle", [-12, 12])
def test_a_tilted_plate_is_read(reader: PlateReader, angle: int) -> None:
    crop = plate_crop("GKJ7349")
    scenery = np.full((480, 640, 3), 90, np.uint8)
    scenery[190 : 190 + crop.shape[0], 160 : 160 + crop.shape[1]] = crop
    turn = cv2.getRotationMatrix2D((320, 240), angle, 1)
    turned = cv2.warpAffine(scenery, turn, (640, 480), borderValue=(90, 90, 90))
    assert [read.text for read in reader.read(turned.astype(np.uint8))] == ["GKJ7349"]


def test_without_rectification_a_tilted_plate_is_not_read() -> None:
    crop = plate_crop("GKJ7349")
    turn = cv2.getRotationMatrix2D((160, 52), 12, 0.8)
    turned = cv2.warpAffine(crop, turn, (320, 104), borderValue=(90, 90, 90)).astype(np.uint8)
    with_it, without = (load_engine("classical", crops=True, without=step) for step in ([], ["rectification"]))
    assert [read.text for read in with_it.read(turned)] == ["GKJ7349"]
    assert without.read(turned) == []


def test_without_any_step_the_crop_goes_to_tesseract_as_it_is() -> None:
    reader = load_engine("classical", crops=True, without=["everything"])
    (read,) = reader.read(plate_crop("HKT4372"))
    assert (read.box, read.probabilities.shape) == (Box(0, 0, 320, 104), (len(read.text), 36))
    assert reader.read(np.full((40, 120, 3), 255, np.uint8)) == []


def test_a_step_that_does_not_exist_cannot_be_left_out() -> None:
    with pytest.raises(ValueError, match=r"no step 'colour'.*rectification, thresholds, candidates, everything"):
        load_engine("classical", without=["colour"])


def test_a_crop_is_read_without_locating() -> None:
    reader = load_engine("classical", crops=True)
    assert [read.text for read in reader.read(plate_crop(PLATE))] == [PLATE]


def test_a_grey_crop_with_light_writing_on_dark_is_read() -> None:
    reader = load_engine("classical", crops=True)
    assert [read.text for read in reader.read(255 - plate_crop("GKJ7349"))] == ["GKJ7349"]


def test_the_border_can_be_cleared_before_segmenting() -> None:
    ink = np.zeros((40, 60), np.uint8)
    ink[0:5, :] = ink[20:30, 20:26] = 255
    cleared = contours.clear_border(ink)
    assert (int(cleared[2].sum()), int(cleared[25].sum())) == (0, 6 * 255)
    reader = load_engine("classical", clear_border=True)
    assert _texts(reader, scene(PLATE)) == [PLATE]


@pytest.mark.parametrize("locate", [cascade.locate, contours.locate, quadrilateral.locate])
@pytest.mark.parametrize("plate", ["GKJ7349", "RKT4B82", "HKT4372"])
def test_every_locator_finds_the_plate(reader: PlateReader, locate: Callable[[Image], list[Box]], plate: str) -> None:
    image = decode_image(scene(plate))
    characters = reader.read(image)[0].box
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8)
    around = [box for box in locate(grey) if box.holds_centre_of(characters) and box.overlap(characters) > 0.08]
    assert around != []


def test_the_aspect_ratio_bounds_what_contours_accept() -> None:
    grey = cv2.cvtColor(decode_image(scene(PLATE)), cv2.COLOR_BGR2GRAY).astype(np.uint8)
    assert contours.locate(grey, contours.Limits(1.3, 7.0)) != []
    assert contours.locate(grey, contours.Limits(20.0, 30.0)) == []


def test_the_characters_are_segmented_one_by_one() -> None:
    region = scale_region(cv2.cvtColor(plate_crop("GKJ7349"), cv2.COLOR_BGR2GRAY).astype(np.uint8))
    lines = [line for _, ink in inks(region) if (line := find_line(ink)) and len(line.blobs) == 7]
    assert lines != []
    crops = glyphs(lines[0])
    assert [crop.shape for crop in crops] == [(blob.h, blob.w) for blob in lines[0].blobs]
    assert all((crop == 0).any() and (crop == 255).any() for crop in crops)
    gap = third_gap(lines[0])
    assert gap is not None
    assert gap > 1.6  # the dot of the old plate
    assert len(straighten(region, lines[0]).centres) == 7


def _line_picture(plate: str) -> Image:
    region = scale_region(cv2.cvtColor(plate_crop(plate), cv2.COLOR_BGR2GRAY).astype(np.uint8))
    line = next(line for _, ink in inks(region) if (line := find_line(ink)) and len(line.blobs) == 7)
    return straighten(region, line).pictures["thick"]


def test_tesseract_in_this_process_sees_characters_and_where_they_stand() -> None:
    pictures = [_line_picture("HKT4372"), _line_picture("ABE7349")]
    found = make_ocr("tesserocr").lines(pictures)
    assert ["".join(symbol.character for symbol in line) for line in found] == ["HKT4372", "ABE7349"]
    for line, picture in zip(found, pictures, strict=True):
        lefts = [symbol.left for symbol in line]
        assert lefts == sorted(lefts)
        assert lefts[-1] < picture.shape[1]


@needs_program
def test_tesseract_as_a_program_reads_the_same_lines_in_one_start() -> None:
    found = make_ocr("pytesseract").lines([_line_picture("HKT4372"), np.full((60, 200), 255, np.uint8)])
    assert ["".join(symbol.character for symbol in line) for line in found] == ["HKT4372", ""]
    assert make_ocr("pytesseract").lines([]) == []


@needs_program
def test_the_engine_reads_with_the_program_too() -> None:
    assert _texts(load_engine("classical", ocr="pytesseract"), scene(PLATE)) == [PLATE]


def test_a_whitelist_binds_tesseract() -> None:
    found = make_ocr("tesserocr", whitelist="0123456789").lines([_line_picture("HKT4372")])
    assert "".join(symbol.character for symbol in found[0]).isdigit()


def test_a_way_or_a_mode_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="auto, tesserocr, pytesseract"):
        make_ocr("abbyy")
    with pytest.raises(ValueError, match="0 to 13"):
        make_ocr("auto", psm=14)


def test_without_the_program_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(OcrUnavailable, match="apt install tesseract-ocr"):
        make_ocr("pytesseract")


def test_letters_are_taken_from_the_folder_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "eng.traineddata", b"letters")
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert letters_folder() == tmp_path


def test_several_threads_may_share_one_reader(reader: PlateReader) -> None:
    images = [decode_image(scene(plate)) for plate in ("RKT4B82", "GKJ7349")] * 4
    with ThreadPoolExecutor(4) as threads:
        texts = [[read.text for read in reads] for reads in threads.map(reader.read, images)]
    assert texts == [["RKT4B82"], ["GKJ7349"]] * 4


def test_engines_are_found_by_name() -> None:
    assert (load_engine().name, load_engine("classical").name) == ("cancela", "classical")
    with pytest.raises(UnknownEngine, match=r"no engine 'neural'\. Engines: cancela, classical, fast-alpr, window"):
        load_engine("neural")
    with pytest.raises(UnknownOption, match=r"takes no option 'colour'.*psm"):
        load_engine("classical", colour="red")


def test_workers_do_not_fight_for_the_cores() -> None:
    load_engine("classical")
    assert cv2.getNumThreads() == 1
    assert os.environ["OMP_THREAD_LIMIT"] == "1"
