"""Intelbras and Dahua: the CGI interface that both share."""

import re
from collections.abc import Sequence

from cameras.makes.base import Ask, Channel

TITLE = re.compile(r"^table\.ChannelTitle\[(\d{1,4})\]\.Name=(.*)$", re.MULTILINE)
COUNT = re.compile(r"^result=(\d{1,4})\s*$", re.MULTILINE)


class Dahua:
    def picture_paths(self, channel: int) -> Sequence[str]:
        return (f"/cgi-bin/snapshot.cgi?channel={channel}&type=0",)

    def channels(self, ask: Ask) -> list[Channel] | None:
        """Titles are numbered from 0, pictures from 1; there may be more titles than inputs."""
        titles = ask("/cgi-bin/configManager.cgi?action=getConfig&name=ChannelTitle")
        channels = [Channel(int(index) + 1, name.strip()) for index, name in TITLE.findall(titles)]
        count = COUNT.search(ask("/cgi-bin/devVideoInput.cgi?action=getCollect")) if len(channels) > 1 else None
        return channels[: int(count.group(1))] if count else channels or None
