"""Hikvision: ISAPI. Channel N has its main stream at N01."""

import re
from collections.abc import Sequence
from html import unescape

from cameras.makes.base import Ask, Channel

CHANNEL = re.compile(r"<InputProxyChannel\b[^>]*>(.*?)</InputProxyChannel>", re.DOTALL)
NUMBER = re.compile(r"<id>\s*(\d{1,4})\s*</id>")
NAME = re.compile(r"<name>(.*?)</name>", re.DOTALL)


class Hikvision:
    def picture_paths(self, channel: int) -> Sequence[str]:
        """Recorders show the channels of network cameras at the second address only."""
        return (
            f"/ISAPI/Streaming/channels/{channel}01/picture",
            f"/ISAPI/ContentMgmt/StreamingProxy/channels/{channel}01/picture",
        )

    def channels(self, ask: Ask) -> list[Channel] | None:
        listing = ask("/ISAPI/ContentMgmt/InputProxy/channels")
        found = [(NUMBER.search(block), NAME.search(block)) for block in CHANNEL.findall(listing)]
        return [
            Channel(int(number.group(1)), unescape(name.group(1)).strip() if name else "")
            for number, name in found
            if number
        ] or None
