"""`manage.py run_broker` is the embedded broker, and hears of a new controller from another process."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from gates import broker_config
from gates.controllers import Credentials
from tests.gates.parts import ROOT, answers, free_port
from tests.gates.test_speak_for_oneself import comes_in
from tests.waiting import wait_for


def manage(*arguments: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def done(process: subprocess.Popen[str]) -> None:
    output, _ = process.communicate(timeout=40)
    assert process.returncode == 0, output


@pytest.fixture
def site(tmp_path: Path) -> dict[str, str]:
    """An empty site on a file of its own."""
    port = free_port()
    environment = os.environ | {
        "CANCELA_VAR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "anpr_site.settings",
        "MQTT_LISTEN": f"127.0.0.1:{port}",
        "MQTT_URL": f"mqtt://cancela@127.0.0.1:{port}",
    }
    for app in ("premises", "gates"):
        done(manage("migrate", app, "-v0", environment=environment))
    code = "from premises.models import Condominium as C; C.objects.create(name='X', slug='x')"
    done(manage("shell", "--no-imports", "-c", code, environment=environment))
    return environment


@pytest.fixture
def running(site: dict[str, str], tmp_path: Path) -> Iterator[int]:
    """The port of a broker that runs."""
    stale = tmp_path / "var" / "broker" / "store" / "stale"
    stale.parent.mkdir(parents=True)
    stale.write_text("a message of yesterday")
    port = int(site["MQTT_LISTEN"].rpartition(":")[2])
    process = manage("run_broker", environment=site)
    wait_for(lambda: answers(port), timeout=20)
    assert not stale.exists()
    yield port
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert not answers(port)


def test_a_controller_registered_meanwhile_comes_in(running: int, site: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    done(manage("register_controller", "x", "board-7", "--host", "h", "--config", str(path), environment=site))
    config = json.loads(path.read_text())
    credentials = Credentials("board-7", config["broker"]["password"], config["key"])
    wait_for(lambda: comes_in(running, credentials))


@pytest.mark.parametrize("listen", ["1883", ":1883", "127.0.0.1", "127.0.0.1:mqtt"])
def test_an_address_that_is_none_is_named(listen: str, settings: Any, tmp_path: Path) -> None:
    settings.MQTT_LISTEN = listen
    with pytest.raises(ImproperlyConfigured, match="MQTT_LISTEN"):
        broker_config.nats_text(tmp_path)


@pytest.mark.django_db
def test_a_password_that_the_broker_cannot_take_is_named(settings: Any, tmp_path: Path) -> None:
    settings.MQTT_PASSWORD = "x" * 73
    with pytest.raises(ImproperlyConfigured, match="MQTT_PASSWORD"):
        broker_config.nats_text(tmp_path)


@pytest.mark.parametrize("content", [None, "", "abc", "1", str(2**22 + 5)])
def test_a_number_left_by_a_broker_that_is_gone_is_nobodys(content: str | None, settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    (tmp_path / "broker").mkdir()
    if content is not None:
        (tmp_path / "broker" / "nats.pid").write_text(content)
    assert broker_config.running_pid() is None
