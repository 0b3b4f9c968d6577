"""Tasks of gates: the second net below what the listener does itself every second."""

from celery import shared_task

from gates import commands, controllers, tending, turns


@shared_task
def sweep_commands() -> None:
    """Mark silent controllers, end commands nobody answered and pulses nobody ended, say again what stands."""
    controllers.mark_silent()
    commands.sweep()
    turns.repeat_rests()
    tending.tend()
