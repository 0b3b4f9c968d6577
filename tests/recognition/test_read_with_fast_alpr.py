"""The optional engine fast-alpr: read with files that are there, and say what is missing where it is not installed."""

import importlib.util
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from recognition import EngineUnavailable, PlateReader, decode_image, load_engine
from tests.recognition.drawings import plate_crop, scene

MODELS = os.environ.get("FAST_ALPR_MODELS")
installed = importlib.util.find_spec("fast_alpr") is not None

needs_package = pytest.mark.skipif(not installed, reason="fast-alpr is not installed: pip install '.[fast-alpr]'")
needs_models = pytest.mark.skipif(MODELS is None, reason="FAST_ALPR_MODELS names no folder of fast-alpr's ONNX files")


def _only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


@pytest.fixture(scope="module")
def reader() -> PlateReader:
    folder = Path(MODELS or "")
    return load_engine(
        "fast-alpr",
        detector=_only(folder, "yolo-*.onnx"),
        ocr=_only(folder, "cct_*.onnx"),
        ocr_config=_only(folder, "cct_*.yaml"),
    )


@needs_package
@needs_models
@pytest.mark.parametrize("plate", ["RKT4B82", "GKJ7349"])
def test_a_plate_at_the_gate_is_read_with_a_distribution_for_every_character(reader: PlateReader, plate: str) -> None:
    image = decode_image(scene(plate))
    (read,) = reader.read(image)
    assert (reader.name, read.text, read.probabilities.shape) == ("fast-alpr", plate, (7, 36))
    assert read.format == ("br_mercosul" if plate == "RKT4B82" else "br_old")
    np.testing.assert_allclose(read.probabilities.sum(axis=1), 1.0, atol=1e-5)
    assert 0.5 < read.score <= 1
    assert 0 <= read.box.x < read.box.x + read.box.w <= image.shape[1]


@needs_package
@needs_models
def test_an_empty_road_is_read_as_nothing(reader: PlateReader) -> None:
    assert reader.read(decode_image(scene(None))) == []


@needs_package
@needs_models
def test_a_plate_that_fills_the_picture_is_read_within_it(reader: PlateReader) -> None:
    crop = plate_crop("GKJ7349")
    (read,) = reader.read(crop)
    assert read.text == "GKJ7349"
    assert read.box == read.box.grown(0, 0, crop.shape[1], crop.shape[0])


@needs_package
def test_a_readers_file_without_its_configuration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="go together"):
        load_engine("fast-alpr", ocr=tmp_path / "reader.onnx")


@needs_package
def test_a_detector_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match=r"nowhere\.onnx"):
        load_engine("fast-alpr", detector=tmp_path / "nowhere.onnx")


def test_without_the_package_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fast_alpr", None)
    monkeypatch.delitem(sys.modules, "recognition.fast_alpr", raising=False)
    with pytest.raises(Exception, match=r"pip install '\.\[fast-alpr\]'") as caught:
        load_engine("fast-alpr")
    assert type(caught.value).__name__ == "EngineUnavailable"
