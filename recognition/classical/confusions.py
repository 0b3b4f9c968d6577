"""What Tesseract takes plate characters for.

`LOOK_ALIKES` is judgement: shapes that plates' typefaces hardly tell apart. `MEASURED` was counted on the Brazilian
street pictures (set `br_street`, plates of both kinds, the two pictures of a line that the engine gives to Tesseract):
the Mercosul zero with its slanted bar, for one, is read as G as often as not. Both together are `SPREADING`.
"""

import re

import numpy as np
from numpy.typing import NDArray

from recognition.reads import POSITION

# Seen → what it may be instead, with weights; the remainder stays with what was seen.
LOOK_ALIKES: dict[str, dict[str, float]] = {
    "0": {"O": 0.22, "D": 0.10, "Q": 0.08, "G": 0.05, "C": 0.03, "U": 0.02, "6": 0.03, "8": 0.03},
    "1": {"I": 0.25, "L": 0.05, "J": 0.05, "T": 0.04, "7": 0.03, "4": 0.02},
    "2": {"Z": 0.20, "7": 0.03},
    "3": {"B": 0.06, "J": 0.04, "8": 0.05, "5": 0.03, "9": 0.03},
    "4": {"A": 0.15, "L": 0.03, "1": 0.02},
    "5": {"S": 0.20, "6": 0.03, "9": 0.03, "3": 0.03, "8": 0.03},
    "6": {"G": 0.15, "8": 0.05, "0": 0.03, "5": 0.03},
    "7": {"T": 0.10, "Z": 0.06, "Y": 0.04, "1": 0.03, "2": 0.02},
    "8": {"B": 0.20, "6": 0.04, "3": 0.03, "0": 0.03, "9": 0.03},
    "9": {"G": 0.05, "Q": 0.04, "P": 0.03, "3": 0.03, "0": 0.03, "8": 0.03},
    "A": {"4": 0.15, "R": 0.03},
    "B": {"8": 0.30, "R": 0.03, "E": 0.02, "3": 0.04, "6": 0.02},
    "C": {"G": 0.06, "0": 0.04, "O": 0.05, "6": 0.03},
    "D": {"0": 0.15, "O": 0.20, "Q": 0.06, "B": 0.02},
    "E": {"F": 0.08, "6": 0.05, "8": 0.02, "B": 0.02},
    "F": {"P": 0.06, "E": 0.05, "7": 0.02},
    "G": {"6": 0.22, "0": 0.10, "C": 0.06, "O": 0.08, "Q": 0.04, "D": 0.04, "9": 0.02, "8": 0.03},
    "H": {"W": 0.06, "M": 0.06, "N": 0.05, "4": 0.02},
    "I": {"1": 0.40, "L": 0.04, "J": 0.05, "T": 0.04, "7": 0.02},
    "J": {"1": 0.10, "3": 0.05, "I": 0.05, "U": 0.03, "9": 0.02},
    "K": {"X": 0.08, "H": 0.02, "R": 0.02},
    "L": {"1": 0.15, "I": 0.08, "4": 0.04, "J": 0.03, "U": 0.02},
    "M": {"H": 0.08, "W": 0.06, "N": 0.05},
    "N": {"M": 0.05, "H": 0.05, "W": 0.05},
    "O": {"0": 0.40, "D": 0.10, "Q": 0.10, "G": 0.04, "C": 0.02, "8": 0.02, "6": 0.02},
    "P": {"F": 0.06, "R": 0.05, "9": 0.02},
    "Q": {"0": 0.12, "O": 0.20, "D": 0.04, "G": 0.04},
    "R": {"P": 0.03, "A": 0.04, "K": 0.03, "8": 0.02, "2": 0.01},
    "S": {"5": 0.35, "8": 0.06, "9": 0.05, "3": 0.03, "2": 0.02},
    "T": {"1": 0.07, "7": 0.15, "I": 0.08, "Y": 0.05},
    "U": {"0": 0.05, "O": 0.05, "J": 0.04, "V": 0.05, "W": 0.02},
    "V": {"Y": 0.15, "U": 0.05, "W": 0.04},
    "W": {"M": 0.10, "N": 0.06, "H": 0.05, "V": 0.04},
    "X": {"K": 0.12, "Y": 0.06},
    "Y": {"V": 0.15, "T": 0.05, "X": 0.05, "7": 0.05},
    "Z": {"2": 0.45, "7": 0.06},
}

# Seen → what it was, and how often; single cases are left out.
MEASURED: dict[str, str] = {
    "0": "050 C6 O6 Q5",
    "1": "1103 I25 W2",
    "2": "2112 Z9 13 82",
    "3": "3123",
    "4": "4129 17 M2",
    "5": "5111 62 92",
    "6": "6115 G11 010 44",
    "7": "7162 13",
    "8": "8139 92",
    "9": "9109",
    "A": "A29",
    "B": "B38",
    "C": "C40",
    "D": "D39",
    "E": "E42 F3",
    "F": "F48",
    "G": "039 G39 62",
    "H": "H55 M8",
    "I": "I18 113 J9 95",
    "J": "J57",
    "K": "K153",
    "L": "L156",
    "M": "M35",
    "N": "N49",
    "O": "O35 06 Q5 C2",
    "P": "P46 R4",
    "Q": "Q37 W3",
    "R": "R62",
    "S": "S44 59 37 83 92",
    "T": "T48",
    "U": "U38",
    "V": "V35 Y2",
    "W": "W15 K2",
    "X": "X28",
    "Y": "Y32 V5 K3",
    "Z": "Z21 32",
}

_JUDGEMENT = 20  # observations that the judgement is worth
_ANYTHING = 0.002


def _spreading() -> NDArray[np.float32]:
    """Row: what was seen; column: what it may be; rows sum to 1."""
    table = np.full((36, 36), _ANYTHING, np.float32)
    for seen, others in LOOK_ALIKES.items():
        row = POSITION[seen]
        for other, weight in others.items():
            table[row, POSITION[other]] = weight
        table[row, row] = 1.0 - sum(others.values())
    table *= _JUDGEMENT / table.sum(axis=1, keepdims=True)
    for seen, counts in MEASURED.items():
        for other, count in re.findall(r"(\w)(\d+)", counts):
            table[POSITION[seen], POSITION[other]] += int(count)
    return np.asarray(table / table.sum(axis=1, keepdims=True), np.float32)


SPREADING = _spreading()
