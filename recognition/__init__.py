"""Reading plates: from a picture to text with probabilities. A library without Django."""

from recognition.engines import (
    DEFAULT,
    ENGINES,
    EngineError,
    EngineUnavailable,
    UnknownEngine,
    UnknownOption,
    load_engine,
    remedy,
)
from recognition.formats import (
    Format,
    PlateError,
    canonical,
    is_possible,
    match_format,
    normalise,
    spellings,
)
from recognition.fusion import fuse
from recognition.images import ImageError, decode_image
from recognition.reads import ALPHABET, Box, Look, PlateReader, Read, Rejected, Unread
from recognition.regions import Place, place_of_registration

__all__ = [
    "ALPHABET",
    "DEFAULT",
    "ENGINES",
    "Box",
    "EngineError",
    "EngineUnavailable",
    "Format",
    "ImageError",
    "Look",
    "Place",
    "PlateError",
    "PlateReader",
    "Read",
    "Rejected",
    "UnknownEngine",
    "UnknownOption",
    "Unread",
    "canonical",
    "decode_image",
    "fuse",
    "is_possible",
    "load_engine",
    "match_format",
    "normalise",
    "place_of_registration",
    "remedy",
    "spellings",
]
