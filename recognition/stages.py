"""The stages of a reading as pictures, for whoever wants to see why a plate was read as it was."""

import re
from pathlib import Path
from typing import Protocol

import cv2

from recognition.reads import Image


class Stages(Protocol):
    """Takes pictures of stages. `wanted` lets an engine skip drawing what nobody looks at."""

    wanted: bool

    def add(self, name: str, picture: Image) -> None: ...


class NoStages:
    wanted = False

    def add(self, name: str, picture: Image) -> None:
        """Nobody looks."""


class FolderStages:
    """Writes `<picture>-<number>-<stage>.png` into a folder, which is made."""

    wanted = True

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.begin("picture")

    def begin(self, picture: str) -> None:
        """Stages added from here on belong to this picture."""
        self.picture = re.sub(r"[^\w.-]+", "_", picture)
        self.count = 0

    def add(self, name: str, picture: Image) -> None:
        self.count += 1
        path = self.folder / f"{self.picture}-{self.count:02d}-{name}.png"
        if picture.size and not cv2.imwrite(str(path), picture):
            raise OSError(f"{path} could not be written")
