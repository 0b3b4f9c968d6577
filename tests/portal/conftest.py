"""What the tests of the faces share."""

from tests.browsing import browser
from tests.portal.gatehouse import lane, site, static_files, unit, vehicle

__all__ = ["browser", "lane", "site", "static_files", "unit", "vehicle"]
