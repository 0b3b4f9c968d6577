"""What the simulated recorder says: an answer, and how badly it is sent."""

import io
from dataclasses import dataclass, field

from PIL import Image

from cameras.simulator.faults import Fault, Faults
from cameras.simulator.pictures import Shown

BUSY = b"""<?xml version="1.0" encoding="UTF-8"?>
<ResponseStatus version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">
<statusCode>2</statusCode><statusString>Device Busy</statusString><subStatusCode>deviceBusy</subStatusCode>
</ResponseStatus>
"""
PAGE = b"<!DOCTYPE html><html><head><title>Login</title></head><body>Please log in.</body></html>"


@dataclass(frozen=True)
class Answer:
    """One HTTP answer. `declared` is its Content-Length where that is a lie; `picture` what to log."""

    status: int = 200
    kind: str = "text/plain"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    declared: int | None = None
    drip: float | None = None
    endless: bool = False
    hang_up: bool = False
    picture: Shown | None = field(default=None, repr=False)


def text(body: str, status: int = 200) -> Answer:
    return Answer(status, "text/plain;charset=utf-8", body.encode())


def xml(body: str, status: int = 200) -> Answer:
    return Answer(status, "application/xml", f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode())


def page(status: int = 200) -> Answer:
    return Answer(status, "text/html", PAGE)


def busy(retry_after: float = 0) -> Answer:
    headers = (("Retry-After", str(round(retry_after))),) if retry_after else ()
    return Answer(503, "application/xml", BUSY, headers)


def picture(shown: Shown) -> Answer:
    return Answer(200, "image/jpeg", shown.data, picture=shown)


def spoilt_before(faults: Faults, channel: int) -> Answer | None:
    """What comes in place of a picture; None where nothing of the sort is switched on."""
    if (wait := faults.value(Fault.BUSY, channel)) is not None:
        return busy(wait)
    instead = {
        Fault.HANG_UP: Answer(hang_up=True),
        Fault.FORBIDDEN: page(403),
        Fault.NOT_FOUND: page(404),
        Fault.BROKEN: page(500),
        Fault.HTML: page(),
        Fault.EMPTY: Answer(kind="image/jpeg"),
        Fault.REDIRECT: Answer(302, headers=(("Location", "http://127.0.0.1:9/elsewhere.jpg"),)),
        Fault.HUGE: Answer(kind="image/jpeg", body=b"\xff\xd8" + bytes(65534), endless=True),
    }
    if faults.has(Fault.BOMB, channel):
        return Answer(kind="image/jpeg", body=bomb())
    return next((answer for fault, answer in instead.items() if faults.has(fault, channel)), None)


def spoilt_after(answer: Answer, faults: Faults, channel: int) -> Answer:
    """A picture on its way, cut or slowed down by the faults that are on."""
    half = answer.body[: len(answer.body) // 2]
    if faults.has(Fault.TRUNCATED, channel):
        return Answer(200, "image/jpeg", half, declared=len(answer.body))
    if faults.has(Fault.CUT, channel):
        return Answer(200, "image/jpeg", half)
    if (pause := faults.value(Fault.DRIP, channel)) is not None:
        return Answer(200, "image/jpeg", answer.body, drip=pause)
    return answer


def bomb() -> bytes:
    """A small JPEG whose header promises 65,500 by 65,500 pixels."""
    small = io.BytesIO()
    Image.new("L", (8, 8)).save(small, "JPEG")
    data = bytearray(small.getvalue())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = (65500).to_bytes(2, "big") * 2
    return bytes(data)
