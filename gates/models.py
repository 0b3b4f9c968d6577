"""Gates, the controllers that move them, and the commands they were given."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from gates.board_models import GateTurn, HomeAssistant
from gates.dialects import DIALECTS, addresses
from gates.dialects.names import DialectName
from gates.dialects.parts import Board
from gates.key_models import CarriedKey as CarriedKey
from gates.key_models import KeyList as KeyList
from gates.key_models import KeyUse as KeyUse
from gates.order_states import OrderState, Standing
from gates.positions import Position
from gates.problems import Problem
from gates.states import NOT_MOVED, State
from premises.tenancy import TenantModel

__all__ = ["Controller", "Gate", "GateCommand", "GateTurn", "HomeAssistant", "device_name"]

# A device name is a level of a topic, a broker's user and a file name: nothing that any of them reads as syntax.
device_name = RegexValidator(r"^[a-z0-9][a-z0-9_-]{1,38}$", _("Lower-case letters, digits, - and _ only."))
entity_name = RegexValidator(r"^(switch|cover)/[a-z0-9_-]{1,40}$", _("Write switch/… or cover/… as ESPHome calls it."))


class Controller(TenantModel):
    """The board that moves gates. It speaks to the broker as a user of its own name."""

    area = "devices"

    name = models.CharField(_("name"), max_length=80)
    device = models.CharField(_("device"), max_length=40, unique=True, validators=[device_name])
    key = EncryptedTextField(_("key"), editable=False)
    # Of its password at the broker only what each broker's file wants to read.
    broker_bcrypt = models.CharField(max_length=80, editable=False)
    broker_pbkdf2 = models.CharField(max_length=200, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    dialect = models.CharField(
        _("it speaks"), max_length=12, choices=DialectName.choices, default=DialectName.CANCELA, db_default="cancela"
    )
    topic = models.CharField(
        _("topic"),
        max_length=120,
        blank=True,
        default="",
        db_default="",
        db_index=True,
        help_text=_(
            "Plain: the topic it listens to. Tasmota: its Topic. Shelly, ESPHome, cover: what its topics begin with."
        ),
    )
    payload_on = models.CharField(_("says “open”"), max_length=40, default="1", db_default="1")
    payload_off = models.CharField(_("says “rest”"), max_length=40, default="0", db_default="0")
    status_topic = models.CharField(
        _("topic of its status"),
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text=_("Where it says online, and its last will offline; empty where it does not."),
    )
    opens_unheard = models.BooleanField(
        _("open although nobody knows whether it is there"), default=True, db_default=True
    )
    # When the broker, which watches it, was last known to do so.
    vouched_at = models.DateTimeField(null=True, editable=False)

    online = models.BooleanField(_("online"), default=False, editable=False)
    session = models.CharField(_("session"), max_length=32, blank=True, editable=False)
    # A pair: the controller's uptime, and when we heard it. Together they read its clock.
    uptime_ms = models.PositiveBigIntegerField(default=0, editable=False)
    # The last event that was taken in: one said again by somebody else is none.
    event_uptime_ms = models.PositiveBigIntegerField(default=0, editable=False)
    heard_at = models.DateTimeField(_("last heard"), null=True, editable=False)
    # The same by the steady clock of the machine that heard it (gates/steady.py).
    heard_steady = models.FloatField(null=True, editable=False)
    heard_by = models.CharField(max_length=40, blank=True, db_default="", editable=False)
    firmware = models.CharField(_("firmware"), max_length=40, blank=True, editable=False)
    last_problem = models.CharField(_("last problem"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("controller")
        verbose_name_plural = _("controllers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_signed(self) -> bool:
        """Whether it is one of our own boards, which sign and expire and answer."""
        return self.dialect == DialectName.CANCELA

    @property
    def board(self) -> Board:
        """How it is reached in its dialect."""
        return Board(self.topic, self.payload_on, self.payload_off, self.status_topic)

    def clean(self) -> None:
        if self.dialect in DIALECTS:
            self._check_topics()

    def _check_topics(self) -> None:
        for field in ("topic", "status_topic"):
            text = getattr(self, field)
            if (text or field == "topic") and not addresses.is_topic(self.dialect, text):
                raise ValidationError({field: _("Letters, digits, - and _ only; levels are parted by /.")})
        prefixes = HomeAssistant.objects.values_list("prefix", flat=True)
        if addresses.is_ours(self.dialect, self.board, prefixes):
            raise ValidationError({"topic": _("This topic is not for one board alone. Choose another.")})
        others = Controller.objects.filter(dialect__in=DIALECTS).exclude(pk=self.pk)
        if any(addresses.collide((self.dialect, self.board), (each.dialect, each.board)) for each in others):
            raise ValidationError({"topic": _("Another controller uses this topic, or one above or below it.")})


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


class GateCommand(TenantModel):
    """One opening, one life. The row is the queue."""

    area = "passages"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gate = models.ForeignKey(Gate, verbose_name=_("gate"), on_delete=models.PROTECT, related_name="commands")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.REQUESTED)
    passage_id = models.UUIDField(_("passage"), null=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("opened by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # The name outlives the account.
    requested_by_name = models.CharField(_("asked by"), max_length=150)
    reason = models.CharField(_("reason"), max_length=200)
    pulse_ms = models.PositiveIntegerField(_("pulse (ms)"))

    requested_at = models.DateTimeField(_("requested at"))
    expires_at = models.DateTimeField(_("expires at"))
    sent_at = models.DateTimeField(_("sent at"), null=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    pulsed_at = models.DateTimeField(_("pulsed at"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    session = models.CharField(max_length=32, blank=True)
    expires_uptime_ms = models.PositiveBigIntegerField(null=True)
    problem = models.CharField(_("why not"), max_length=40, choices=Problem.choices, blank=True)
    problem_detail = models.CharField(_("details"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("gate command")
        verbose_name_plural = _("gate commands")
        ordering = ["-requested_at"]
        indexes = [
            models.Index(fields=["state", "expires_at"]),
            models.Index(fields=["gate", "-requested_at"]),
            models.Index(fields=["passage_id"]),
            models.Index(fields=["-requested_at"]),
            models.Index(
                fields=["condominium", "-requested_at"],
                condition=models.Q(state__in=NOT_MOVED),
                name="commands_that_moved_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gate} · {self.get_state_display()}"


class DryRun(TenantModel):
    """A command without a pulse, by which a board shows that it checks and answers. It moves nothing, is no opening.

    `answer` is the board's own word; empty while it has not answered.
    """

    area = "devices"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    controller = models.ForeignKey(
        Controller, verbose_name=_("controller"), on_delete=models.CASCADE, related_name="dry_runs"
    )
    sent_at = models.DateTimeField(_("sent at"))
    expires_at = models.DateTimeField(_("expires at"))
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answer = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("dry run of a controller")
        verbose_name_plural = _("dry runs of controllers")
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"{self.controller} · {self.answer}"


class StandingOrder(TenantModel):
    """One telling of a controller what stands at a gate until further notice."""

    area = "passages"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gate = models.ForeignKey(Gate, verbose_name=_("gate"), on_delete=models.PROTECT, related_name="orders")
    standing = models.CharField(_("until further notice"), max_length=6, choices=Standing.choices)
    for_ms = models.PositiveIntegerField(_("for (ms)"), default=0)
    state = models.CharField(_("state"), max_length=8, choices=OrderState.choices, default=OrderState.SENT)
    asked_by_name = models.CharField(_("asked by"), max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"))
    expires_at = models.DateTimeField(_("expires at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    session = models.CharField(max_length=32)
    expires_uptime_ms = models.PositiveBigIntegerField()
    problem = models.CharField(_("why not"), max_length=40, choices=Problem.choices, blank=True)
    problem_detail = models.CharField(_("details"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("standing order")
        verbose_name_plural = _("standing orders")
        ordering = ["-sent_at"]
        indexes = [
            models.Index(fields=["gate", "-sent_at"]),
            models.Index(fields=["state", "expires_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.gate} · {self.get_standing_display()}"
