"""Any other make: somebody wrote down where the picture is."""

from collections.abc import Sequence

from cameras.makes.base import Ask, Channel


class Generic:
    def __init__(self, template: str) -> None:
        self._template = template

    def picture_paths(self, channel: int) -> Sequence[str]:
        return (self._template.replace("{channel}", str(channel)),)

    def channels(self, ask: Ask) -> list[Channel] | None:
        """It tells nothing, so its channels are found by asking for their pictures."""
        return None if "{channel}" in self._template else [Channel(1, "")]
