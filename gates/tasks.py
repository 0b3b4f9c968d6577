"""Tasks of gates: the second net below what the listener does itself every second."""

from celery import shared_task

from gates import commands, controllers, tending


@shared_task
def sweep_commands() -> None:
    """Mark silent controllers, end commands that nobody answered, say again what stands until further notice."""
    controllers.mark_silent()
    commands.sweep()
    tending.tend()
