"""Condominiums: founded, and their particulars changed."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from premises import journal
from premises.models import Condominium, User
from premises.tenancy import allows


@transaction.atomic
def found(condominium: Condominium, *, by: User) -> Condominium:
    """A new condominium, with a short name made of its name. Only who keeps the installation may. Raises
    `PermissionDenied`, and `ValidationError`."""
    if not by.is_superuser:
        raise PermissionDenied(_("Only who keeps this installation adds a condominium."))
    condominium.slug = _free_slug(condominium.name)
    condominium.full_clean()
    condominium.save(force_insert=True)
    journal.record(condominium, "condominium.added", actor=by, subject=condominium.name)
    return condominium


@transaction.atomic
def keep(condominium: Condominium, fields: list[str], *, by: User) -> None:
    """Write these particulars of a condominium. Raises `PermissionDenied`."""
    if not allows(by, "registry.change", condominium.pk):
        raise PermissionDenied(_("You may not change this condominium."))
    if fields:
        condominium.save(update_fields=fields)
        data = {"fields": fields}
        journal.record(condominium, "condominium.changed", actor=by, subject=condominium.name, data=data)


def _free_slug(name: str) -> str:
    base = slugify(name)[:40] or "condominium"
    taken = set(Condominium.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug for number in range(len(taken) + 1) if (slug := f"{base}-{number + 1}" if number else base) not in taken
    )
