"""Tasks of gates: the second net below what the listener does itself every second."""

from celery import shared_task

from gates import commands, controllers


@shared_task
def sweep_commands() -> None:
    """Mark silent controllers, and end commands that nobody answered."""
    controllers.mark_silent()
    commands.sweep()
