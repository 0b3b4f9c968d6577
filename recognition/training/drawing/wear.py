"""What weather, light and use do to a plate."""

from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.training.drawing.paint import paint
from recognition.training.drawing.plate import Draft, Picture

Field = NDArray[np.float32]

FAINT = 16


def compose(draft: Draft, rng: np.random.Generator) -> Picture:
    """Letters on their ground: worn paint, embossing, dirt, light. What came out faint is worn anew, twice at most."""
    for _ in range(2):
        image = _weathered(draft, rng)
        if is_legible(image, draft.ink):
            return image
    return _weathered(draft, rng)


def is_legible(image: Picture, ink: NDArray[np.uint8]) -> bool:
    """Whether letters differ from their ground by FAINT grey levels in every fifth of the width that has letters."""
    grey = image[:, :, 1]
    inside, outside = (ink > 200).view(np.uint8), (ink < 20).view(np.uint8)
    edges = np.linspace(0, ink.shape[1], 6).astype(int)
    for left, right in pairwise(edges):
        part = slice(left, right)
        if cv2.countNonZero(inside[:, part]) < 30:
            continue
        written, ground = (cv2.mean(grey[:, part], mask[:, part])[0] for mask in (inside, outside))
        if abs(written - ground) < FAINT:
            return False
    return True


def _weathered(draft: Draft, rng: np.random.Generator) -> Picture:
    ink = draft.ink
    for probability, fade in ((0.13, _worn), (0.1, _hatched), (0.04, _whitened)):
        if rng.random() < probability:
            ink = fade(ink, rng)
    image = paint(draft.ground, ink, draft.colour)
    image = _embossed(image, draft.ink, draft.embossed * rng.uniform(0, 50), rng)
    for probability, change in _CHANGES:
        if rng.random() < probability:
            image = change(image, rng)
    return image


