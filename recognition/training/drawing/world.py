"""Plates of other countries, drawn loosely: many faces, grounds and ways of grouping."""

import cv2
import numpy as np

from recognition.training.drawing import texts
from recognition.training.drawing.faces import Face, random_face, true_type_names
from recognition.training.drawing.lettering import Area, Setting, set_line, set_word
from recognition.training.drawing.paint import bolt, frame, paint, plain, vary
from recognition.training.drawing.plate import Colour, Draft, Picture

DARK: Colour = (30, 28, 28)
WHITE: Colour = (232, 232, 230)
YELLOW: Colour = (20, 190, 235)

# Country letter, pattern with `|` and spaces where groups part.
EUROPEAN: tuple[tuple[str, str], ...] = (
    ("SK", "LL NNNLL"), ("SK", "LL-NNNLL"), ("CZ", "NLN NNNN"), ("CZ", "NLL NNNN"), ("RO", "L NN LLL"),
    ("RO", "LL NN LLL"), ("RO", "LL-NN-LLL"), ("PL", "LL NNNNN"), ("PL", "LLL NNNN"), ("PL", "LL NNNNL"),
    ("D", "L·LL NNNN"), ("D", "LL·LL NNN"), ("D", "LLL·L NNN"), ("E", "NNNN LLL"), ("F", "LL-NNN-LL"),
    ("H", "LLL-NNN"), ("I", "LL NNNLL"), ("NL", "LL-NNN-L"), ("P", "NN-LL-NN"), ("UA", "LL NNNN LL"),
)  # fmt: skip
AMERICAN = (
    "LLL NNNN", "LLL-NNNN", "NLLLNNN", "LLL NNN", "LLL-NNN", "LLNNNN", "NNN LLL", "NNN-LLL", "LLN LNL", "AAA AAAA",
    "AAA AAA", "AAAAAA", "AAAAAAA", "AAAAA", "LNN LLL", "NLL NNN", "AA AAAA", "AAAAAAAA", "NNLL NNN", "NNN LLLN",
)  # fmt: skip
STATES = (
    "CALIFORNIA", "TEXAS", "FLORIDA", "OHIO", "MISSOURI", "KANSAS", "NEW YORK", "ILLINOIS", "VIRGINIA", "OREGON",
    "ARIZONA", "GEORGIA", "NORTH CAROLINA", "MICHIGAN", "INDIANA", "UTAH", "COLORADO", "WASHINGTON", "MAINE", "IOWA",
)  # fmt: skip
SLOGANS = ("SHOW ME STATE", "THE LONE STAR STATE", "SUNSHINE STATE", "FIRST IN FLIGHT", "LAND OF LINCOLN", "DMV CA GOV")


def any_face(rng: np.random.Generator, own: tuple[str, ...] = ("mandatory", "fe")) -> Face:
    return random_face(rng, true_type_names() + own)


def _bare(line: str) -> str:
    return "".join(character for character in line if character.isalnum())


def indian(rng: np.random.Generator, text: str | None = None) -> Draft:
    """A state's plate in one line, 500 by 120 mm or what its owner had painted."""
    width, height = 256, int(rng.integers(52, 74))
    ground, colour = _indian_ground(width, height, rng)
    chosen = text or texts.indian(rng)
    setting = _loose(any_face(rng), rng)
    ink = np.zeros((height, width), np.uint8)
    left = width * (rng.uniform(0.09, 0.13) if rng.random() < 0.5 else rng.uniform(0.02, 0.06))
    if left > width * 0.08:
        _indian_band(ground, width, height, rng)
    letters = height * rng.uniform(0.52, 0.8)
    area = Area(left, (height - letters) / 2 + rng.uniform(-2, 2), width * 0.98 - left, letters)
    set_line(ink, _indian_groups(chosen, rng), area, setting, rng)
    return Draft(ground, ink, colour, chosen, embossed=float(rng.random() < 0.5))


def indian_two_lines(rng: np.random.Generator, text: str | None = None) -> Draft:
    """Two lines: the state, district and series above, the number below; or the number from its series on."""
    width, height = 200, int(rng.integers(110, 165))
    ground, colour = _indian_ground(width, height, rng)
    chosen = text or texts.indian(rng)
    cut = len(chosen) - 4 if rng.random() < 0.75 else min(4, len(chosen) - 4)
    ink = np.zeros((height, width), np.uint8)
    setting = _loose(any_face(rng), rng)
    for row, part in enumerate((chosen[:cut], chosen[cut:])):
        letters = height * rng.uniform(0.32, 0.41)
        top = height * (0.05 + 0.48 * row) + rng.uniform(0, 5)
        set_line(ink, _indian_groups(part, rng) if row == 0 else part, Area(10, top, width - 20, letters), setting, rng)
    return Draft(ground, ink, colour, chosen, 2, float(rng.random() < 0.5))


