"""How the API's description writes who is asking."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class ClientTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """drf-spectacular finds it once this module is loaded: `viewsets` loads it."""

    target_class = "premises.authentication.ClientTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "The token of an API client. `Authorization: Token …` and `Bearer …` are the same.",
        }
