"""Plates of the United States, drawn loosely: no state is copied."""

import cv2
import numpy as np

from recognition.training.drawing import texts
from recognition.training.drawing.chance import banked, pick
from recognition.training.drawing.faces import any_face
from recognition.training.drawing.lettering import Area, Setting, set_line, set_word
from recognition.training.drawing.paint import DARK, bolt, frame, paint, vary
from recognition.training.drawing.plate import Colour, Draft, Mask, Picture

SIZE = (256, 128)
INKS: tuple[Colour, ...] = (DARK, (110, 40, 30), (40, 30, 150), (60, 90, 20), (60, 40, 40))
PATTERNS = (
    "LLL NNNN", "LLL-NNNN", "NLLLNNN", "LLL NNN", "LLL-NNN", "LLNNNN", "NNN LLL", "NNN-LLL", "LLN LNL", "AAA AAAA",
    "AAA AAA", "AAAAAA", "AAAAAAA", "AAAAA", "LNN LLL", "NLL NNN", "AA AAAA", "AAAAAAAA", "NNLL NNN", "NNN LLLN",
    "LLL*NNNN", "LLL*NNN", "AAA*AAA", "LLN*LNL", "LL*NNNN", "*AAAAAA", "AAA*AAAA", "NLLLNNN", "NLLLNNN", "NLLLNNN",
    "NNNLLL", "NNN#LLL",
)  # fmt: skip
# States change their patterns, and owners choose their own texts: half of the plates follow none.
ANY = ("AAAAAA", "AAAAAAA", "AAA AAAA", "AAA AAA", "AA AAAA", "AAA*AAA", "AAA*AAAA", "AAAA AA", "AAA-AAA", "AAA-AAAA",
       "AAA#AAA", "#AAAAAA", "AAA#AAAA", "#AAAAA", "AA#AAAA")  # fmt: skip
STATES = (
    "CALIFORNIA", "TEXAS", "FLORIDA", "OHIO", "MISSOURI", "KANSAS", "NEW YORK", "ILLINOIS", "VIRGINIA", "OREGON",
    "ARIZONA", "GEORGIA", "NORTH CAROLINA", "MICHIGAN", "INDIANA", "UTAH", "COLORADO", "WASHINGTON", "MAINE", "IOWA",
)  # fmt: skip
SLOGANS = ("SHOW ME STATE", "THE LONE STAR STATE", "SUNSHINE STATE", "FIRST IN FLIGHT", "LAND OF LINCOLN", "DMV CA GOV")

DEALERS = (
    "VOLKSWAGEN", "REDWOOD CITY", "TOYOTA", "CAPITOL", "PENSKE", "HONDA OF THE BAY", "STEVENS CREEK", "NORTH MIAMI",
    "LINCOLN MERCURY", "IT AIN T EASY", "LONE STAR CHEVROLET", "AUTO MALL", "WE LOVE OUR CUSTOMERS", "ALUMNI", "NISSAN",
    "FORD",
)  # fmt: skip


def american(rng: np.random.Generator, text: str | None = None) -> Draft:
    """12 by 6 inches: the state above, a slogan below, stickers in the corners, a picture behind."""
    width, height = SIZE
    line = texts.mixed(pick(ANY if rng.random() < 0.5 else PATTERNS, rng), rng) if text is None else text
    ground = printed_ground(rng).copy()
    ink = np.zeros((height, width), np.uint8)
    letters, margin = height * rng.uniform(0.4, 0.6), rng.uniform(6, 30)
    setting = Setting(any_face(rng), False, rng.uniform(0.1, 0.2), rng.uniform(0.5, 1.0), spread=1.2)
    top = (height - letters) / 2 + rng.uniform(-4, 8)
    set_line(ink, line, Area(margin, top, width - 2 * margin, letters), setting, rng)
    if rng.random() < 0.35:
        _surround(ground, ink, (top, top + letters), rng)
    return Draft(ground, ink, vary(pick(INKS, rng), rng, 12), texts.bare(line))


def _surround(ground: Picture, ink: Mask, letters: tuple[float, float], rng: np.random.Generator) -> None:
    """A dealer's frame with a word or two on it, which may cover the ends of the letters."""
    width, height = SIZE
    upper, lower = round(letters[0] + rng.uniform(-18, 3)), round(letters[1] + rng.uniform(-3, 18))
    side = int(rng.integers(3, 10))
    cover = np.full((height, width), 255, np.uint8)
    cover[max(4, upper) : min(height - 4, lower), side : width - side] = 0
    words = np.zeros((height, width), np.uint8)
    for y, tall in ((0, upper), (lower, height - lower)):
        if tall >= 10 and rng.random() < 0.75:
            set_word(words, pick(DEALERS, rng), Area(30, y + tall * 0.2, width - 60, tall * rng.uniform(0.5, 0.7)))
    dark = rng.random() < 0.7
    ground[:] = paint(ground, cover, vary((25, 25, 25) if dark else (190, 190, 190), rng, 20))
    ground[:] = paint(ground, words, vary((230, 230, 230) if dark else (40, 30, 30), rng, 20))
    ink[cover > 0] = 0


def _ground(rng: np.random.Generator) -> Picture:
    """All but the letters."""
    width, height = SIZE
    ground = _picture(width, height, rng)
    mask = np.zeros((height, width), np.uint8)
    set_word(mask, pick(STATES, rng), Area(60, height * 0.05, width - 120, height * rng.uniform(0.1, 0.16)))
    if rng.random() < 0.6:
        set_word(mask, pick(SLOGANS, rng), Area(60, height * 0.87, width - 120, height * 0.08))
    ground = paint(ground, mask, vary((140, 60, 40) if rng.random() < 0.5 else (40, 30, 160), rng, 25))
    _stickers(ground, rng)
    if rng.random() < 0.3:
        frame(ground, pick((DARK, (160, 160, 160), (120, 30, 20)), rng), 2, int(rng.integers(2, 9)), 6)
    return ground


def _picture(width: int, height: int, rng: np.random.Generator) -> Picture:
    """A gradient of two pale colours with a few soft shapes."""
    upper = np.array(_pale(rng), np.float32)
    lower = np.array(_pale(rng), np.float32)
    share = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    ground = np.repeat(upper * (1 - share) + lower * share, width, axis=1).astype(np.uint8)
    for _ in range(int(rng.integers(0, 4))):
        centre = int(rng.integers(0, width)), int(rng.integers(0, height))
        size = int(rng.integers(10, 60)), int(rng.integers(5, 30))
        cv2.ellipse(ground, centre, size, float(rng.uniform(0, 180)), 0, 360, vary((200, 200, 200), rng, 30), -1)
    return np.asarray(cv2.blur(ground, (5, 5)), np.uint8)


def _pale(rng: np.random.Generator) -> Colour:
    return int(rng.integers(170, 250)), int(rng.integers(180, 250)), int(rng.integers(170, 250))


def _stickers(ground: Picture, rng: np.random.Generator) -> None:
    height, width = ground.shape[:2]
    for x in (12, width - 40):
        for y in (6, height - 24):
            if rng.random() < 0.35:
                colour = (int(rng.integers(0, 255)), int(rng.integers(0, 255)), int(rng.integers(0, 255)))
                cv2.rectangle(ground, (x, y), (x + 26, y + 16), colour, -1)
            if rng.random() < 0.5:
                bolt(ground, x + 20, y + 6, 3, rng)


printed_ground = banked(_ground, 256)
