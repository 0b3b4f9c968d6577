"""A gatehouse, and a site that serves its console."""

from tests.portal.console.gatehouse import lane, site, static_files, unit, vehicle

__all__ = ["lane", "site", "static_files", "unit", "vehicle"]
