"""The parent's end of `child.py`: ask, wait, take the answer. One picture goes to all before the next does."""

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from recognition.reads import Box, Read, certain
from tests.plate_bench.entrants import Files


class Absent(Exception):  # noqa: N818
    """The entrant cannot take part; the message says why."""


@dataclass(frozen=True)
class Answer:
    """What an entrant read in one picture, and what that cost. `error` is empty, or says what broke."""

    reads: list[Read] = field(default_factory=list)
    wall_ms: float = 0.0
    cpu_ms: float = 0.0
    peak_mb: float = 0.0
    resident_mb: float = 0.0
    error: str = ""


class Child:
    """An entrant in its process, which begins to load at once. A context manager."""

    def __init__(self, name: str, files: Files, *, crops: bool = False) -> None:
        command = [sys.executable, "-m", "tests.plate_bench.child", name, *files.arguments()]
        self.name = name
        self._process = subprocess.Popen(
            [*command, *(["--crops"] if crops else [])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def meet(self) -> str:
        """Wait until it is ready; its version. Raises `Absent` where it cannot be loaded. Call once, first."""
        greeting = self._answer()
        if "cannot" in greeting:
            raise Absent(greeting["cannot"])
        return str(greeting["version"])

    def ask(self, picture: Path) -> Answer:
        """What it reads in a picture; an answer with an `error` where it breaks, or its process has ended."""
        assert self._process.stdin
        try:
            self._process.stdin.write(f"{picture}\n")
            self._process.stdin.flush()
            told = self._answer()
        except (Absent, BrokenPipeError):
            told = {"error": f"{picture.name}: the process has ended with status {self._process.wait()}"}
        if "error" in told:
            return Answer(error=f"{self.name}: {told['error']}")
        return Answer(**{**told, "reads": [_read(each) for each in told["reads"]]})

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise Absent(f"the process of {self.name} ended with status {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        with suppress(BrokenPipeError):  # it has ended before us
            self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=30)

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _read(told: dict[str, Any]) -> Read:
    text = told["text"]
    return Read(Box(*told["box"]), text, certain(text, [told["score"]] * len(text)), told["score"], None)
