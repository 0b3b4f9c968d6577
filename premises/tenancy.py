"""Tenancy: the one spelling by which every page, API view and command limits what it touches.

    Vehicle.objects.restrict(actor, "view")

An actor is a signed-in user, an API client, or anybody else; anybody else gets nothing.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from premises.roles import roles_granting

if TYPE_CHECKING:
    from premises.models import ApiClient, User

    Actor = User | ApiClient | AnonymousUser | None


def condominium_ids(actor: "Actor", permission: str) -> "models.QuerySet[Any, Any] | list[int]":
    """Ids of the condominiums in which the actor holds the permission.

    Fails closed: an unknown kind of actor, an inactive one and an unknown permission all give none.
    """
    grants = getattr(actor, "condominium_ids", None)
    return grants(permission) if grants is not None else []


def allows(actor: "Actor", permission: str, condominium_id: int | None = None) -> bool:
    """Whether the actor holds the permission in that condominium, or in any where none is given."""
    ids = set(condominium_ids(actor, permission))
    return bool(ids) if condominium_id is None else condominium_id in ids


class TenantQuerySet(models.QuerySet[Any]):
    def restrict(self, actor: "Actor", action: str = "view") -> Self:
        """Rows of the condominiums in which the actor may do `action` to this kind of row."""
        permission = f"{self.model.area}.{action}"
        return self.filter(**{f"{self.model.tenant_path}__in": condominium_ids(actor, permission)})


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
