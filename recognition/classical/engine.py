"""The classical engine: locate, clean, segment, recognise, correct. No trained network but Tesseract's own."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

import cv2
import numpy as np

from recognition.classical import cascade, contours, plain, quadrilateral
from recognition.classical.cleaning import Straight, inks, scale_region, straighten
from recognition.classical.correction import Spelling, align, correct, spread
from recognition.classical.ocr import Ocr, make_ocr
from recognition.classical.segmentation import Line, find_line, glyphs, side_by_side
from recognition.formats import FORMATS, Format
from recognition.images import grey_of
from recognition.quality import look_at
from recognition.reads import ALPHABET, Box, Image, Look, Probabilities, Read, Unread
from recognition.stages import NoStages, Stages

_SURE = 0.80  # the score at which nothing further is tried
_FOREIGN, _LOOSE = 0.04, 0.10  # added to the least score of other countries' formats, and of loose ones
_LEAST_SEEN = 0.46  # below it too many characters had to be taken for others
_EDGE = 0.08  # of the frame's height, above and below, where captions stand
_MOST_LINES = 3  # lines read in one region
_PATIENCE = 3  # thresholds tried on a region that shows no characters; 1 once a plate has been read
STEPS = ("rectification", "thresholds", "candidates", "everything")


class ClassicalReader:
    """Haar cascade, contours and quadrilaterals; Tesseract; position-aware correction.

    psm          Tesseract's page segmentation mode (7: one line)
    whitelist    the characters Tesseract may answer
    ocr          "auto", "tesserocr" or "pytesseract"
    min_ar, max_ar   the aspect ratios that the contour locator accepts
    clear_border     drop ink that touches the edge of a region before segmenting
    crops        the picture is a plate already: do not locate
    formats      the rows of `formats.FORMATS` that may be answered
    least        the score that a Brazilian plate needs to be answered; other formats need more
    stages       where pictures of every stage go
    without      steps left out, to measure what each brings: "rectification", "thresholds" (but the first),
                 "candidates" (but the first region), "everything" (`plain`)

    Raises `ValueError` for a step, a way of OCR or a mode that does not exist, `EngineUnavailable` without Tesseract.
    """

    name = "classical"
    version = "1"

    def __init__(
        self,
        *,
        psm: int = 7,
        whitelist: str = ALPHABET,
        ocr: str = "auto",
        min_ar: float = 1.3,
        max_ar: float = 7.0,
        clear_border: bool = False,
        crops: bool = False,
        formats: tuple[Format, ...] = FORMATS,
        least: float = 0.72,
        stages: Stages | None = None,
        without: Collection[str] = (),
    ) -> None:
        if unknown := sorted(set(without) - set(STEPS)):
            raise ValueError(f"There is no step {unknown[0]!r} to leave out: {', '.join(STEPS)}.")
        cv2.setNumThreads(1)  # workers are processes; threads in each would only fight for the cores
        self._ocr: Ocr = make_ocr(ocr, psm=psm, whitelist=whitelist)
        self._limits = contours.Limits(min_ar, max_ar)
        self._clear_border, self._crops = clear_border, crops
        self._formats, self._least = formats, least
        self._stages: Stages = stages or NoStages()
        self._without = frozenset(without)

    def read(self, image: Image) -> list[Read]:
        """The plates of a BGR picture, the best first; empty where none can be trusted."""
        grey = grey_of(image)
        self._stages.add("frame", image)
        if "everything" in self._without:
            return plain.read(self._ocr, grey, self._crops)
        reads: list[Read] = []
        only_one = "candidates" in self._without
        for boxes in self._locators(grey):
            sure = self._read_boxes(grey, boxes[:1] if only_one else boxes, reads)
            if sure or only_one:
                break
        return _distinct(reads)

    def look(self, image: Image) -> Look:
        """The same, and what the cascade takes for plates where nothing was read; most of it is none."""
        reads = self.read(image)
        grey = grey_of(image)
        boxes = [] if reads else cascade.locate(grey)
        return look_at(grey, reads, boxes, otherwise=Unread.NO_PLATE)

    def _read_boxes(self, grey: Image, boxes: list[Box], reads: list[Read]) -> bool:
        """Add what is read in the boxes to `reads`; whether any of it is sure. A sure plate is not read twice."""
        sure: list[Read] = []
        for box in boxes:
            if any(box.holds_centre_of(read.box) for read in sure):
                continue
            read = self._region(grey, box, patience=1 if sure else _PATIENCE)
            if read:
                reads.append(read)
                sure += [read] if read.score >= _SURE else []
        return bool(sure)

    def _enough(self, spelling: Spelling) -> bool:
        """Whether a text may be answered: the less its format says, the more surely it must be read."""
        row = spelling.format
        least = self._least + (0 if row.weight == 1 else _FOREIGN) + (_LOOSE if row.loose else 0)
        return spelling.score >= least and spelling.seen >= _LEAST_SEEN

    def _locators(self, grey: Image) -> Iterator[list[Box]]:
        """The regions to read, one locator after another, only as long as they are asked for."""
        height, width = grey.shape
        if self._crops:
            yield [Box(0, 0, width, height)]
            return
        yield self._shown("contours", grey, contours.locate(grey, self._limits, stages=self._stages))
        yield self._shown("cascade", grey, cascade.locate(grey))
        yield self._shown("quadrilateral", grey, quadrilateral.locate(grey, stages=self._stages))

    def _shown(self, name: str, grey: Image, boxes: list[Box]) -> list[Box]:
        if self._stages.wanted:
            picture = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
            for box in boxes:
                cv2.rectangle(picture, (box.x, box.y), (box.x + box.w, box.y + box.h), (0, 255, 0), 2)
            self._stages.add(f"{name}-boxes", picture.astype(np.uint8, copy=False))
        return boxes

    def _region(self, grey: Image, box: Box, patience: int) -> Read | None:
        """The best read of one region, or None."""
        if box.w < 16 or box.h < 8:
            return None
        part = grey[box.y : box.y + box.h, box.x : box.x + box.w]
        region = scale_region(part)
        self._stages.add("region", region)
        best: tuple[Spelling, Straight] | None = None
        for straight in self._lines(region, patience):
            spelling = self._recognise(straight)
            if not spelling or not self._enough(spelling):
                continue
            if best is None or spelling.evidence > best[0].evidence:
                best = spelling, straight
            if best[0].score >= _SURE:
                break
        if best is None:
            return None
        read = _placed(best, box, box.w / region.shape[1])
        return None if not self._crops and _is_caption(read.box, grey.shape[0], best[1].light) else read

    def _lines(self, region: Image, patience: int) -> Iterator[Straight]:
        """Lines of characters in a region, each upright; those of seven characters first.

        A region in which `patience` thresholds show no five characters in a row is given up.
        """
        later: list[tuple[Line, bool]] = []
        count = 0
        thresholds = 1 if "thresholds" in self._without else None
        for number, (name, ink) in enumerate(islice(inks(region), thresholds), start=1):
            line, light = self._line(name, ink), name.startswith("light")
            if line and len(line.blobs) == 7:
                count += 1
                yield from self._upright(region, line, light)
            elif line:
                later.append((line, light))
            hopeless = number == patience and count == 0 and all(len(line.blobs) < 5 for line, _ in later)
            if hopeless or count == _MOST_LINES:
                break
        later.sort(key=lambda each: len(each[0].blobs), reverse=True)
        for line, light in later[: _MOST_LINES - count]:
            yield from self._upright(region, line, light)

    def _line(self, name: str, ink: Image) -> Line | None:
        ink = contours.clear_border(ink) if self._clear_border else ink
        self._stages.add(f"ink-{name}", ink)
        return find_line(ink)

    def _upright(self, region: Image, line: Line, light: bool) -> Iterable[Straight]:
        try:
            straight = straighten(region, line, light=light, upright="rectification" not in self._without)
        except ValueError:  # a line so slanted that it has no height
            return ()
        for name, picture in straight.pictures.items():
            self._stages.add(f"line-{name}", picture)
        if self._stages.wanted:
            self._stages.add("glyphs", side_by_side(glyphs(line)))
        return (straight,)

    def _recognise(self, straight: Straight) -> Spelling | None:
        seen = self._ocr.lines(list(straight.pictures.values()))
        rows = [align(symbols, straight.centres) for symbols in seen if symbols]
        if not rows:
            return None
        likely: Probabilities = spread(np.mean(rows, axis=0, dtype=np.float32))
        found = [spelling for part in _parts(likely) for spelling in correct(part, self._formats, straight.gap)[:1]]
        return max(found, key=lambda each: each.evidence, default=None)


def _parts(likely: Probabilities) -> list[Probabilities]:
    """The whole line, and what is left without its first or its last blob: a plate's edge may pass for a character."""
    return [likely, likely[1:], likely[:-1]] if len(likely) > 7 else [likely]


def _placed(best: tuple[Spelling, Straight], region: Box, factor: float) -> Read:
    spelling, straight = best
    corners = straight.corners * factor
    left, top = np.floor(corners.min(axis=0)).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int)
    box = Box(region.x + int(left), region.y + int(top), int(right - left), int(bottom - top))
    return Read(box, spelling.text, spelling.probabilities, spelling.score, spelling.format.name)


def _is_caption(box: Box, height: int, light: bool) -> bool:
    """Cameras write time and name into the frame's upper and lower edge; at the lower one plates are seen as well."""
    above = box.y + box.h <= _EDGE * height
    below = box.y >= (1 - _EDGE) * height
    return above or (below and light)


def _distinct(reads: list[Read]) -> list[Read]:
    """The best read of each place, the best first."""
    kept: list[Read] = []
    for read in sorted(reads, key=lambda each: each.score, reverse=True):
        if all(read.box.overlap(other.box) < 0.2 and read.text != other.text for other in kept):
            kept.append(read)
    return kept
