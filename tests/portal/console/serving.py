"""The site as a process of its own, over the rows of the test: for streams and for whole stories in a browser."""

import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote

from django.db import connection
from django.test import Client
from django.utils import timezone

from gates.models import Controller
from premises.models import User
from tests.gates.parts import Process, free_port
from tests.waiting import wait_for

ROOT = Path(__file__).parents[3]


def environment_in(folder: Path, **more: str) -> dict[str, str]:
    """The product's own settings, with everything that it keeps in this folder."""
    own = {"DJANGO_SETTINGS_MODULE": "anpr_site.settings", "CANCELA_VAR": str(folder)}
    return os.environ | own | {"REDIS_URL": f"unix://{folder}/valkey.sock"} | more


class Valkey(Process):
    """Cache and queue, as `make run` has them."""

    def start(self) -> "Valkey":
        command = [sys.executable, "-m", "anpr_site.valkey"]
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment_in(self.folder))
        wait_for((self.folder / "valkey.sock").exists, 30, 0.1)
        return self


class Site(Process):
    """uvicorn with the product's own settings, over the test's database."""

    def __init__(self, folder: Path, database: str) -> None:
        super().__init__(folder, "site")
        self.port = free_port()
        self.environment = environment_in(folder, DATABASE_URL=database)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        served = [sys.executable, "-m", "uvicorn", "anpr_site.asgi:application"]
        return [*served, "--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"]

    def start(self) -> "Site":
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        wait_for(self.answers, 60, 0.1)
        return self

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/admin/login/", timeout=10) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def stand_still(self) -> None:
        """As a server that hangs: its connections stay open, and nothing comes."""
        self.send(signal.SIGSTOP)

    def go_on(self) -> None:
        self.send(signal.SIGCONT)


@contextmanager
def database_of_the_test(folder: Path) -> Iterator[str]:
    """The address of the test's database for another process; one in memory is moved into a file for that long."""
    if connection.vendor != "sqlite":
        yield postgres_url(connection.settings_dict)
        return
    path = folder / "site.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    kept, name = connection.connection, connection.settings_dict["NAME"]
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    try:
        yield f"sqlite:///{path}"
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = kept, name


def postgres_url(told: dict[str, Any]) -> str:
    return f"postgres://{told['USER']}@{quote(told['HOST'], safe='')}/{told['NAME']}"


def collect_static(folder: Path) -> None:
    """The static files as production has them, named by their content and compressed."""
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment_in(folder), check=True)


@contextmanager
def beating(controller: Controller) -> Iterator[None]:
    """A controller that is heard, as long as the block lasts."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(0.5):
            Controller.objects.filter(pk=controller.pk).update(heard_at=timezone.now())
        connection.close()

    thread = threading.Thread(target=beat)
    thread.start()
    yield
    stop.set()
    thread.join()


def cookie_of(user: User, url: str) -> Any:
    """The session of somebody who signed in, for a browser."""
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}
