"""Tasks of gates: the second net below what the listener does itself every second."""

from celery import shared_task

from gates import commands, controllers, turns


@shared_task
def sweep_commands() -> None:
    """Mark silent controllers, end commands that nobody answered, and pulses that nobody ended."""
    controllers.mark_silent()
    commands.sweep()
    turns.repeat_rests()
