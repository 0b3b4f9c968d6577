"""Which commands' time is over, whatever was done to our clock.

The wall clock alone will not do: set back by an hour, it would leave a command without an end for an hour. So each
process also notes when it first saw a command under way, by a clock that nobody sets.
"""

from datetime import datetime, timedelta
from uuid import UUID

from gates import steady
from gates.models import GateCommand
from gates.states import UNDER_WAY

# How long after its end of life an answer may still be under way.
GRACE = timedelta(seconds=2)


class Watch:
    """The commands that are under way, and since when this process knows them."""

    def __init__(self) -> None:
        self._since: dict[UUID, float] = {}

    def find(self, now: datetime) -> list[GateCommand]:
        """Those whose life and grace are over: by the wall clock, or by how long they have been watched."""
        under_way = list(GateCommand.objects.filter(state__in=UNDER_WAY).select_related("gate"))
        moment = steady.now()
        self._since = {command.pk: self._since.get(command.pk, moment) for command in under_way}
        return [each for each in under_way if self._is_over(each, now, moment)]

    def _is_over(self, command: GateCommand, now: datetime, moment: float) -> bool:
        watched = timedelta(seconds=moment - self._since[command.pk])
        return command.expires_at + GRACE < now or command.expires_at - command.requested_at + GRACE < watched


# This process's own.
watch = Watch()
