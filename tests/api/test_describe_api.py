"""The API's description: complete, without a warning, and readable in a browser without another host.

It tells of addresses, not of rows: it is the same here, elsewhere, and for who is not signed in.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from anpr_site.api_urls import router

pytestmark = pytest.mark.django_db


@pytest.fixture
def described(tmp_path: Path) -> Any:
    file = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def test_it_is_generated_without_a_warning_and_names_every_resource(described: Any) -> None:
    for prefix, _view, _name in router.registry:
        assert f"/api/v1/{prefix}" in described["paths"]
    assert {"/upload-camera-image", "/check-license-plate/{plates}/{since}"} < set(described["paths"])


def test_it_says_how_to_send_the_token(described: Any) -> None:
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for address, operations in described["paths"].items():
        for operation in operations.values():
            open_to_all = address == "/api/schema/"
            assert {"token": []} in operation["security"] or open_to_all


def test_secrets_are_written_only(described: Any) -> None:
    schemas = described["components"]["schemas"]
    assert schemas["Recorder"]["properties"]["password"]["writeOnly"] is True
    assert schemas["Camera"]["properties"]["password"]["writeOnly"] is True
    assert {"key", "broker_bcrypt", "broker_pbkdf2"}.isdisjoint(schemas["Controller"]["properties"])


def test_the_page_asks_no_other_host_with_debug_off(client: Client, settings: Any) -> None:
    assert settings.DEBUG is False
    page = client.get("/api/docs/").content.decode()
    addresses = [found for found in re.findall(r'(?:src|href)="([^"]+)"', page) if found != "/api/docs/?script="]
    assert addresses
    assert all(address.startswith("/static/") for address in addresses)
    for address in addresses:
        assert finders.find(address.removeprefix("/static/")), address
    assert not re.search(r"https?://", page)


def test_the_description_is_served(client: Client) -> None:
    answer = client.get("/api/schema/")
    assert (answer.status_code, yaml.safe_load(answer.content)["info"]["title"]) == (200, "Cancela")
