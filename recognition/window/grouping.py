"""Windows that show the same plate, taken together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recognition.reads import Box, Probabilities
from recognition.window.network import Window

_SAME = 0.3  # overlap from which two windows show one plate
_LEAST = 1e-4  # no window may veto a character for ever


@dataclass(slots=True)
class Group:
    """Windows of one plate, the surest first."""

    windows: list[Window]

    @property
    def presence(self) -> float:
        return self.windows[0].presence

    def box(self, width: int, height: int) -> Box:
        """Where the plate is, in a picture of that size: what nearly all of its windows have in common."""
        edges = np.array([window.edges for window in self.windows])
        left, top = np.percentile(edges[:, :2], 75, axis=0)
        right, bottom = np.percentile(edges[:, 2:], 25, axis=0)
        if right - left < 8 or bottom - top < 4:
            left, top, right, bottom = self.windows[0].edges
        left, top = max(0, round(float(left))), max(0, round(float(top)))
        right, bottom = min(width, round(float(right))), min(height, round(float(bottom)))
        return Box(left, top, max(1, right - left), max(1, bottom - top))


def group(windows: Sequence[Window], most: int) -> list[Group]:
    """The windows, which come surest first, in groups of at most `most`; a group is known by its surest window."""
    groups: list[Group] = []
    for window in windows:
        own = next((each for each in groups if _overlap(each.windows[0], window) >= _SAME), None)
        if own is None:
            groups.append(Group([window]))
        elif len(own.windows) < most:
            own.windows.append(window)
    return groups


def _overlap(one: Window, other: Window) -> float:
    """Intersection over union of two windows."""
    (a, b, c, d), (e, f, g, h) = one.edges, other.edges
    shared = max(0.0, min(c, g) - max(a, e)) * max(0.0, min(d, h) - max(b, f))
    return shared / ((c - a) * (d - b) + (g - e) * (h - f) - shared)


def fuse(characters: Probabilities, weights: Sequence[float]) -> Probabilities:
    """The weighted mean of the logarithms of distributions (n, 7, 36), as one (7, 36) whose rows sum to 1.

    A mean and not a sum: windows of one picture a few pixels apart are no independent witnesses.
    """
    logs = np.average(np.log(np.clip(characters, _LEAST, 1.0)), axis=0, weights=weights)
    raised = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)
