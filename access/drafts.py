"""An archive that is being written, in several goes: the ZIP as far as it is, and a line for each passage in it."""

import zipfile
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Literal
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from access import evidence
from access.models import SubjectRequest


@dataclass(frozen=True, slots=True)
class Draft:
    """Two files beside the requests' archives, readable for the site's own account only. Empty: none was begun."""

    name: str

    @classmethod
    def begin(cls, request: SubjectRequest) -> "Draft":
        draft = cls(f"{request.condominium_id}/requests/{uuid4()}.part")
        for name in draft.names:
            default_storage.save(name, ContentFile(b""))
        return draft

    @property
    def names(self) -> list[str]:
        return [self.name, f"{self.name}.lines"] if self.name else []

    def zipped(self) -> zipfile.ZipFile:
        """To go on with; nothing of it holds before it is closed."""
        return zipfile.ZipFile(_path(self.name), "a", zipfile.ZIP_DEFLATED)

    def lines(self, mode: Literal["a", "r"]) -> TextIOWrapper:
        return _path(self.names[1]).open(mode, encoding="utf-8")

    def opened(self) -> IO[bytes]:
        return _path(self.name).open("rb")

    def remove(self) -> None:
        evidence.remove([], self.names)


def _path(name: str) -> Path:
    return Path(default_storage.path(name))
