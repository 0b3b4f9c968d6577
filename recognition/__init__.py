"""Reading plates: from a picture to text with probabilities. A library without Django."""

from recognition.engines import UnknownEngine, UnknownOption, load_engine
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
from recognition.reads import ALPHABET, Box, PlateReader, Read
from recognition.regions import Place, place_of_registration

__all__ = [
    "ALPHABET",
    "Box",
    "Format",
    "ImageError",
    "Place",
    "PlateError",
    "PlateReader",
    "Read",
    "UnknownEngine",
    "UnknownOption",
    "canonical",
    "decode_image",
    "fuse",
    "is_possible",
    "load_engine",
    "match_format",
    "normalise",
    "place_of_registration",
    "spellings",
]
