"""What is kept for boards that cannot time a pulse themselves, and for Home Assistants that listen."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from premises.tenancy import TenantModel

prefix_name = RegexValidator(r"^[a-z0-9][a-z0-9_-]{1,38}$", _("Lower-case letters, digits, - and _ only."))


class GateTurn(models.Model):
    """The last pulse of a gate whose board takes any number of them: until when no other may begin, and whether what
    ends it has still to be said. Written before the pulse, so that whoever starts next ends it."""

    gate = models.OneToOneField("gates.Gate", primary_key=True, on_delete=models.CASCADE, related_name="turn")
    busy_until = models.DateTimeField()
    rest_due = models.DateTimeField(null=True)
    rests = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["rest_due"])]

    def __str__(self) -> str:
        return f"{self.gate_id} · {self.busy_until}"


class HomeAssistant(TenantModel):
    """A Home Assistant that finds the condominium's gates by itself, as a user of its own at the broker."""

    area: ClassVar[str] = "devices"

    user = models.CharField(
        _("user at the broker"),
        max_length=40,
        unique=True,
        validators=[prefix_name],
        help_text=_("Lower-case letters, digits, - and _ only. One installation has each name once."),
    )
    prefix = models.CharField(
        _("discovery prefix"),
        max_length=40,
        unique=True,
        default="homeassistant",
        validators=[prefix_name],
        help_text=_("Where it is not “homeassistant”, write it into the options of Home Assistant's MQTT too."),
    )
    announces = models.BooleanField(
        _("announced"), default=True, help_text=_("Its gates, lanes and controllers appear in Home Assistant.")
    )
    takes_commands = models.BooleanField(
        _("may open gates"),
        default=False,
        help_text=_(
            "Whoever may do things in that Home Assistant may then open every gate of the condominium. "
            "Each opening stands in the journal as asked for by Home Assistant, without a person's name."
        ),
    )
    tells_plates = models.BooleanField(
        _("is told plates"),
        default=False,
        help_text=_(
            "A plate is personal data, and Home Assistant keeps what it hears by its own rules. "
            "Otherwise it is told that a vehicle passed, and not which."
        ),
    )
    broker_bcrypt = models.CharField(max_length=80, editable=False)
    broker_pbkdf2 = models.CharField(max_length=200, editable=False)
    last_problem = models.CharField(_("last problem"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("Home Assistant")
        verbose_name_plural = _("Home Assistants")
        ordering = ["user"]
        constraints = [models.UniqueConstraint(fields=["condominium"], name="one_home_assistant_of_a_condominium")]

    def __str__(self) -> str:
        return self.user
