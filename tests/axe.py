"""axe over a part of a page: what it calls serious or critical."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def serious_in(page: Page, part: str) -> list[str]:
    """Rules that are broken within the part, with the first place where each is."""
    found = Axe().run(page, context=part).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['target']}" for each in found if each["impact"] in ("serious", "critical")
    ]
