"""Bodies of requests, read so that nothing in them can break the answer."""

import json
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class Json(JSONParser):
    """JSON whose depth and texts are within bounds; whatever is not is the sender's mistake (status 400)."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            content = super().parse(stream, media_type, parser_context)
            # Half of a surrogate pair is no text: neither an answer nor a database can hold it.
            json.dumps(content, ensure_ascii=False).encode()
        except (RecursionError, UnicodeEncodeError) as error:
            raise ParseError(f"JSON parse error - {type(error).__name__}") from error
        return content
