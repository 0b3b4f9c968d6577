"""How tests, the bench and a person at the keyboard steer the simulator: `/sim/…`, from this machine only.

GET  /sim/state                                   logins, faults, requests in flight, who is on the road
GET  /sim/log?since=SECONDS                       every whole picture served
POST /sim/arrive {"channel": 1, "plate": "ABC1D23", "frames": 4, "stays": 4.0, "kind": "suv"}
POST /sim/arrive {"channel": 1, "file": "name.jpg"}
POST /sim/fault  {"fault": "slow", "on": true, "value": 5, "channel": 1}
POST /sim/clear                                   all faults off
POST /sim/unlock                                  forget bad logins
"""

import json
from typing import Any
from urllib.parse import parse_qs

from cameras.drawing.vehicles import Kind
from cameras.simulator.answers import Answer
from cameras.simulator.faults import Fault
from cameras.simulator.recorder import SimulatedRecorder, listing, name_of


def answer(recorder: SimulatedRecorder, method: str, path: str, query: str, body: bytes) -> Answer:
    """Do what is asked; a mistake in it becomes status 400 with its reason, and changes nothing."""
    try:
        return _json(_act(recorder, f"{method} {path}", query, body))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return _json({"error": f"{type(error).__name__}: {error}"}, 400)


def _json(value: object, status: int = 200) -> Answer:
    return Answer(status, "application/json", json.dumps(value).encode())


def _act(recorder: SimulatedRecorder, asked: str, query: str, body: bytes) -> object:
    match asked:
        case "GET /sim/state":
            return recorder.state()
        case "GET /sim/log":
            return listing(recorder.log(float(parse_qs(query).get("since", ["0"])[0])))
        case "POST /sim/arrive":
            return _arrive(recorder, json.loads(body))
        case "POST /sim/fault":
            return _fault(recorder, json.loads(body))
        case "POST /sim/clear":
            recorder.faults.clear()
            return recorder.state()
        case "POST /sim/unlock":
            recorder.logins.unlock()
            return recorder.state()
    raise ValueError(f"there is no {asked}")


def _arrive(recorder: SimulatedRecorder, order: dict[str, Any]) -> dict[str, object]:
    channel, stays = int(order.get("channel", 1)), order.get("stays")
    if "file" in order:
        arrival = recorder.arrive_photograph(channel, order["file"], stays=stays)
    else:
        kind = Kind(order["kind"]) if order.get("kind") else None
        plate = str(order["plate"]).upper()
        arrival = recorder.arrive(channel, plate, kind=kind, stays=stays, frames=order.get("frames"))
    return {"visitor": name_of(arrival.visitor), "begins_at": arrival.begins, "ends_at": arrival.ends}


def _fault(recorder: SimulatedRecorder, order: dict[str, Any]) -> dict[str, object]:
    recorder.faults.switch(
        Fault(order["fault"]),
        on=bool(order.get("on", True)),
        value=order.get("value"),
        channel=int(order.get("channel") or 0),
    )
    return recorder.state()