def _loose(face: Face, rng: np.random.Generator) -> Setting:
    return Setting(face, False, rng.uniform(0.08, 0.24), rng.uniform(0.65, 1.15), 0.02, rng.uniform(1.0, 1.6))


def _indian_groups(text: str, rng: np.random.Generator) -> str:
    kind = rng.random()
    if kind < 0.4:
        return text
    gap = " " if kind < 0.85 else ("-" if kind < 0.95 else "·")
    parts = [text[:2], text[2:4], text[4:-4], text[-4:]] if len(text) > 8 else [text[:4], text[4:]]
    return gap.join(part for part in parts if part)


def _indian_ground(width: int, height: int, rng: np.random.Generator) -> tuple[Picture, Colour]:
    options: tuple[tuple[Colour, Colour], ...] = (
        (WHITE, DARK), (WHITE, DARK), (WHITE, (90, 50, 30)), (YELLOW, DARK), (DARK, YELLOW), ((60, 120, 30), WHITE),
        (DARK, WHITE),
    )  # fmt: skip
    base, letter = options[int(rng.choice(7, p=(0.4, 0.22, 0.06, 0.18, 0.05, 0.05, 0.04)))]
    ground = plain(height, width, vary(base, rng))
    if rng.random() < 0.6:
        frame(ground, letter, rng.uniform(1, 4), int(rng.integers(1, 3)), 5)
    return ground, vary(letter, rng, 8)


def _indian_band(ground: Picture, width: int, height: int, rng: np.random.Generator) -> None:
    """IND in blue at the left, the wheel above it."""
    mask = np.zeros((height, width), np.uint8)
    set_word(mask, "IND", Area(width * 0.012, height * rng.uniform(0.45, 0.75), width * 0.06, height * 0.16))
    ground[:] = paint(ground, mask, (170, 80, 20))
    if rng.random() < 0.6:
        cv2.circle(ground, (round(width * 0.042), round(height * 0.25)), round(height * 0.09), (190, 150, 120), 1)


def european(rng: np.random.Generator, text: str | None = None) -> Draft:
    """520 by 110 mm with the blue band of the Union at the left."""
    width, height = 256, 55
    country, pattern = EUROPEAN[int(rng.integers(len(EUROPEAN)))]
    line = texts.fill(pattern, rng) if text is None else text
    ground = plain(height, width, vary(WHITE if rng.random() < 0.93 else YELLOW, rng, 8))
    band = width * (rng.uniform(0.07, 0.095) if rng.random() < 0.85 else 0.02)
    if band > 10:
        _blue_band(ground, country, round(band), rng)
    ink = np.zeros((height, width), np.uint8)
    setting = Setting(any_face(rng, ("fe", "fe", "mandatory", "mandatory")), False, rng.uniform(0.1, 0.2), rng.uniform(0.72, 1))
    letters = height * rng.uniform(0.64, 0.74)
    set_line(ink, line, Area(band + 4, (height - letters) / 2, width - band - 9, letters), setting, rng)
    if rng.random() < 0.6:
        frame(ground, DARK, 1, 1, 4)
    return Draft(ground, ink, vary(DARK, rng, 8), _bare(line))


def _blue_band(ground: Picture, country: str, band: int, rng: np.random.Generator) -> None:
    height, width = ground.shape[:2]
    ground[:, :band] = vary((150, 60, 10), rng, 14)
    for angle in np.arange(0, 2 * np.pi, np.pi / 6):
        x, y = band * (0.5 + 0.3 * np.cos(angle)), height * 0.3 + band * 0.3 * np.sin(angle)
        cv2.circle(ground, (round(x), round(y)), 0, (60, 210, 230), -1)
    mask = np.zeros((height, width), np.uint8)
    set_word(mask, country, Area(1, height * 0.66, band - 2, height * 0.2))
    ground[:] = paint(ground, mask, WHITE)


