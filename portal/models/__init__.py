"""What the faces keep: nothing that decides."""

from portal.models.duty import Note, Shift, TurnedAway
from portal.models.invitation import Invitation

__all__ = ["Invitation", "Note", "Shift", "TurnedAway"]
