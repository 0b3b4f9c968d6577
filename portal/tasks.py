"""Tasks of the faces: they take ids and call one verb."""

from celery import shared_task

from portal import answers, arrivals, rehearsal_mail


@shared_task
def tell_of_arrival(decision_id: int) -> None:
    arrivals.tell(decision_id)


@shared_task
def sweep_arrivals() -> None:
    """The second net: what the signal's task did not reach."""
    arrivals.sweep()


@shared_task
def tell_of_rehearsal(rehearsal_id: int) -> None:
    rehearsal_mail.tell(rehearsal_id)


@shared_task
def sweep_rehearsals() -> None:
    """The second net: what the signal's task did not reach, and mail that could not be sent."""
    rehearsal_mail.sweep()


@shared_task
def tell_of_answer(entry_id: int) -> None:
    answers.tell(entry_id)


@shared_task
def sweep_answers() -> None:
    answers.sweep()
