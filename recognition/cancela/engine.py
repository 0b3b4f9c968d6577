"""The default engine: find plates, rectify and read them all at once, decode within the formats, say how sure."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from recognition.cancela.calibration import Calibration, Floats, features, tempered
from recognition.cancela.decoding import Decoded, decoder
from recognition.cancela.finder import Finder
from recognition.cancela.reader import Reading, TextReader
from recognition.cancela.sheets import moved, side_by_side
from recognition.engines import EngineUnavailable
from recognition.formats import FORMATS, Format
from recognition.images import check_picture, grey_of
from recognition.quality import complaint, sharpness, width_of
from recognition.reads import Box, Corners, Image, Look, Read, Rejected, Unread, text_score
from recognition.stages import NoStages, Stages

WEIGHTS = Path(__file__).parent / "weights"
FILES = ("finder.onnx", "corners.onnx", "text.onnx", "calibration.json")
_LIKELY = 0.4  # score of the finder from which a place is likely to be a plate
_SAME = 0.3  # boxes that overlap by more are one plate
_CERTAIN = 0.95  # presence from which a place is a plate, whatever its text
_LARGEST_CROP = 512  # pixels of width up to which a picture may be a plate cut out


@dataclass(frozen=True, slots=True)
class Observation:
    """One region as the networks saw it and as it was decoded, before anything is judged."""

    box: Box
    reading: Reading
    decoded: Decoded
    sharpness: float
    size: float

    @property
    def features(self) -> Floats:
        return features(self.decoded, self.reading.presence, self.sharpness, self.size)


class CancelaReader:
    """Small networks of our own, on one thread of the processor; it may be shared by threads.

    weights   the folder of `FILES`, instead of the ones that come with the product
    threads   of the processor, for each network
    crops     the pictures are plates already: do not look for them
    formats   the rows of `formats.FORMATS` that may be answered
    least     the probability that a text needs to be answered
    foreign   the same for formats that are not at home here (of a weight below 1): many a word on a wall fits one
    presence  how surely a region must be a plate
    stages    where pictures of the regions and of the rectified plates go

    Raises `EngineUnavailable` where a file is missing or damaged.
    """

    name = "cancela"

    def __init__(
        self,
        *,
        weights: Path | None = None,
        threads: int = 1,
        crops: bool = False,
        formats: tuple[Format, ...] = FORMATS,
        least: float = 0.1,
        foreign: float = 0.2,
        presence: float = 0.5,
        stages: Stages | None = None,
    ) -> None:
        folder = weights or WEIGHTS
        if missing := [name for name in FILES if not (folder / name).is_file()]:
            raise EngineUnavailable(f"The engine cancela lacks its weights: {', '.join(missing)} in {folder}.")
        cv2.setNumThreads(1)  # workers are processes; threads in each would only fight for the cores
        self.version = _version(folder)
        self._finder = Finder(folder / "finder.onnx", threads)
        self._reader = TextReader(folder, threads)
        self._calibration = _calibration(folder / "calibration.json")
        self._decoder = decoder(formats)
        self._crops, self._least, self._foreign, self._presence = crops, least, foreign, presence
        self._stages: Stages = stages or NoStages()

    def read(self, image: Image) -> list[Read]:
        """The plates of a BGR picture, the best first."""
        return self.look(image).reads

    def look(self, image: Image) -> Look:
        """The plates of a BGR (or grey) picture, and the regions that were found and not read.

        Raises `ValueError` for an array that is no picture.
        """
        check_picture(image)
        judged: list[Read | Rejected] = []
        for boxes in self._boxes(image):
            readings = self._reader.read(image, boxes)
            if self._stages.wanted:
                self._show(image, readings)
            judged += [self._judged(image, reading) for reading in readings]
            if any(isinstance(each, Read) for each in judged):
                break
        reads = _distinct([each for each in judged if isinstance(each, Read)])
        rejected = [each for each in judged if isinstance(each, Rejected)]
        return Look(reads, [each for each in rejected if not any(_meet(each.box, read.box) for read in reads)])

    def read_crops(self, images: Sequence[Image]) -> list[Read | None]:
        """For each picture that is a plate cut out its read, or None; all of them in one batch."""
        sheet, places = side_by_side([grey_of(image) for image in images])
        readings = self._reader.read(sheet, places)
        judged = [
            self._judged(image, moved(reading, place))
            for image, reading, place in zip(images, readings, places, strict=True)
        ]
        return [each if isinstance(each, Read) else None for each in judged]

    def _boxes(self, image: Image) -> Iterator[list[Box]]:
        """Where a plate may be: the likely places; then the others, at which one looks only if those gave no read."""
        found = [] if self._crops else self._finder.find(image)
        if found:
            yield [each.box for each in found if each.score >= _LIKELY]
            yield [each.box for each in found if each.score < _LIKELY]
        elif self._crops or _may_be_crop(image):
            yield [Box(0, 0, image.shape[1], image.shape[0])]

    def observe(self, image: Image, boxes: Sequence[Box]) -> list[Observation]:
        """Boxes of a picture, grey or BGR, read and decoded, unjudged: what calibration learns from."""
        return [self._observed(image, reading) for reading in self._reader.read(image, boxes)]

    def _observed(self, image: Image, reading: Reading) -> Observation:
        decoded = self._decoder.decode(reading.characters)
        box = _around(reading.corners, image)
        return Observation(box, reading, decoded, sharpness(reading.crop), width_of(reading.corners))

    def _show(self, image: Image, readings: Sequence[Reading]) -> None:
        picture = image.copy()
        cv2.polylines(picture, [reading.corners.astype(np.int32) for reading in readings], True, (0, 255, 0), 2)
        self._stages.add("regions", picture)
        for reading in readings:
            self._stages.add("plate", reading.crop)

    def _judged(self, image: Image, reading: Reading) -> Read | Rejected:
        if reading.presence < self._presence:
            return Rejected(_around(reading.corners, image), Unread.NO_PLATE)
        return self.judge(self._observed(image, reading))

    def judge(self, seen: Observation) -> Read | Rejected:
        """A read where the text is likely enough; else what speaks against it."""
        probability = self._calibration.probability(seen.features)
        least = self._least if seen.decoded.format.weight == 1 else self._foreign
        if probability < least:
            return Rejected(seen.box, complaint(seen.reading.crop, seen.size) or _unfit(seen.reading))
        return _answered(seen, probability)


def _unfit(reading: Reading) -> Unread:
    """What to say of a place whose text fits no format: a doubtful plate with a doubtful text is none."""
    return Unread.FORMAT_UNKNOWN if reading.presence >= _CERTAIN else Unread.NO_PLATE


def _answered(seen: Observation, probability: float) -> Read:
    text = seen.decoded.text
    places = tempered(text, seen.decoded.probabilities, probability)
    return Read(
        box=seen.box,
        text=text,
        probabilities=places,
        score=text_score(text, places),
        format=seen.decoded.format.name,
        probability=probability,
        corners=seen.reading.corners,
        crop=seen.reading.crop,
        sharpness=seen.sharpness,
        size=seen.size,
    )


def _calibration(path: Path) -> Calibration:
    try:
        return Calibration.read(path)
    except ValueError as error:
        raise EngineUnavailable(str(error)) from error


def _version(folder: Path) -> str:
    """What reads differently has another version: a digest of all weights."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((folder / name).read_bytes())
    return f"1-{digest.hexdigest()[:8]}"


def _may_be_crop(image: Image) -> bool:
    """Whether a picture in which no plate was found may be a plate from edge to edge."""
    height, width = image.shape[:2]
    return bool(height >= 8 and width <= _LARGEST_CROP and 1.0 <= width / height <= 8.0)


def _around(corners: Corners, image: Image) -> Box:
    """The upright box around corners, cut at the picture's edges."""
    height, width = image.shape[:2]
    left, top = np.clip(np.floor(corners.min(axis=0)), 0, [width - 1, height - 1]).astype(int)
    right, bottom = np.clip(np.ceil(corners.max(axis=0)), [left + 1, top + 1], [width, height]).astype(int)
    return Box(int(left), int(top), int(right - left), int(bottom - top))


def _distinct(reads: list[Read]) -> list[Read]:
    """The surest read of each place, the surest first."""
    kept: list[Read] = []
    for read in sorted(reads, key=lambda each: each.certainty, reverse=True):
        if not any(_meet(read.box, other.box) for other in kept):
            kept.append(read)
    return kept


def _meet(one: Box, other: Box) -> bool:
    return one.overlap(other) > _SAME or one.holds_centre_of(other) or other.holds_centre_of(one)
