"""A browser, and what it may not see."""

from tests.browsing import browser

__all__ = ["browser"]
