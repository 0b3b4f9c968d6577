"""Gates written down: by a person, into the journal."""

from django.db import transaction

from gates.models import Gate
from premises import journal
from premises.models import User


@transaction.atomic
def keep(gate: Gate, *, by: User, fields: list[str]) -> None:
    """Write a gate that was validated."""
    verb = "added" if gate._state.adding else "changed"
    gate.save()
    journal.record(gate.condominium_id, f"gate.{verb}", actor=by, subject=gate.name, data={"fields": fields})
