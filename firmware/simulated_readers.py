"""Readers at a board that is a process: each is a file, to which a test adds lines, each a frame of 0 and 1."""

import os

from store import Store


def add(board, simulated):
    """Give a board its readers, and the flash that their list lies in."""
    board.frames = Readers(simulated["readers"]).frames
    board.store = lambda: Store(simulated.get("flash", ""), board.log)


class Readers:
    def __init__(self, paths):
        # What was presented before we were started was presented to nobody.
        self._files = {number: [path, _size(path)] for number, path in paths.items()}

    def frames(self, number):
        """What came from a relay's reader since it was asked last."""
        reader = self._files.get(str(number))
        if reader is None or _size(reader[0]) <= reader[1]:
            return []
        with open(reader[0]) as file:
            file.seek(reader[1])
            text = file.read()
        whole = text[: text.rfind("\n") + 1]
        reader[1] += len(whole)
        return whole.split()


def _size(path):
    try:
        return os.stat(path)[6]
    except OSError:  # not there yet
        return 0
