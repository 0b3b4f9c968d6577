"""The addresses that the simulated recorder answers, in the words of three makes."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs

from cameras.simulator import answers
from cameras.simulator.answers import Answer
from cameras.simulator.faults import Fault
from cameras.simulator.recorder import SimulatedRecorder

Route = Callable[[SimulatedRecorder, dict[str, str], str], Answer | int]

HIKVISION = 'version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema"'
FIRMWARE = "4.001.00IB000.1,build:2026-03-02"


def find(recorder: SimulatedRecorder, path: str, query: str) -> Answer | int | None:
    """The answer to an address; a number where it asks for the picture of that channel; None: no such address."""
    asked = {name: values[-1] for name, values in parse_qs(query).items()}
    for pattern, route in ROUTES:
        if match := pattern.fullmatch(path):
            return route(recorder, asked, match.group(1) if match.groups() else "")
    return None


def _snapshot(recorder: SimulatedRecorder, asked: dict[str, str], _: str) -> int:
    return _number(asked.get("channel", "1"))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


def _magic_box(recorder: SimulatedRecorder, asked: dict[str, str], _: str) -> Answer:
    """Dahua's description of itself, `key=value` lines."""
    serial = recorder.options.serial
    known = {
        "getSystemInfo": f"appAutoStart=true\r\ndeviceType=INVD 3016\r\nhardwareVersion=1.00\r\nserialNumber={serial}",
        "getDeviceType": "type=INVD 3016",
        "getSoftwareVersion": f"version={FIRMWARE}",
        "getMachineName": f"name={serial}",
        "getSerialNo": f"sn={serial}",
        "getHardwareVersion": "version=1.00",
        "getDeviceClass": "class=NVR",
        "getVendor": "vendor=Intelbras",
    }
    return _lines(known.get(asked.get("action", "")))


def _lines(body: str | None) -> Answer:
    if body is None:
        return answers.text("Error\r\nBad Request!\r\n", 400)
    return answers.text(f"{body}\r\n")


def _config(recorder: SimulatedRecorder, asked: dict[str, str], _: str) -> Answer:
    if (asked.get("action"), asked.get("name")) != ("getConfig", "ChannelTitle"):
        return _lines(None)
    # Dahua counts channels from 0 in its tables and from 1 in its snapshots.
    return _lines(
        "\r\n".join(
            f"table.ChannelTitle[{channel.number - 1}].Name={channel.title}" for channel in recorder.channels.values()
        )
    )


def _inputs(recorder: SimulatedRecorder, asked: dict[str, str], _: str) -> Answer:
    return _lines(f"result={len(recorder.channels)}" if asked.get("action") == "getCollect" else None)


def _device_info(recorder: SimulatedRecorder, _asked: dict[str, str], _: str) -> Answer:
    return answers.xml(
        f"<DeviceInfo {HIKVISION}><deviceName>Network Video Recorder</deviceName><model>DS-7616NI</model>"
        f"<serialNumber>{recorder.options.serial}</serialNumber><firmwareVersion>V4.62.210</firmwareVersion>"
        "<deviceType>NVR</deviceType></DeviceInfo>"
    )


def _proxy_channels(recorder: SimulatedRecorder, _asked: dict[str, str], _: str) -> Answer:
    channels = "".join(
        f"<InputProxyChannel><id>{channel.number}</id><name>{channel.title}</name></InputProxyChannel>"
        for channel in recorder.channels.values()
    )
    return answers.xml(f"<InputProxyChannelList {HIKVISION}>{channels}</InputProxyChannelList>")


def _isapi_picture(recorder: SimulatedRecorder, _asked: dict[str, str], channel: str) -> Answer | int:
    if recorder.faults.has(Fault.PROXY_ONLY, _number(channel)):
        return answers.xml(
            f"<ResponseStatus {HIKVISION}><statusString>Invalid Operation</statusString></ResponseStatus>", 404
        )
    return _number(channel)


def _plain(recorder: SimulatedRecorder, _asked: dict[str, str], channel: str) -> int:
    return _number(channel)


ROUTES: list[tuple[re.Pattern[str], Route]] = [
    (re.compile(r"/cgi-bin/snapshot\.cgi"), _snapshot),
    (re.compile(r"/cgi-bin/magicBox\.cgi"), _magic_box),
    (re.compile(r"/cgi-bin/configManager\.cgi"), _config),
    (re.compile(r"/cgi-bin/devVideoInput\.cgi"), _inputs),
    (re.compile(r"/ISAPI/System/deviceInfo"), _device_info),
    (re.compile(r"/ISAPI/ContentMgmt/InputProxy/channels"), _proxy_channels),
    (re.compile(r"/ISAPI/Streaming/channels/(\d+)0[12]/picture"), _isapi_picture),
    (re.compile(r"/ISAPI/ContentMgmt/StreamingProxy/channels/(\d+)0[12]/picture"), _plain),
    (re.compile(r"/picture/(\d+)\.jpg"), _plain),
    (re.compile(r"/open/(\d+)\.jpg"), _plain),
]


def needs_login(path: str) -> bool:
    """Everything but the pictures that stand open, as some cheap cameras leave them."""
    return not path.startswith("/open/")
