"""What is opened."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from gates.dialects import DIALECTS
from gates.models.controllers import Controller
from gates.order_states import Standing
from gates.positions import Position
from premises.tenancy import TenantModel

entity_name = RegexValidator(r"^(switch|cover)/[a-z0-9_-]{1,40}$", _("Write switch/… or cover/… as ESPHome calls it."))


class Gate(TenantModel):
    """A barrier or a sliding gate, opened by a pulse on one relay of a controller."""

    area = "devices"

    name = models.CharField(_("name"), max_length=80)
    controller = models.ForeignKey(
        Controller,
        verbose_name=_("controller"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="gates",
    )
    relay = models.PositiveSmallIntegerField(_("relay"), default=1, validators=[MaxValueValidator(8)])
    entity = models.CharField(
        _("ESPHome's name of it"),
        max_length=60,
        blank=True,
        default="",
        db_default="",
        validators=[entity_name],
        help_text=_("Only of an ESPHome board that was not made from our file: switch/… or cover/…"),
    )
    pulse_ms = models.PositiveIntegerField(
        _("pulse (ms)"), default=500, validators=[MinValueValidator(50), MaxValueValidator(3000)]
    )
    life_ms = models.PositiveIntegerField(
        _("life of a command (ms)"),
        default=5000,
        validators=[MinValueValidator(500), MaxValueValidator(15000)],
        help_text=_("A command that has not pulsed by then never will."),
    )
    position = models.CharField(
        _("position"), max_length=12, choices=Position.choices, default=Position.UNKNOWN, editable=False
    )
    obstructed = models.BooleanField(_("something in the way"), default=False, editable=False)
    position_at = models.DateTimeField(_("so since"), null=True, editable=False)
    has_position_switch = models.BooleanField(_("has a position switch"), default=False)
    on_hold = models.BooleanField(_("on hold"), default=False, editable=False)
    held_by = models.CharField(_("stopped by"), max_length=150, blank=True, db_default="", editable=False)
    held_because = models.CharField(_("stopped because"), max_length=200, blank=True, db_default="", editable=False)
    way_out = models.BooleanField(
        _("people leave by it"),
        default=True,
        db_default=True,
        help_text=_(
            "While the condominium is locked down, it still opens for who leaves. Without this, it opens to nobody."
        ),
    )

    # What was asked for until further notice; `stands.wanted` says what holds now.
    standing = models.CharField(
        _("until further notice"),
        max_length=6,
        choices=Standing.choices,
        default=Standing.FREE,
        db_default=Standing.FREE,
        editable=False,
    )
    standing_until = models.DateTimeField(_("held open until"), null=True, editable=False)
    standing_at = models.DateTimeField(null=True, editable=False)
    standing_by = models.CharField(_("ordered by"), max_length=150, blank=True, db_default="", editable=False)
    standing_because = models.CharField(_("ordered because"), max_length=200, blank=True, db_default="", editable=False)
    # When its controller was last told so, and how often in vain since.
    said_at = models.DateTimeField(null=True, editable=False)
    said_times = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    # What its controller says of it; `stands.on_board` says whether that is still to be believed.
    on_board = models.CharField(
        max_length=6, choices=Standing.choices, default=Standing.FREE, db_default=Standing.FREE, editable=False
    )
    on_board_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("gate")
        verbose_name_plural = _("gates")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["controller", "relay"], name="one_gate_of_a_relay")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.controller is not None and self.controller.condominium_id != self.condominium_id:
            raise ValidationError({"controller": _("This controller is of another condominium.")})
        if self.controller is not None and self.controller.dialect in DIALECTS:
            self._check_relay(DIALECTS[self.controller.dialect].relays)

    def _check_relay(self, relays: int) -> None:
        if not 1 <= self.relay <= relays:
            message = _("Relays of this board are numbered from 1 to %(last)d.")
            raise ValidationError({"relay": ValidationError(message, params={"last": relays})})
