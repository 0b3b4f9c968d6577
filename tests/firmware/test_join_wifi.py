"""A board asks for its network again and again, and waits for none."""

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.firmware.parts import load


class Wlan:
    """A radio: what it was told, and whether it is connected."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []
        self.connected = False
        self.broken = False

    def active(self, on: bool) -> None:
        self.told.append(("active", on))

    def connect(self, ssid: str, password: str) -> None:
        self.told.append(("connect", ssid))
        if self.broken:
            raise OSError("Wifi Internal Error")

    def isconnected(self) -> bool:
        return self.connected

    def ifconfig(self) -> list[str]:
        return ["192.0.2.7"]


class Site:
    def __init__(self) -> None:
        self.point, self.station, self.now = Wlan(), Wlan(), 0
        self.lines: list[str] = []

    def wifi(self) -> Any:
        make = load("wifi").Wifi
        return make("acacias", "a password", self.lines.append, lambda: self.now, lambda a, b: a - b)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    site = Site()
    network: Any = ModuleType("network")
    network.AP_IF, network.STA_IF = "point", "station"
    network.WLAN = lambda kind: getattr(site, kind)
    monkeypatch.setitem(sys.modules, "network", network)
    yield site
    sys.modules.pop("wifi", None)


def test_it_opens_no_access_point_and_asks_for_the_network(site: Site) -> None:
    assert site.wifi().up() is False
    assert site.point.told == [("active", False)]
    assert site.station.told == [("active", True), ("connect", "acacias")]


def test_it_says_when_it_is_connected_and_when_no_more(site: Site) -> None:
    wifi = site.wifi()
    for site.station.connected in (True, True, False):
        assert wifi.up() is site.station.connected
    assert site.lines == ["wifi: 192.0.2.7", "wifi: down"]


def test_it_asks_again_after_fifteen_seconds(site: Site) -> None:
    wifi = site.wifi()
    site.now = 15_000
    wifi.up()
    assert len(site.station.told) == 2
    site.now = 15_001
    wifi.up()
    assert site.station.told[2:] == [("active", False), ("active", True), ("connect", "acacias")]


def test_a_radio_that_fails_is_asked_again_too(site: Site) -> None:
    site.station.broken = True
    wifi = site.wifi()
    site.now = 15_001
    wifi.up()
    assert site.lines == ["wifi: Wifi Internal Error"] * 2


def test_its_password_is_not_said(site: Site) -> None:
    site.wifi().up()
    assert "a password" not in "".join(site.lines)
