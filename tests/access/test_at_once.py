"""Two processes at one lane: a camera's tick and pictures that are sent to us."""

import threading

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from access import passages
from access.models import Decision, Lane, Passage, Vehicle
from gates.models import GateCommand
from tests.access.conftest import ALICES, Reader, jpeg, read


@pytest.mark.django_db(transaction=True)
def test_pictures_taken_in_at_once_are_one_passage_one_decision_and_one_command(lane: Lane, vehicle: Vehicle) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has no second writer; PostgreSQL has")
    begin, problems = threading.Barrier(4), list[DatabaseError]()

    def take_in(number: int) -> None:
        mine = Lane.objects.get(pk=lane.pk)
        picture = passages.Picture.of(jpeg(number), timezone.now())
        begin.wait()
        try:
            passages.observe(mine, picture, [read(ALICES)], Reader(), timezone.now())
        except DatabaseError as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=take_in, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    assert Passage.objects.get().frames == 4
    assert (Decision.objects.count(), GateCommand.objects.count()) == (1, 1)
