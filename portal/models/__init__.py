"""What the faces keep: nothing that decides."""

from portal.models.duty import Note, Shift, TurnedAway

__all__ = ["Note", "Shift", "TurnedAway"]
