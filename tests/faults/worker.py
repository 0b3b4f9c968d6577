"""`celery -A tests.faults.worker worker`: the product's own queue, with a task that asks for an opening."""

from typing import Any

from celery.signals import worker_process_init

from anpr_site.celery import app
from tests.faults import asking

__all__ = ["app"]


@app.task(name="tests.faults.open")
def open_gate(gate_id: int, reason: str, die: str = "") -> None:
    asking.ask(gate_id, reason, die)


@worker_process_init.connect
def prepare(**signal: Any) -> None:
    asking.prepare()