def noise_field(height: int, width: int, cells: int, rng: np.random.Generator) -> Field:
    """Smooth noise 0..1, about `cells` blotches wide."""
    coarse = rng.random((max(2, cells * height // width + 1), cells), dtype=np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def _worn(ink: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    height, width = ink.shape
    field = noise_field(height, width, int(rng.integers(6, 40)), rng)
    keep = np.clip((field - rng.uniform(0.0, 0.25)) * 5, rng.uniform(0.15, 0.5), 1)
    return np.asarray((ink * keep).astype(np.uint8))


def _hatched(ink: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The film of the letters carries slanting lettering that glares in light from ahead."""
    height, width = ink.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    period, slope = rng.uniform(4, 9), rng.uniform(-1.5, 1.5)
    wave = np.sin((x + slope * y) * np.float32(2 * np.pi / period))
    keep = 1 - np.clip(wave * 2, 0, 1) * np.float32(rng.uniform(0.15, 0.6))
    return np.asarray((ink * keep).astype(np.uint8))


def _whitened(ink: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Some letters lose their paint nearly wholly, from one side of the plate on."""
    width = ink.shape[1]
    start = rng.uniform(-0.2, 0.5) * width
    ramp = np.clip((np.arange(width, dtype=np.float32) - start) / (0.4 * width), rng.uniform(0.2, 0.5), 1)
    ramp = ramp[::-1] if rng.random() < 0.5 else ramp
    return np.asarray((ink * ramp[None, :]).astype(np.uint8))


def _embossed(image: Picture, ink: NDArray[np.uint8], strength: float, rng: np.random.Generator) -> Picture:
    """Light on the edges turned to the sun, dark on those turned away."""
    if strength < 6:
        return image
    dx, dy = rng.choice((-1, 1)), rng.choice((-1, 1))
    kernel = np.zeros((3, 3), np.float32)
    kernel[1 + dy, 1 + dx], kernel[1 - dy, 1 - dx] = 1, -1
    edge = cv2.filter2D(ink, cv2.CV_32F, kernel * (strength / 255))
    return _lit(image, np.asarray(edge, np.float32))


def _lit(image: Picture, light: Field) -> Picture:
    """Add a field of light to every channel."""
    return np.asarray(cv2.add(image, cv2.merge((light, light, light)), dtype=cv2.CV_8U), np.uint8)


def _scaled(image: Picture, gain: Field) -> Picture:
    return np.asarray(cv2.multiply(image, cv2.merge((gain, gain, gain)), dtype=cv2.CV_8U), np.uint8)


def _gradient(image: Picture, rng: np.random.Generator) -> Picture:
    height, width = image.shape[:2]
    across = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :] * np.float32(rng.normal(0, 0.4))
    down = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None] * np.float32(rng.normal(0, 0.35))
    return _scaled(image, np.asarray(np.clip(1 + across + down, 0.3, 1.7), np.float32))


def _shadow(image: Picture, rng: np.random.Generator) -> Picture:
    """A hard edge across the plate, dark on one side."""
    height, width = image.shape[:2]
    gain: Field = np.ones((height, width), np.float32)
    x0, x1 = rng.uniform(-0.2, 1.2, 2) * width
    corners = [(x0, 0), (x1, height), (width * 2, height), (width * 2, 0)]
    if rng.random() < 0.5:
        y0, y1 = rng.uniform(0, 1, 2) * height
        corners = [(0, y0), (width, y1), (width, -height), (0, -height)]
    cv2.fillPoly(gain, [np.array(corners, np.int32)], float(rng.uniform(0.3, 0.75)))
    if rng.random() < 0.6:
        gain = np.asarray(cv2.GaussianBlur(gain, (0, 0), rng.uniform(0.7, 4)), np.float32)
    return _scaled(image, gain)


def _glare(image: Picture, rng: np.random.Generator) -> Picture:
    height, width = image.shape[:2]
    light = np.zeros((height // 4 + 1, width // 4 + 1), np.float32)
    centre = int(rng.uniform(0, width / 4)), int(rng.uniform(0, height / 4))
    axes = int(rng.uniform(3, 16)), int(rng.uniform(2, 8))
    cv2.ellipse(light, centre, axes, float(rng.uniform(0, 180)), 0, 360, float(rng.uniform(40, 170)), -1)
    light = cv2.GaussianBlur(light, (0, 0), rng.uniform(2, 5))
    return _lit(image, np.asarray(cv2.resize(light, (width, height)), np.float32))


def _mud(image: Picture, rng: np.random.Generator) -> Picture:
    height, width = image.shape[:2]
    field = noise_field(height, width, int(rng.integers(4, 40)), rng)
    cover = np.clip((field - rng.uniform(0.65, 0.9)) * 4, 0, rng.uniform(0.3, 0.8))
    colour = np.array((rng.integers(40, 110), rng.integers(60, 130), rng.integers(80, 150)), np.float32)
    return np.asarray((image + (colour - image) * cover[..., None]).astype(np.uint8))


def _dirty_edges(image: Picture, rng: np.random.Generator) -> Picture:
    height, width = image.shape[:2]
    y = np.abs(np.linspace(-1, 1, height, dtype=np.float32))[:, None]
    x = np.abs(np.linspace(-1, 1, width, dtype=np.float32))[None, :]
    gain = 1 - np.float32(rng.uniform(0.1, 0.5)) * np.maximum(y**6, x**14)
    return _scaled(image, np.asarray(gain, np.float32))


def _scratches(image: Picture, rng: np.random.Generator) -> Picture:
    height, width = image.shape[:2]
    scratched = image.copy()
    for _ in range(int(rng.integers(1, 6))):
        begin = int(rng.integers(0, width)), int(rng.integers(0, height))
        end = begin[0] + int(rng.normal(0, 40)), begin[1] + int(rng.normal(0, 15))
        tone = int(rng.integers(40, 240))
        cv2.line(scratched, begin, end, (tone, tone, tone), 1, cv2.LINE_AA)
    return scratched


def _screw(image: Picture, rng: np.random.Generator) -> Picture:
    """A screw where the plate was fixed, sometimes through a character."""
    height, width = image.shape[:2]
    screwed = image.copy()
    tone = int(rng.choice((40, 90, 180, 220)))
    centre = int(rng.uniform(0.05, 0.95) * width), int(rng.uniform(0.1, 0.95) * height)
    cv2.circle(screwed, centre, int(rng.integers(2, 5)), (tone, tone, tone), -1, cv2.LINE_AA)
    return screwed


def _infrared(image: Picture, rng: np.random.Generator) -> Picture:
    """As an infrared lamp shows it: grey, mostly the red channel, flattened or glaring."""
    weights = (
        np.array([[0.1, 0.2, 0.7]], np.float32) if rng.random() < 0.6 else np.array([[0.114, 0.587, 0.299]], np.float32)
    )
    grey = cv2.transform(image, weights)
    contrast = rng.uniform(0.4, 1.3)
    grey = cv2.convertScaleAbs(grey, alpha=contrast, beta=rng.uniform(0, 255 * max(0.0, 1 - contrast)))
    return np.asarray(cv2.merge((grey, grey, grey)), np.uint8)


def _inverted(image: Picture, rng: np.random.Generator) -> Picture:
    return np.asarray(255 - image, np.uint8)


def _bent(image: Picture, rng: np.random.Generator) -> Picture:
    """A slight curve: columns move up and down, and crowd towards one side."""
    height, width = image.shape[:2]
    x = np.linspace(-1, 1, width, dtype=np.float32)
    lift = np.float32(rng.normal(0, 0.035) * height) * (x**2 - 0.33)
    shift = np.float32(rng.normal(0, 0.03) * width) * (x**2 - 1)
    columns = np.arange(width, dtype=np.float32)[None, :] + shift[None, :]
    rows = np.arange(height, dtype=np.float32)[:, None] + lift[None, :]
    columns = np.broadcast_to(columns, (height, width)).astype(np.float32)
    return np.asarray(cv2.remap(image, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _occluded(image: Picture, rng: np.random.Generator) -> Picture:
    """A tow ball, a cable or the edge of the boot before a little of the plate."""
    height, width = image.shape[:2]
    covered = image.copy()
    tone = int(rng.integers(10, 90))
    if rng.random() < 0.5:
        covered[: int(height * rng.uniform(0.05, 0.22))] = tone
    else:
        centre = int(rng.uniform(0, width)), int(height * rng.uniform(0.95, 1.1))
        cv2.circle(covered, centre, int(height * rng.uniform(0.1, 0.22)), (tone, tone, tone), -1, cv2.LINE_AA)
    return covered


_CHANGES: tuple[tuple[float, Callable[[Picture, np.random.Generator], Picture]], ...] = (
    (0.12, _mud),
    (0.25, _dirty_edges),
    (0.12, _scratches),
    (0.15, _screw),
    (0.06, _occluded),
    (0.3, _bent),
    (0.5, _gradient),
    (0.15, _shadow),
    (0.1, _glare),
    (0.15, _infrared),
    (0.02, _inverted),
)
