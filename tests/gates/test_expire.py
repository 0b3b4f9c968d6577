"""A command expires in its controller's own clock, which no crystal keeps quite right: how early or late that is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from hypothesis import assume, example, given
from hypothesis import strategies as st

from gates import controllers
from gates.models import Controller
from tests.firmware.test_obey_once import SESSION, controller, obey, payload, said

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
# Of a crystal some ten-thousandths are usual. A board's resonator in the heat of a gatepost is far from a tenth.
WORST = 0.1


class Meeting:
    """A heartbeat that was under way for a while, an opening asked for some time after, and its delivery: all in ms."""

    def __init__(self, drift: float, under_way: int, age: int, life: int) -> None:
        self.drift, self.under_way, self.age, self.life = drift, under_way, age, life

    def expiry(self) -> int:
        """As the server computes it when it sends."""
        heard_at = NOON - timedelta(milliseconds=self.age)
        row = Controller(
            online=True, session=SESSION, heard_at=heard_at, uptime_ms=self._shown(-self.age - self.under_way)
        )
        with time_machine.travel(NOON, tick=False):
            return controllers.uptime_in(row, timedelta(milliseconds=self.life))

    def pulses(self, after: int) -> bool:
        """Whether the relay moves where the command arrives so long after it was sent."""
        answers = said(obey(controller(), payload(expires=self.expiry()), self._shown(after)))
        assert answers in ([("accepted", ""), ("pulsed", "")], [("refused", "too_late")])
        return answers[0][0] == "accepted"

    def _shown(self, moment: int) -> int:
        """What the board's clock shows at a moment of the server's; it was at a million when the command was sent."""
        return 1_000_000 + round(moment * (1 + self.drift))

    @property
    def early(self) -> float:
        """How much sooner than its life it may expire: by a clock that is fast, and by the heartbeat's way."""
        return self.under_way + max(0.0, self.drift) * (self.age + self.under_way + self.life) + 2

    @property
    def late(self) -> float:
        """How much later: by a clock that is slow, since the heartbeat."""
        slow = max(0.0, -self.drift)
        return slow * (self.age + self.life) / (1 - slow) + 2


meetings: Any = st.builds(
    Meeting,
    drift=st.floats(-WORST, WORST),
    under_way=st.integers(0, 2000),
    age=st.integers(0, 10_000),
    life=st.integers(500, 10_000),
)


@given(meetings, st.floats(0, 1))
@example(Meeting(WORST, 0, 10_000, 2000), 0.0)
def test_in_time_is_obeyed_in_spite_of_the_drift(meeting: Meeting, share: float) -> None:
    sure = meeting.life - meeting.early
    assume(sure > 0)
    assert meeting.pulses(after=int(sure * share))


@given(meetings, st.integers(1, 60_000))
@example(Meeting(-WORST, 0, 10_000, 10_000), 1)
def test_too_late_is_too_late_in_spite_of_the_drift(meeting: Meeting, further: int) -> None:
    assert not meeting.pulses(after=int(meeting.life + meeting.late) + further)


def test_a_usual_crystal_costs_less_than_the_step_of_its_clock() -> None:
    meeting = Meeting(drift=0.0001, under_way=0, age=2000, life=5000)
    assert max(meeting.early, meeting.late) <= 3
