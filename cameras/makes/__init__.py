"""The makes of recorders, one a file: where their pictures are, and what they call their channels."""

from cameras.makes import dahua, generic, hikvision
from cameras.makes.base import Channel, Make
from cameras.models import Make as Name
from cameras.models import Recorder

__all__ = ["Channel", "Make", "of"]


def of(recorder: Recorder) -> Make:
    """How to speak to a recorder; raises `ValueError` for a make that nobody wrote down."""
    if recorder.make == Name.INTELBRAS:
        return dahua.Dahua()
    if recorder.make == Name.HIKVISION:
        return hikvision.Hikvision()
    if recorder.make == Name.GENERIC:
        return generic.Generic(recorder.snapshot_path)
    raise ValueError(f"no recorder is of the make {recorder.make!r}")
