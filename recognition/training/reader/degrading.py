"""What cameras do to a picture: blur, noise, light, compression, too few pixels. Grey levels, uint8."""

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Generator = np.random.Generator


def grey_of(rng: Generator, picture: NDArray[np.uint8]) -> Grey:
    """Grey out of BGR with weights by chance: cameras differ in colour, and infrared knows none."""
    weights = np.array([[0.114, 0.587, 0.299]], np.float32)
    if rng.random() < 0.5:
        weights = rng.dirichlet([1.2, 3.0, 2.0])[None].astype(np.float32)
    return np.asarray(cv2.transform(picture, weights), np.uint8)


def degraded(rng: Generator, picture: Grey, strength: float = 1.0) -> Grey:
    """The picture after a chain of mishaps by chance; `strength` 0..1 says how often they happen."""
    if rng.random() < 0.35 * strength:
        picture = shaken(rng, picture)
    if rng.random() < 0.45 * strength:
        picture = _blurred(rng, picture)
    if rng.random() < 0.3 * strength:
        picture = _coarse(rng, picture)
    picture = _lit(rng, picture, strength)
    if rng.random() < 0.15 * strength:
        picture = _sharpened(rng, picture)
    if rng.random() < 0.6 * strength:
        picture = _noisy(rng, picture)
    if rng.random() < 0.55 * strength:
        picture = _compressed(rng, picture)
    return picture


def shaken(rng: Generator, picture: Grey) -> Grey:
    """Motion blur: a line of up to a tenth of the picture's width, mostly short, in any direction."""
    length = 1 + picture.shape[1] * min(0.09, rng.exponential(0.012))
    angle = rng.uniform(0, np.pi)
    side = 2 * int(length / 2) + 3
    kernel = np.zeros((side, side), np.float32)
    centre, reach = side / 2, np.array([np.cos(angle), np.sin(angle)]) * length / 2
    ends = [tuple(round(float((centre + sign * part) * 16 - 8)) for part in reach) for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0, 1, cv2.LINE_AA, 4)
    total = kernel.sum()
    return picture if total <= 0 else np.asarray(cv2.filter2D(picture, -1, kernel / total), np.uint8)


def _blurred(rng: Generator, picture: Grey) -> Grey:
    sigma = 0.3 + min(2.5, rng.exponential(picture.shape[1] * 0.006))
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)


def _coarse(rng: Generator, picture: Grey) -> Grey:
    """Fewer pixels: shrunk and later stretched again."""
    rows, columns = picture.shape
    share = rng.uniform(0.45, 0.9)
    size = (max(24, int(columns * share)), max(10, int(rows * share)))
    method = cv2.INTER_AREA if rng.random() < 0.6 else cv2.INTER_NEAREST
    return np.asarray(cv2.resize(picture, size, interpolation=method), np.uint8)


def _lit(rng: Generator, picture: Grey, strength: float) -> Grey:
    """Gamma, contrast and brightness; now and then nearly black, nearly white, or negative."""
    levels = np.arange(256, dtype=np.float32) / 255
    levels = levels ** np.exp(rng.normal(0, 0.35 * strength))
    contrast = np.exp(rng.normal(-0.1, 0.3 * strength)) * (0.3 if rng.random() < 0.08 * strength else 1.0)
    middle = float(np.clip(rng.normal(0.5, 0.14 * strength), 0.12, 0.88))
    levels = (levels - 0.5) * contrast + middle
    if rng.random() < 0.06:
        levels = 1 - levels
    table = np.clip(levels * 255, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(picture, table), np.uint8)


def _sharpened(rng: Generator, picture: Grey) -> Grey:
    soft = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.8, 1.8))
    amount = rng.uniform(0.3, 1.5)
    return np.asarray(cv2.addWeighted(picture, 1 + amount, soft, -amount, 0), np.uint8)


def _noisy(rng: Generator, picture: Grey) -> Grey:
    noise = np.empty(picture.shape, np.int16)
    cv2.setRNGSeed(int(rng.integers(1, 2**31 - 1)))
    cv2.randn(noise, np.zeros(1), np.full(1, min(28.0, 1 + rng.exponential(6.0))))
    if rng.random() < 0.3:
        noise = np.asarray(cv2.GaussianBlur(noise, (3, 3), 0), np.int16)
    return np.asarray(cv2.add(picture, noise, dtype=cv2.CV_8U), np.uint8)


def _compressed(rng: Generator, picture: Grey) -> Grey:
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(18, 90))])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8) if done else picture


def shaded(rng: Generator, picture: Grey) -> Grey:
    """A shadow with a hard or soft edge, or a glare, laid across."""
    rows, columns = picture.shape
    small = np.ones((16, 24), np.float32)
    points = rng.uniform([-6, -4], [30, 20], (int(rng.integers(3, 5)), 2)).astype(np.int32)
    gain = rng.uniform(0.35, 0.8) if rng.random() < 0.75 else rng.uniform(1.2, 2.0)
    mask = cv2.resize(small, (columns, rows))
    scale = np.array([columns / 24, rows / 16])
    cv2.fillPoly(mask, [(points * scale).astype(np.int32)], float(gain), cv2.LINE_AA)
    if rng.random() < 0.6:
        mask = cv2.GaussianBlur(mask, (0, 0), columns * rng.uniform(0.004, 0.06))
    return np.asarray(cv2.multiply(picture, mask, dtype=cv2.CV_8U), np.uint8)
