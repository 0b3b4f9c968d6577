"""What has to be entered on a board of another make, so that it comes to our broker and speaks on its own topics."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gates.controllers import Credentials
from gates.dialects.names import DialectName
from gates.models import Controller

Pairs = list[tuple[Any, str]]


@dataclass(frozen=True)
class Broker:
    """As boards reach it."""

    host: str
    port: int


def setup_of(controller: Controller, credentials: Credentials, broker: Broker) -> Pairs:
    """Labels and values, the ready-made ones first. They hold the password: shown once."""
    ready = _READY.get(controller.dialect, _nothing)(controller, credentials, broker)
    return [
        *ready,
        (_("broker"), f"{broker.host}:{broker.port}"),
        (_("user"), credentials.device),
        (_("password at the broker"), credentials.password),
        *_topics(controller),
    ]


def _nothing(controller: Controller, credentials: Credentials, broker: Broker) -> Pairs:
    return []


def _tasmota(controller: Controller, credentials: Credentials, broker: Broker) -> Pairs:
    """For its console. It comes up with all relays off, and keeps no session at the broker."""
    parts = [
        f"MqttHost {broker.host}",
        f"MqttPort {broker.port}",
        f"MqttUser {credentials.device}",
        f"MqttPassword {credentials.password}",
        f"Topic {controller.topic}",
        "FullTopic %prefix%/%topic%/",
        "PowerOnState 0",
        "PowerRetain 0",
    ]
    return [(_("for the board's console"), "Backlog " + "; ".join(parts))]


def _shelly2(controller: Controller, credentials: Credentials, broker: Broker) -> Pairs:
    config = {
        "enable": True,
        "server": f"{broker.host}:{broker.port}",
        "user": credentials.device,
        "pass": credentials.password,
        "topic_prefix": controller.topic,
        "rpc_ntf": True,
        "status_ntf": True,
        "enable_rpc": True,
    }
    return [(_("for the board's /rpc, as MQTT.SetConfig"), json.dumps({"config": config}, indent=1))]


_READY: dict[str, Callable[[Controller, Credentials, Broker], Pairs]] = {
    DialectName.TASMOTA: _tasmota,
    DialectName.SHELLY2: _shelly2,
}


def _topics(controller: Controller) -> Pairs:
    board = controller.board
    if controller.dialect == DialectName.PLAIN:
        said = [(_("topic of its status"), board.status_topic)] if board.status_topic else []
        opens = f"{board.payload_on} … {board.payload_off}"
        return [(_("topic it listens to"), board.topic), (_("open, rest"), opens), *said]
    if controller.dialect == DialectName.COVER:
        return [(_("topics"), "\n".join(f"{board.topic}/{name}" for name in ("set", "state", "availability")))]
    if controller.dialect == DialectName.TASMOTA:
        return [(_("topic"), board.topic)]
    prefix = f"shellies/{board.topic}" if controller.dialect == DialectName.SHELLY1 else board.topic
    return [(_("what its topics begin with"), prefix)]
