"""What is hashed of a journal entry. Whoever writes this down again in another language can verify an export.

Everything is the SHA-256 (hex) of JSON with sorted keys, without spaces, in UTF-8.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from premises.models import JournalEntry

VERSION = 2


def of_personal(salt: str, subject: str, data: Mapping[str, Any]) -> str:
    """Of what is personal. Without the salt nobody finds out a plate by trying all plates."""
    return _sha256({"salt": salt, "subject": subject, "data": data})


def of_entry(entry: JournalEntry) -> str:
    """Of everything an entry says, the digest of its predecessor included; of what is personal only its digest.

    In version 1 what is personal is covered itself.
    """
    said = {**_frame(entry), "previous": entry.previous_digest}
    if entry.version == 1:
        return _sha256({**said, "subject": entry.subject, "data": entry.data})
    return _sha256({**said, "version": entry.version, "personal": entry.personal_digest})


def of_rest(entry: JournalEntry) -> str:
    """Of all that stays of an entry of version 1 when it is erased, the digest included that nobody can check then."""
    return _sha256({**_frame(entry), "previous": entry.previous_digest, "digest": entry.digest})


def _frame(entry: JournalEntry) -> dict[str, Any]:
    return {
        "condominium": entry.condominium_id,
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "passage": str(entry.passage_id or ""),
    }


def _sha256(said: Mapping[str, Any]) -> str:
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
