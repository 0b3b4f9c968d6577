"""Small boards of other makes at a real broker, each speaking as its documentation says.

- Tasmota: tasmota.github.io/docs/MQTT and /Commands (Backlog0, PulseTime, Power; LWT Online/Offline, retained)
- Shelly, first generation: shelly-api-docs.shelly.cloud/gen1, "MQTT" and "Shelly1"
- Shelly, second: shelly-api-docs.shelly.cloud/gen2, "RPC Protocol", "MQTT", "Switch", "Notifications"
- ESPHome 2026.6: components/mqtt/mqtt_switch.cpp, mqtt_cover.cpp, and mqtt/__init__.py (birth and will, retained)
- Home Assistant cover: home-assistant.io/integrations/cover.mqtt, its defaults
- plain: PubSubClient's example mqtt_esp8266
"""

import json
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from gates.controllers import Credentials
from tests.waiting import wait_for


@dataclass(frozen=True)
class Moved:
    """When the relay went on, and for how long."""

    at: float
    milliseconds: float


@dataclass
class BoardAtBroker:
    """A board with one relay. What it was told is in `told`, what its relay did in `pulses`."""

    topic: str
    credentials: Credentials
    port: int
    # What real boards do by themselves too: keep quiet, answer late, keep a session at the broker.
    mute: bool = False
    delay: float = 0.0
    clean_session: bool = True
    told: list[tuple[str, bytes, bool]] = field(default_factory=list)
    pulses: list[Moved] = field(default_factory=list)
    is_on: bool = False

    listens: ClassVar[tuple[str, ...]] = ()
    will: ClassVar[tuple[str, str, str]] = ("", "", "")

    def __enter__(self) -> Self:
        self._ready, self._went_on = threading.Event(), 0.0
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            f"board-{self.credentials.device}",
            clean_session=self.clean_session,
            protocol=MQTTProtocolVersion.MQTTv311,
        )
        client.username_pw_set(self.credentials.device, self.credentials.password)
        if self.will[0]:
            client.will_set(self._named(self.will[0]), self.will[2], qos=1, retain=True)
        client.on_connect = self._on_connect
        client.on_subscribe = lambda *_: self._begin()
        client.on_message = self._on_message
        self.client = client
        client.connect("127.0.0.1", self.port, keepalive=5)
        client.loop_start()
        assert self._ready.wait(5), "the board does not come up"
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def vanish(self) -> None:
        """As by a power cut: the broker speaks its will."""
        sock: Any = self.client.socket()
        self.client.on_disconnect = None
        self.client._reconnect_on_failure = False
        sock.shutdown(2)
        self.client.loop_stop()

    def say(self, name: str, payload: str, *, retain: bool = False) -> None:
        if not self.mute:
            self.client.publish(self._named(name), payload, qos=0, retain=retain)

    def switch(self, on: bool) -> None:
        if on and not self.is_on:
            self._went_on = time.monotonic()
        elif not on and self.is_on:
            self.pulses.append(Moved(self._went_on, (time.monotonic() - self._went_on) * 1000))
        changed, self.is_on = self.is_on != on, on
        if changed or self.tells_always:
            self.tell(on)

    tells_always: ClassVar[bool] = False

    def tell(self, on: bool) -> None:
        """What its relay does, in its own words."""

    def obey(self, name: str, payload: str) -> None:
        raise NotImplementedError

    def pulse(self, seconds: float) -> None:
        self.switch(True)
        threading.Timer(seconds, self.switch, [False]).start()

    def _named(self, name: str) -> str:
        return name.format(topic=self.topic)

    def _on_connect(self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _props: Any) -> None:
        assert not reason.is_failure, reason
        client.subscribe([(self._named(name), 1) for name in self.listens])

    def _begin(self) -> None:
        if self.will[0]:
            self.say(self.will[0], self.will[1], retain=True)
        self.greet()
        self._ready.set()

    def greet(self) -> None:
        """What it says of itself when it has connected."""

    def _on_message(self, _client: Any, _data: Any, message: mqtt.MQTTMessage) -> None:
        self.told.append((message.topic, bytes(message.payload), bool(message.retain)))
        work = threading.Timer(self.delay, self.obey, [message.topic, message.payload.decode()])
        work.start() if self.delay else work.function(*work.args)


class PlainBoard(BoardAtBroker):
    """`1` closes the relay, anything else opens it. It says nothing."""

    listens = ("{topic}",)

    def obey(self, name: str, payload: str) -> None:
        self.switch(payload.startswith("1"))


class PlainBoardWithStatus(PlainBoard):
    will = ("{topic}-status", "online", "offline")


