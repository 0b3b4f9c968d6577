"""Ports that are taken are stepped over, those that another start has chosen too."""

import socket
from collections.abc import Iterator

import pytest

from anpr_site import run


@pytest.fixture(autouse=True)
def given_back() -> Iterator[None]:
    yield
    while run.RESERVED:
        run.RESERVED.pop().close()


def test_two_starts_at_the_same_moment_choose_different_ports() -> None:
    first = run.free_port(23400)
    assert run.free_port(first) > first


def test_a_port_on_which_somebody_listens_is_not_chosen() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run.free_port(port) > port


def test_a_port_is_free_again_when_its_start_has_ended() -> None:
    first = run.free_port(23600)
    run.RESERVED.pop().close()
    assert run.free_port(first) == first
