"""A condominium's Home Assistant hears of what passes: that somebody did, and who only where that is wanted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site

from access.models import Lane, Vehicle
from gates import announcements, homes
from gates.broker import publisher
from gates.models import Gate, HomeAssistant
from premises.models import Condominium
from tests.access.conftest import ALICES, Road, read
from tests.gates.boards import Watch
from tests.gates.parts import Broker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(condominium: Condominium) -> HomeAssistant:
    home = HomeAssistant(condominium=condominium, user="casa-1")
    homes.register(home, by="tests")
    return home


@pytest.fixture
def broker(home: HomeAssistant, gate: Gate, tmp_path: Path, settings: Any) -> Iterator[Broker]:
    with Broker(tmp_path, settings) as broker:
        yield broker
    publisher.close()


def test_it_hears_that_a_vehicle_passed_and_not_which(
    road: Road, lane: Lane, vehicle: Vehicle, broker: Broker, condominium: Condominium
) -> None:
    topic = announcements.passage_topic(condominium.pk, lane.pk)
    with Watch(broker.port, site.MQTT_PASSWORD, (topic,)) as watch:
        road.sees(read(ALICES))
        watch.until(topic, b'{"event_type": "open"}')
        HomeAssistant.objects.update(tells_plates=True)
        road.sees_nothing(after=60)
        road.sees(read(ALICES), after=600)
        watch.until(topic, b'{"event_type": "open", "plate": "ABC1D23"}')
        assert [retained for _, _, retained in watch.seen] == [False, False]


def test_its_lanes_are_those_that_are_switched_on(lane: Lane, home: HomeAssistant, condominium: Condominium) -> None:
    config = f"homeassistant/event/cancela_{condominium.pk}/lane_{lane.pk}/config"
    assert config in homes.wanted()
    Lane.objects.update(is_active=False)
    assert config not in homes.wanted()


def test_a_broker_that_is_away_keeps_nobody_waiting_at_the_gate(
    road: Road, vehicle: Vehicle, home: HomeAssistant, settings: Any
) -> None:
    settings.MQTT_URL = "mqtt://cancela@127.0.0.1:1"
    (passage,) = road.sees(read(ALICES))
    passage.refresh_from_db()
    assert passage.outcome == "open"
