"""Alice's and Charlie's condominiums, a browser, and clients that are signed in: as in the tests of the admin."""

from tests.admin.conftest import browser, furnished, owner, signed_in

__all__ = ["browser", "furnished", "owner", "signed_in"]
