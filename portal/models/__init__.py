"""What the faces keep: nothing that decides."""

from portal.models.invitation import Invitation

__all__ = ["Invitation"]
