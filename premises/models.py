"""Condominiums, their units and people, who may act in them, and the journal."""

from collections.abc import Iterable
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from premises.roles import LARGER, Permission, Role
from premises.tenancy import TenantModel, TenantQuerySet, memberships_granting

TIME_ZONES = [
    ("America/Noronha", "Fernando de Noronha (UTC−2)"),
    ("America/Sao_Paulo", "Brasília (UTC−3)"),
    ("America/Manaus", "Manaus (UTC−4)"),
    ("America/Cuiaba", "Cuiabá (UTC−4)"),
    ("America/Rio_Branco", "Rio Branco (UTC−5)"),
    ("UTC", "UTC"),
]

STATES = [
    ("AC", "Acre"), ("AL", "Alagoas"), ("AM", "Amazonas"), ("AP", "Amapá"), ("BA", "Bahia"), ("CE", "Ceará"),
    ("DF", "Distrito Federal"), ("ES", "Espírito Santo"), ("GO", "Goiás"), ("MA", "Maranhão"), ("MG", "Minas Gerais"),
    ("MS", "Mato Grosso do Sul"), ("MT", "Mato Grosso"), ("PA", "Pará"), ("PB", "Paraíba"), ("PE", "Pernambuco"),
    ("PI", "Piauí"), ("PR", "Paraná"), ("RJ", "Rio de Janeiro"), ("RN", "Rio Grande do Norte"), ("RO", "Rondônia"),
    ("RR", "Roraima"), ("RS", "Rio Grande do Sul"), ("SC", "Santa Catarina"), ("SE", "Sergipe"), ("SP", "São Paulo"),
    ("TO", "Tocantins"),
]  # fmt: skip


class Condominium(models.Model):
    """The tenant. It limits itself by the same spelling as everything that belongs to it."""

    area: ClassVar[str] = "registry"
    tenant_path: ClassVar[str] = "id"

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), unique=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    state = models.CharField(
        _("state"),
        max_length=2,
        choices=STATES,
        blank=True,
        help_text=_("Its holidays count beside those of the country."),
    )
    time_zone = models.CharField(_("time zone"), max_length=40, choices=TIME_ZONES, default="America/Sao_Paulo")
    # By `gates.holds`, with a name and a reason.
    gates_on_hold = models.BooleanField(_("all gates on hold"), default=False, editable=False)
    held_by = models.CharField(_("stopped by"), max_length=150, blank=True, db_default="", editable=False)
    held_because = models.CharField(_("stopped because"), max_length=200, blank=True, db_default="", editable=False)
    locked_down = models.BooleanField(
        _("locked down"),
        default=False,
        editable=False,
        help_text=_("While this is set, nobody is let in by us, whatever permit there is; who leaves may leave."),
    )
    # By `gates.standing`, with a name and a reason.
    locked_by = models.CharField(_("locked down by"), max_length=150, blank=True, db_default="", editable=False)
    locked_because = models.CharField(
        _("locked down because"), max_length=200, blank=True, db_default="", editable=False
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("condominium")
        verbose_name_plural = _("condominiums")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """Somebody who signs in. What they may do stands in their memberships."""

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def condominium_ids(self, permission: str) -> Iterable[int]:
        """Ids of the condominiums in which this user holds the permission; all of them for a superuser."""
        if not self.is_active or permission not in Permission.values:
            return []
        if self.is_superuser:
            return Condominium.objects.values_list("id", flat=True)
        mine = Membership.objects.filter(memberships_granting(permission), user=self)
        return mine.values_list("condominium_id", flat=True)


class Unit(TenantModel):
    """A flat, a house, a shop: what a vehicle and a person belong to."""

    area = "registry"

    block = models.CharField(_("block"), max_length=20, blank=True)
    number = models.CharField(_("number"), max_length=20)
    places = models.PositiveSmallIntegerField(
        _("places"),
        null=True,
        blank=True,
        help_text=_("How many of its vehicles may be inside at once. Empty: any number."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["block", "number"]
        constraints = [models.UniqueConstraint(fields=["condominium", "block", "number"], name="one_unit_of_a_name")]

    def __str__(self) -> str:
        return f"{self.block} {self.number}".strip()


class Person(TenantModel):
    """A resident, an owner, an employee: who can be told that something happened."""

    area = "registry"

    name = models.CharField(_("name"), max_length=120)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), null=True, blank=True, on_delete=models.SET_NULL, related_name="people"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(TenantModel):
    """A user's role in a condominium."""

    area = "accounts"

    user = models.ForeignKey(User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    person = models.ForeignKey(
        Person, verbose_name=_("person"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["condominium", "role", "user"]
        constraints = [models.UniqueConstraint(fields=["condominium", "user", "role"], name="one_membership_of_a_role")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class ApiClient(TenantModel):
    """A program that speaks to the API with a token. Only the token's digest is kept."""

    area = "accounts"

    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("token begins with"), max_length=12, unique=True, editable=False)
    token_digest = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)

    # What DRF and throttles ask of whoever made a request.
    is_authenticated: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def condominium_ids(self, permission: str) -> list[int]:
        """The client's one condominium where its scopes hold the permission."""
        known = self.is_active and permission in Permission.values
        return [self.condominium_id] if known and {permission, LARGER.get(permission)} & set(self.scopes) else []


class JournalHead(models.Model):
    """The last link of a condominium's chain: what the next entry is tied to."""

    condominium = models.OneToOneField(Condominium, on_delete=models.PROTECT, primary_key=True)
    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.condominium_id}: {self.sequence}"


class JournalEntry(TenantModel):
    """Something that happened. Written once, tied to the entry before it; triggers refuse any change but one.

    `subject` and `data` are what is personal in it: they may become empty (`premises.erasure`). The digest does not
    cover them but `personal_digest`, which with the entry's `salt` covers them; the salt goes with them. Entries of
    `version` 1 have none of that, their digest covers all they say.
    """

    area = "journal"

    sequence = models.PositiveBigIntegerField(_("number"))
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("who"), max_length=150)
    action = models.CharField(_("what"), max_length=60)
    subject = models.CharField(_("to what"), max_length=200, blank=True)
    passage_id = models.UUIDField(_("passage"), null=True)
    data = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    salt = models.CharField(max_length=32, blank=True, default="", editable=False)
    personal_digest = models.CharField(
        _("digest of what is personal"), max_length=64, blank=True, default="", editable=False
    )
    is_erased = models.BooleanField(_("erased"), default=False, editable=False)
    previous_digest = models.CharField(_("digest of the entry before"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        ordering = ["-id"]
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["condominium", "sequence"], name="one_entry_of_a_number")]
        indexes = [
            models.Index(fields=["condominium", "-at"]),
            models.Index(fields=["condominium", "-id"]),
            models.Index(fields=["passage_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"