class TasmotaBoard(BoardAtBroker):
    listens = ("cmnd/{topic}/#",)
    will = ("tele/{topic}/LWT", "Online", "Offline")
    pulse_time = 0

    def greet(self) -> None:
        self.client.publish(self._named("cmnd/{topic}/POWER"), b"", retain=True)
        self.say("tele/{topic}/INFO1", '{"Info1":{"Module":"Generic","Version":"14.2.0(tasmota)"}}')

    def obey(self, name: str, payload: str) -> None:
        command = name.rpartition("/")[2]
        if command == "Backlog0":
            for each in payload.split(";"):
                self._do(*each.strip().split(" ", 1))
        else:
            self._do(command, payload)

    def _do(self, command: str, value: str = "") -> None:
        if re.fullmatch(r"(?i)pulsetime1?", command):
            self.pulse_time = int(value)
            self.say("stat/{topic}/RESULT", json.dumps({"PulseTime1": {"Set": int(value), "Remaining": 0}}))
        elif re.fullmatch(r"(?i)power1?", command) and value.upper() in ("ON", "1"):
            self.pulse(self.pulse_time / 10 if self.pulse_time <= 111 else self.pulse_time - 100)
        elif re.fullmatch(r"(?i)power1?", command) and not value:
            self.tell(self.is_on)

    def tell(self, on: bool) -> None:
        word = "ON" if on else "OFF"
        self.say("stat/{topic}/RESULT", json.dumps({"POWER": word}))
        self.say("stat/{topic}/POWER", word)


class ShellyOne(BoardAtBroker):
    listens = ("shellies/command", "shellies/{topic}/command", "shellies/{topic}/relay/0/command")
    will = ("shellies/{topic}/online", "true", "false")

    def greet(self) -> None:
        self.tell(self.is_on)

    def obey(self, name: str, payload: str) -> None:
        if name.endswith("/relay/0/command") and payload in ("on", "off"):
            self.switch(payload == "on")

    def tell(self, on: bool) -> None:
        self.say("shellies/{topic}/relay/0", "on" if on else "off")


class ShellyTwo(BoardAtBroker):
    listens = ("{topic}/rpc", "{topic}/command", "{topic}/command/switch:0")
    will = ("{topic}/online", "true", "false")
    tells_relay = True

    def obey(self, name: str, payload: str) -> None:
        request = json.loads(payload)
        params = request["params"]
        answer: dict[str, Any] = {"id": request["id"], "src": self.topic, "dst": request["src"]}
        if request["method"] != "Switch.Set" or params["id"] != 0:
            message = f"Argument 'id', value {params['id']} not found!"
            answer["error"] = {"code": -105, "message": message}
        else:
            answer["result"] = {"was_on": self.is_on}
        self.say(request["src"] + "/rpc", json.dumps(answer))
        if "result" in answer:
            self.pulse(params["toggle_after"]) if params["on"] else self.switch(False)

    def tell(self, on: bool) -> None:
        if not self.tells_relay:
            return
        state = {"id": 0, "source": "MQTT" if on else "timer", "output": on}
        notice = {"src": self.topic, "dst": f"{self.topic}/events", "method": "NotifyStatus"}
        self.say("{topic}/events/rpc", json.dumps(notice | {"params": {"ts": 1.0, "switch:0": state}}))
        self.say("{topic}/status/switch:0", json.dumps(state))


class EspHomeBoard(BoardAtBroker):
    """As flashed with our YAML: a switch that ends its own pulse, and a cover that follows the gate's switches."""

    listens = ("{topic}/switch/relay_1/command", "{topic}/cover/gate_1/command")
    will = ("{topic}/status", "online", "offline")
    pulse_seconds = 0.12
    # None: there are no switches at the gate.
    moves: bool | None = None

    def greet(self) -> None:
        self.tell(self.is_on)
        self.cover("closed" if self.moves is not None else "unknown")

    def obey(self, name: str, payload: str) -> None:
        if name.endswith("/relay_1/command"):
            self.pulse(self.pulse_seconds) if payload == "ON" else self.switch(False)

    def tell(self, on: bool) -> None:
        self.say("{topic}/switch/relay_1/state", "ON" if on else "OFF", retain=True)
        if on is False and self.pulses and self.moves:
            self.cover("open")

    def cover(self, state: str) -> None:
        self.say("{topic}/cover/gate_1/state", state, retain=True)


class CoverBoard(BoardAtBroker):
    """Whatever opens and closes a gate and calls itself a cover."""

    listens = ("{topic}/set",)
    will = ("{topic}/availability", "online", "offline")
    takes = 0.2

    def greet(self) -> None:
        self.say("{topic}/state", "closed", retain=True)

    def obey(self, name: str, payload: str) -> None:
        if payload == "OPEN":
            self.switch(True)
            self.say("{topic}/state", "opening", retain=True)
            threading.Timer(self.takes, self._opened).start()

    def _opened(self) -> None:
        self.switch(False)
        self.say("{topic}/state", "open", retain=True)


@dataclass
class Watch:
    """Somebody who reads at the broker with the server's rights or a board's, and what it keeps."""

    port: int
    password: str
    topics: tuple[str, ...]
    user: str = "cancela"
    seen: list[tuple[str, bytes, bool]] = field(default_factory=list)

    def __enter__(self) -> Self:
        done = threading.Event()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv311)
        self.client.username_pw_set(self.user, self.password)
        self.client.on_message = lambda _c, _d, m: self.seen.append((m.topic, bytes(m.payload), bool(m.retain)))
        self.client.on_subscribe = lambda *_: done.set()
        self.client.connect("127.0.0.1", self.port)
        self.client.loop_start()
        self.client.subscribe([(topic, 1) for topic in self.topics])
        assert done.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def kept(self) -> dict[str, bytes]:
        return {topic: payload for topic, payload, retained in self.seen if retained}

    def until(self, topic: str, payload: bytes) -> None:
        wait_for(lambda: any(each[:2] == (topic, payload) for each in self.seen))
