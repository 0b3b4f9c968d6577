"""`make run`: says where it is and who may sign in, leaves nothing behind, keeps the data, minds taken ports."""

import itertools
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.demo_residents import RESIDENTS
from tests.product import ROOT, Product, running_product
from tests.waiting import wait_for


def test_ctrl_c_stops_all_of_it_and_a_second_start_keeps_the_data(tmp_path: Path) -> None:
    with running_product(tmp_path / "var") as product:
        vehicles = product.rows("SELECT plate FROM access_vehicle")
        password = product.login("sindica")
        assert f"{product.site}/admin/" in product.log
        assert password in product.log
        assert product.processes() != []
        assert product.stop(signal.SIGINT) == 0
    wait_for(lambda: product.processes() == [], 5)
    assert "Traceback" not in product.log

    with running_product(tmp_path / "var") as product:
        assert product.rows("SELECT plate FROM access_vehicle") == vehicles
        assert product.login("sindica") == password


def test_a_taken_port_is_stepped_over(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with running_product(tmp_path / "var", "--port", str(port)) as product:
            assert int(product.environment["PORT"]) > port


def test_a_second_one_over_the_same_data_is_refused(tmp_path: Path) -> None:
    with running_product(tmp_path / "var") as product:
        second = subprocess.run(
            [sys.executable, "-m", "anpr_site.run"],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "CANCELA_VAR": str(product.var)},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert second.returncode == 1
    assert "running already" in second.stderr


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "anpr_site.run", "--frames", "no/such/folder"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert "there is no folder no/such/folder" in done.stderr


@pytest.mark.parametrize("name", ["worker", "web", "gates", "valkey", "broker"])
def test_a_killed_process_is_started_again_and_the_next_vehicle_gets_in(falling: Product, name: str) -> None:
    killed = int(re.findall(rf"{name} started \(pid=(\d+)\)", falling.log)[-1])
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: f"{name} is started again" in falling.log, 10)
    opened = "SELECT count(*) FROM gates_gatecommand WHERE state = 'pulsed'"
    before = falling.rows(opened)
    wait_for(lambda: drive_past(falling) and falling.rows(opened) != before, 60, interval=1.0)


@pytest.fixture(scope="module")
def falling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running_product(tmp_path_factory.mktemp("falling"), RECORDER_ARGUMENTS_MORE="--manual") as product:
        yield product


# The same vehicle twice in a row would be one passage.
next_resident = itertools.cycle(RESIDENTS)


def drive_past(product: Product) -> bool:
    """Send another resident to the gate, unless somebody stands there."""
    if not product.ask_recorder("state")["channels"][0]["plate"]:
        product.ask_recorder("arrive", {"channel": 1, "plate": next(next_resident).plate, "stays": 4})
    return True
