"""`celery -A tests.faults.worker worker`, or `beat`: the product's own queue, with a task that asks for an opening."""

from typing import Any

from celery.signals import worker_process_init

from anpr_site.celery import app
from tests.faults import asking

from access.lanes import SYSTEM_TASKS  # isort: skip

__all__ = ["app"]


# The second net below the listener, as access/lanes.py lays it out for the product's beat.
app.conf.beat_schedule = {
    name: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for name, task, seconds in SYSTEM_TASKS
    if task == "gates.tasks.sweep_commands"
}


@app.task(name="tests.faults.open")
def open_gate(gate_id: int, reason: str, die: str = "") -> None:
    asking.ask(gate_id, reason, die)


@worker_process_init.connect
def prepare(**signal: Any) -> None:
    asking.prepare()