def british(rng: np.random.Generator, text: str | None = None) -> Draft:
    """520 by 111 mm, white in front and yellow behind."""
    width, height = 256, 56
    pattern = ("LLNN LLL", "LLNN LLL", "LLNN LLL", "LNNN LLL", "LNN LLL", "LLL NNNL")[int(rng.integers(6))]
    line = texts.fill(pattern, rng) if text is None else text
    ground = plain(height, width, vary(WHITE if rng.random() < 0.5 else YELLOW, rng))
    band = width * (0.09 if rng.random() < 0.4 else 0.02)
    if band > 10:
        _blue_band(ground, "GB", round(band), rng)
    ink = np.zeros((height, width), np.uint8)
    face = random_face(rng, ("mandatory",)) if rng.random() < 0.7 else any_face(rng)
    letters = height * rng.uniform(0.66, 0.74)
    setting = Setting(face, False, rng.uniform(0.1, 0.17), rng.uniform(0.88, 1.05))
    set_line(ink, line, Area(band + 5, (height - letters) / 2, width - band - 10, letters), setting, rng)
    return Draft(ground, ink, vary(DARK, rng, 8), _bare(line), embossed=0.2)


def american(rng: np.random.Generator, text: str | None = None) -> Draft:
    """12 by 6 inches: the state above, a slogan below, stickers in the corners, a picture behind."""
    width, height = 256, 128
    line = texts.mixed(texts.pick(AMERICAN, rng), rng) if text is None else text
    ground = _american_ground(width, height, rng)
    mask = np.zeros((height, width), np.uint8)
    set_word(mask, texts.pick(STATES, rng), Area(60, height * 0.05, width - 120, height * rng.uniform(0.1, 0.16)))
    if rng.random() < 0.6:
        set_word(mask, texts.pick(SLOGANS, rng), Area(60, height * 0.87, width - 120, height * 0.08))
    ground = paint(ground, mask, vary((140, 60, 40) if rng.random() < 0.5 else (40, 30, 160), rng, 25))
    _stickers(ground, rng)
    ink = np.zeros((height, width), np.uint8)
    letters = height * rng.uniform(0.44, 0.6)
    setting = Setting(any_face(rng), False, rng.uniform(0.1, 0.2), rng.uniform(0.6, 1.0), spread=1.2)
    set_line(ink, line, Area(10, (height - letters) / 2 + rng.uniform(-4, 8), width - 20, letters), setting, rng)
    inks: tuple[Colour, ...] = (DARK, (110, 40, 30), (40, 30, 150), (60, 90, 20), (60, 40, 40))
    colour = inks[int(rng.integers(len(inks)))]
    return Draft(ground, ink, vary(colour, rng, 12), _bare(line))


def _american_ground(width: int, height: int, rng: np.random.Generator) -> Picture:
    upper = np.array(vary((rng.integers(170, 250), rng.integers(180, 250), rng.integers(170, 250)), rng), np.float32)
    lower = np.array(vary((rng.integers(170, 250), rng.integers(180, 250), rng.integers(170, 250)), rng), np.float32)
    share = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    ground = np.repeat(upper * (1 - share) + lower * share, width, axis=1).astype(np.uint8)
    for _ in range(int(rng.integers(0, 4))):
        centre = int(rng.integers(0, width)), int(rng.integers(0, height))
        size = int(rng.integers(10, 60)), int(rng.integers(5, 30))
        cv2.ellipse(ground, centre, size, float(rng.uniform(0, 180)), 0, 360, vary((200, 200, 200), rng, 30), -1)
    return cv2.blur(ground, (5, 5))


def _stickers(ground: Picture, rng: np.random.Generator) -> None:
    height, width = ground.shape[:2]
    for x in (12, width - 40):
        for y in (6, height - 24):
            if rng.random() < 0.35:
                colour = (int(rng.integers(0, 255)), int(rng.integers(0, 255)), int(rng.integers(0, 255)))
                cv2.rectangle(ground, (x, y), (x + 26, y + 16), colour, -1)
            if rng.random() < 0.5:
                bolt(ground, x + 20, y + 6, 3, rng)


def other(rng: np.random.Generator, text: str | None = None) -> Draft:
    """Argentina, Paraguay and whatever has five to eight letters and digits."""
    width, height = 256, int(rng.integers(60, 90))
    pattern = ("LL NNN LL", "LLLL NNN", "AAAAA", "AAAAAA", "AAAA AAA", "AAAAAAAA")[int(rng.integers(6))]
    line = texts.mixed(pattern, rng) if text is None else text
    dark = rng.random() < 0.3
    ground = plain(height, width, vary(DARK if dark else WHITE, rng, 15))
    if not dark and rng.random() < 0.6:
        ground[: height // 5] = vary((165, 62, 10), rng, 14)
    ink = np.zeros((height, width), np.uint8)
    letters = height * rng.uniform(0.5, 0.62)
    setting = Setting(any_face(rng), False, rng.uniform(0.1, 0.2), rng.uniform(0.7, 1.1))
    set_line(ink, line, Area(10, height * 0.58 - letters / 2, width - 20, letters), setting, rng)
    return Draft(ground, ink, vary(WHITE if dark else DARK, rng, 10), _bare(line))
