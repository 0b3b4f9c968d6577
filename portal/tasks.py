"""Tasks of the faces: they take ids and call one verb."""

from celery import shared_task

from portal import answers, arrivals


@shared_task
def tell_of_arrival(decision_id: int) -> None:
    arrivals.tell(decision_id)


@shared_task
def sweep_arrivals() -> None:
    """The second net: what the signal's task did not reach."""
    arrivals.sweep()


@shared_task
def tell_of_answer(entry_id: int) -> None:
    answers.tell(entry_id)


@shared_task
def sweep_answers() -> None:
    answers.sweep()
