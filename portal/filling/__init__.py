"""An installation of any size, invented: to see that pages stay fast before somebody's real one is that large."""

from portal.filling.filling import FillError, Size, fill

__all__ = ["FillError", "Size", "fill"]
