"""What the demonstration shows fits together."""

import pytest

from cameras.drawing.traffic import vehicle_of
from portal.demo_residents import RESIDENTS, Resident

REGISTERED = {
    "white": "branco",
    "silver": "prata",
    "grey": "cinza",
    "black": "preto",
    "red": "vermelho",
    "blue": "azul",
    "green": "verde",
    "beige": "bege",
}


@pytest.mark.parametrize("resident", RESIDENTS, ids=lambda resident: resident.plate)
def test_a_residents_car_has_the_colour_that_is_registered(resident: Resident) -> None:
    assert REGISTERED[vehicle_of(resident.plate).paint] == resident.colour
