"""A folder into which a camera (or a program) puts its pictures."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cameras.problems import Problem, SnapshotError

SUFFIXES = (".jpg", ".jpeg")
# Further behind than this, the oldest pictures are passed over: the vehicle at the gate matters, not the last one.
BACKLOG = 8


@dataclass(frozen=True, order=True)
class Found:
    """A picture of a folder; ordered by when it was written, then by name."""

    written_ns: int
    name: str
    path: Path

    @property
    def taken_at(self) -> datetime:
        return min(datetime.fromtimestamp(self.written_ns / 1e9, UTC), datetime.now(UTC))


def resolve(folder: str) -> Path:
    """The folder itself, links followed; raises `SnapshotError` (forbidden) outside `CAMERA_FOLDERS`."""
    path = Path(folder).resolve()
    allowed = [Path(root).resolve() for root in settings.CAMERA_FOLDERS]
    if not folder or not any(path.is_relative_to(root) for root in allowed):
        raise SnapshotError(Problem.FORBIDDEN, str(_("The folder is not one that cameras may use.")))
    return path


def problem(folder: str) -> Promise | str | None:
    """What is wrong with a folder that somebody typed; None where nothing is."""
    try:
        path = resolve(folder)
    except (SnapshotError, ValueError, OSError):
        return _("Choose a folder below those that the installation opens to cameras (CAMERA_FOLDERS).")
    return None if path.is_dir() else _("There is no such folder.")


def following(folder: str, after: tuple[int, str]) -> Found | None:
    """The first picture written after the one named by (time, name); at the very beginning the newest.

    None where there is none. Raises `SnapshotError`: forbidden, no_picture (an empty folder), not_found.
    """
    found = sorted(_pictures(resolve(folder)))
    if not found:
        raise SnapshotError(Problem.NO_PICTURE)
    newer = [one for one in found if (one.written_ns, one.name) > after]
    if after == BEGINNING:
        return found[-1]
    return newer[max(0, len(newer) - BACKLOG)] if newer else None


BEGINNING = (0, "")


def _pictures(folder: Path) -> Iterable[Found]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                # A link may lead out of the folder, so links are no pictures.
                if entry.name.lower().endswith(SUFFIXES) and entry.is_file(follow_symlinks=False):
                    stat = entry.stat(follow_symlinks=False)
                    yield Found(stat.st_mtime_ns, entry.name, Path(entry.path))
    except OSError as error:
        raise SnapshotError(Problem.NOT_FOUND, str(_("The folder cannot be read."))) from error


def read(found: Found) -> bytes:
    """The bytes of a picture; raises `SnapshotError` too_large, or no_picture where it is gone again."""
    try:
        with found.path.open("rb") as file:
            data = file.read(settings.UPLOAD_MAX_BYTES + 1)
    except OSError as error:
        raise SnapshotError(Problem.NO_PICTURE) from error
    if len(data) > settings.UPLOAD_MAX_BYTES:
        raise SnapshotError(Problem.TOO_LARGE)
    return data
