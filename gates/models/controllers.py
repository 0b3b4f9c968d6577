"""The boards that move gates."""

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from gates.dialects import DIALECTS, addresses
from gates.dialects.names import DialectName
from gates.dialects.parts import Board
from gates.models.boards import HomeAssistant
from premises.tenancy import TenantModel

# A device name is a level of a topic, a broker's user and a file name: nothing that any of them reads as syntax.
device_name = RegexValidator(r"^[a-z0-9][a-z0-9_-]{1,38}$", _("Lower-case letters, digits, - and _ only."))


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
