"""A process of its own for test_hold_back: six pictures at once, a line of status each."""

import os
import threading

import django

django.setup()

from cameras.asking import turn  # noqa: E402
from cameras.conversations import Conversation  # noqa: E402
from cameras.problems import Problem, SnapshotError  # noqa: E402
from cameras.targets import Target  # noqa: E402
from cameras.transport import Deadline  # noqa: E402


def ask() -> None:
    """Ask until there is an answer; being told to wait is no answer."""
    target = Target("device", os.environ["SIM_URL"], os.environ["SIM_USER"], os.environ["SIM_PASSWORD"])
    while True:
        deadline = Deadline(2.7)
        conversation = Conversation(target, deadline)
        try:
            with turn(conversation, deadline):
                print(conversation.get("/picture/1.jpg").status, flush=True)  # noqa: T201
                return
        except SnapshotError as error:
            if error.code != Problem.WAITING:
                raise


threads = [threading.Thread(target=ask) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
