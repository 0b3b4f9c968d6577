"""The faults in their shorter form: fewer boards and rounds, the same sentences. `make test-faults` is the long one."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.gates.parts import ROOT

# The rounds take about 60 s; what comes before and after depends on the machine.
ROUNDS, MOST = 60, 400


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder: Path = tmp_path_factory.mktemp("faults")
    out = folder / "faults.json"
    options = ["--boards", "6", "--relays", "4", "--life-ms", "1500", "--seconds", str(ROUNDS), "--json", str(out)]
    with (folder / "output.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults", *options],
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        process.wait(MOST)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(30)
    said = (folder / "output.log").read_text(errors="replace")
    assert out.exists(), said[-4000:]
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def test_no_sentence_is_broken(report: dict[str, Any]) -> None:
    assert report["violations"] == []


def test_faults_struck_while_commands_were_under_way(report: dict[str, Any]) -> None:
    assert report["commands"] > 100
    assert report["pulses"] > 20
    assert sum(row["hit"] for row in report["table"]) > 20


def test_the_journal_is_whole_afterwards(report: dict[str, Any]) -> None:
    assert report["journal"] == []


def test_no_process_is_left_over(report: dict[str, Any]) -> None:
    assert report["processes left over"] == 0
