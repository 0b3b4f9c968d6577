"""The engine "fast-alpr": the packages of that name (MIT), for plates of the rest of the world. Optional.

Detector and reader are those of `fast-alpr`; only what it throws away is kept: the distribution over the characters at
every position. Its weights come from files, or, where none are named, from the network when first used.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
from fast_alpr import ALPR
from fast_plate_ocr import LicensePlateRecognizer
from fast_plate_ocr.core.process import resize_image
from open_image_models import create_detector

from recognition.formats import LONGEST, SHORTEST, match_format
from recognition.images import grey_of
from recognition.quality import look_at
from recognition.reads import ALPHABET, Box, Image, Look, Probabilities, Read, Unread, text_score

DETECTOR = "yolo-v9-t-416-license-plate-end2end"
READER = "cct-xs-v2-global-model"
_CONFIDENCE = 0.4  # the package's own threshold of detection


class FastAlprReader:
    """yolo-v9-t finds, cct-xs reads, as `fast-alpr` puts them together.

    detector         a YOLOv9 end-to-end ONNX file, instead of the package's own weights
    ocr, ocr_config  a fast-plate-ocr ONNX file and its YAML, both or neither
    threads          of the processor, for each network

    Raises `OSError` for a file that is not there or cannot be fetched, `ValueError` for `ocr` without `ocr_config`.
    """

    name = "fast-alpr"
    version = "0.4"

    def __init__(
        self,
        detector: Path | None = None,
        ocr: Path | None = None,
        ocr_config: Path | None = None,
        threads: int = 1,
    ) -> None:
        if (ocr is None) != (ocr_config is None):
            raise ValueError("A reader's file and its configuration go together: name both, or neither.")
        cv2.setNumThreads(1)
        settings: dict[str, Any] = {"providers": ["CPUExecutionProvider"], "sess_options": _session_options(threads)}
        self._pipeline = ALPR(
            detector=_detector(detector, settings), ocr=_Slots(_recognizer(ocr, ocr_config, settings))
        )

    def read(self, image: Image) -> list[Read]:
        """The plates of a BGR picture, the best first."""
        return self.look(image).reads

    def look(self, image: Image) -> Look:
        """The same, and the plates that were found and not read."""
        boxes, reads = [], []
        for each in self._pipeline.predict(image):
            boxes.append(_box(each.detection.bounding_box, image.shape))
            reads += [_read(boxes[-1], each.ocr)] if _is_text(each.ocr) else []
        reads.sort(key=lambda read: read.score, reverse=True)
        return look_at(grey_of(image), reads, boxes, otherwise=Unread.FORMAT_UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Reading:
    text: str
    probabilities: Probabilities


class _Slots:
    """The reader as `fast-alpr` calls it, answering a distribution for every character."""

    def __init__(self, recognizer: Any) -> None:
        self._recognizer, self._config = recognizer, recognizer.config
        self._columns = [self._config.alphabet.index(character) for character in ALPHABET]

    def predict(self, crop: Image) -> _Reading | None:
        """The text of a BGR crop; None for an empty one. Slots in which the pad is likeliest hold no character."""
        if crop.size == 0:
            return None
        batch = np.ascontiguousarray(self._fitted(crop)[None], np.uint8)
        (output,) = self._recognizer.model.run([self._recognizer.plate_output_name], {"input": batch})
        slots = np.asarray(output, np.float32).reshape(self._config.max_plate_slots, len(self._config.alphabet))
        written = slots[slots.argmax(axis=1) != self._config.pad_idx][:, self._columns]
        rows = written / np.maximum(written.sum(axis=1, keepdims=True), 1e-9)
        return _Reading("".join(ALPHABET[column] for column in rows.argmax(axis=1)), rows)

    def _fitted(self, crop: Image) -> Any:
        config = self._config
        way = cv2.COLOR_BGR2RGB if config.image_color_mode == "rgb" else cv2.COLOR_BGR2GRAY
        return resize_image(
            cv2.cvtColor(crop, way),
            config.img_height,
            config.img_width,
            image_color_mode=config.image_color_mode,
            keep_aspect_ratio=config.keep_aspect_ratio,
            interpolation_method=config.interpolation,
            padding_color=config.padding_color,
        )


def _session_options(threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    return options


def _detector(path: Path | None, settings: dict[str, Any]) -> Any:
    local = {} if path is None else {"backend": "yolo_v9", "class_labels": ["License Plate"]}
    return create_detector(DETECTOR if path is None else path, conf_thresh=_CONFIDENCE, **local, **settings)


def _recognizer(path: Path | None, config: Path | None, settings: dict[str, Any]) -> Any:
    hub = READER if path is None else None
    return LicensePlateRecognizer(hub, onnx_model_path=path, plate_config_path=config, **settings)


def _box(bounds: Any, shape: tuple[int, ...]) -> Box:
    left, top = max(0, bounds.x1), max(0, bounds.y1)
    return Box(left, top, min(shape[1], bounds.x2) - left, min(shape[0], bounds.y2) - top)


def _is_text(reading: _Reading | None) -> bool:
    return reading is not None and SHORTEST <= len(reading.text) <= LONGEST


def _read(box: Box, reading: _Reading) -> Read:
    row = match_format(reading.text)
    score = text_score(reading.text, reading.probabilities)
    return Read(box, reading.text, reading.probabilities, score, row.name if row else None)
