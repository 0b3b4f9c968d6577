"""Tenancy: the one spelling by which every page, API view and command limits what it touches.

    Vehicle.objects.restrict(actor, "view")

An actor is a signed-in user, an API client, or anybody else; anybody else gets nothing.
"""

from collections.abc import Iterable
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from premises.roles import roles_granting

M = TypeVar("M", bound=models.Model)


def condominium_ids(actor: object, permission: str) -> Iterable[int]:
    """Ids of the condominiums in which the actor holds the permission.

    Fails closed: an unknown kind of actor, an inactive one and an unknown permission all give none.
    """
    grants = getattr(actor, "condominium_ids", None)
    ids: Iterable[int] = grants(permission) if grants is not None else []
    return ids


def allows(actor: object, permission: str, condominium_id: int | None = None) -> bool:
    """Whether the actor holds the permission in that condominium, or in any where none is given."""
    ids = set(condominium_ids(actor, permission))
    return bool(ids) if condominium_id is None else condominium_id in ids


class TenantQuerySet(models.QuerySet[M]):
    def restrict(self, actor: object, action: str = "view") -> Self:
        """Rows of the condominiums in which the actor may do `action` to this kind of row.

        A whole permission ("gates.open") may stand in place of an action.
        """
        model: type[TenantModel] = self.model  # type: ignore[assignment]  # or a model with the same two words
        ids = condominium_ids(actor, action if "." in action else f"{model.area}.{action}")
        return self.filter(**{f"{model.tenant_path}__in": ids})


class TenantModel(models.Model):
    """A row that belongs to one condominium. `area` is the first half of its permissions."""

    area: ClassVar[str]
    tenant_path: ClassVar[str] = "condominium_id"

    condominium = models.ForeignKey(
        "premises.Condominium", verbose_name=_("condominium"), on_delete=models.PROTECT, related_name="+"
    )

    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True


def memberships_granting(permission: str) -> models.Q:
    return models.Q(role__in=roles_granting(permission))
