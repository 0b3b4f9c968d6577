"""Type faces: masks of single letters in a few weights, rendered once and kept."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from recognition.training.drawing import alphabets
from recognition.training.drawing.strokes import Mask, render

HEIGHT = 64
WEIGHTS = (0.76, 0.88, 1.0, 1.12, 1.25)
CORNERS = (0, 1, 2)

OWN = {"fe": alphabets.FE, "mandatory": alphabets.MANDATORY}

# Module of the package that brings the files, its folder, and the files fit for plates. Missing packages are left out.
_PACKAGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("matplotlib", "mpl-data/fonts/ttf", ("DejaVuSans-Bold.ttf", "DejaVuSans.ttf", "DejaVuSansMono-Bold.ttf")),
    ("font_roboto", "files", ("Roboto-Medium.ttf", "Roboto-Bold.ttf", "Roboto-Black.ttf", "Roboto-Regular.ttf")),
    ("font_source_sans_pro", "files", ("SourceSansPro-Semibold.ttf", "SourceSansPro-Bold.ttf")),
    ("font_fjallaone", "files", ("FjallaOne-Regular.ttf",)),
    ("font_hanken_grotesk", "files", ("HankenGrotesk-SemiBold.otf", "HankenGrotesk-Bold.otf")),
    ("font_rhd", "files", ("RedHatDisplay-Bold.ttf",)),
    ("font_manrope", "files", ("Manrope-Bold.ttf",)),
    ("font_lato", "files", ("Lato-Bold.ttf", "Lato-Black.ttf")),
)


@dataclass(frozen=True)
class Face:
    """One face in one weight for one plate; `weight` and `corner` index WEIGHTS and CORNERS."""

    name: str
    weight: int = 2
    corner: int = 1

    def glyph(self, character: str) -> Mask:
        """Coverage 0..255, shape (HEIGHT, width), tightly cut at the sides."""
        return _glyph(self.name, character, self.weight, self.corner)


@lru_cache(maxsize=1)
def files() -> dict[str, Path]:
    """The TrueType files that installed packages bring, by the name of the face."""
    found: dict[str, Path] = {}
    for module, folder, names in _PACKAGES:
        spec = find_spec(module)
        if spec is None or spec.origin is None:
            continue
        root = Path(spec.origin).parent / folder
        found |= {Path(name).stem: root / name for name in names if (root / name).exists()}
    return found


def true_type_names() -> tuple[str, ...]:
    """Faces beside our own; empty where no package with fonts is installed."""
    return tuple(files())


def random_face(rng: np.random.Generator, names: tuple[str, ...]) -> Face:
    weight = int(rng.choice(len(WEIGHTS), p=(0.12, 0.24, 0.28, 0.24, 0.12)))
    return Face(names[int(rng.integers(len(names)))], weight, int(rng.integers(len(CORNERS))))


def mostly(name: str, share: float, rng: np.random.Generator) -> Face:
    """The face `name` in that share of plates, any TrueType face in the others (where there are any)."""
    others = true_type_names()
    return random_face(rng, others if others and rng.random() > share else (name,))


def any_face(rng: np.random.Generator, own: tuple[str, ...] = ("mandatory", "fe")) -> Face:
    return random_face(rng, true_type_names() + own)


@lru_cache(maxsize=16384)
def _glyph(name: str, character: str, weight: int, corner: int) -> Mask:
    if name in OWN:
        return _stroke_glyph(OWN[name], character, WEIGHTS[weight], CORNERS[corner])
    return _rounded(_true_type_glyph(files()[name], character, WEIGHTS[weight]), CORNERS[corner])


def _stroke_glyph(alphabet: alphabets.Alphabet, character: str, weight: float, corner: int) -> Mask:
    stroke = alphabet.stroke * weight * HEIGHT
    width = max(round(alphabet.widths.get(character, alphabet.width) * HEIGHT), round(stroke))
    return _rounded(render(alphabet.shapes[character], width, HEIGHT, stroke), corner)


def _rounded(mask: Mask, corner: int) -> Mask:
    """Round the corners as stamping does: blur, then steepen the edge again."""
    if corner == 0:
        return mask
    padded = cv2.copyMakeBorder(mask, 6, 6, 6, 6, cv2.BORDER_CONSTANT)
    soft = cv2.GaussianBlur(padded, (0, 0), 1.2 * corner)
    steep = cv2.convertScaleAbs(np.maximum(soft, 95), alpha=4, beta=-380)
    return np.asarray(steep[6:-6, 6:-6], np.uint8)


def _true_type_glyph(path: Path, character: str, weight: float) -> Mask:
    """The letter scaled to the height of the capital H, thickened or thinned."""
    mask = _thickened(_true_type_letter(path, character), weight)
    columns = np.flatnonzero(mask.max(0) > 40)
    mask = mask[8:-8, columns[0] : columns[-1] + 1]
    return np.asarray(cv2.resize(mask, (max(2, mask.shape[1] * HEIGHT // mask.shape[0]), HEIGHT)), np.uint8)


@lru_cache(maxsize=2048)
def _true_type_letter(path: Path, character: str) -> Mask:
    """The letter as the file has it, with 8 empty rows above and below the height of the capital H."""
    font, top, bottom = _font(path)
    left, _, right, _ = font.getbbox(character)
    picture = Image.new("L", (int(right - left) + 24, 200))
    ImageDraw.Draw(picture).text((12 - left, 40), character, 255, font)
    return np.array(picture)[32 + top : 48 + bottom]


@lru_cache(maxsize=64)
def _font(path: Path) -> tuple[ImageFont.FreeTypeFont, int, int]:
    """A file at a fixed size, with top and bottom of its capital H below the point where text is put."""
    font = ImageFont.truetype(str(path), 80)
    _, top, _, bottom = font.getbbox("H")
    return font, int(top) - 1, int(bottom) + 1


def _thickened(mask: Mask, weight: float) -> Mask:
    size = round(abs(weight - 1) * 16) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return np.asarray(cv2.dilate(mask, kernel) if weight > 1 else cv2.erode(mask, kernel), np.uint8)
