"""Lanes: which camera looks at which gate."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access import regions
from access.permitting import Passback
from access.policies import Policy
from cameras.models import Camera
from gates.models import Gate
from premises.tenancy import TenantModel
from recognition import remedy


class Direction(models.TextChoices):
    IN = "in", _("in")
    OUT = "out", _("out")
    BOTH = "both", _("in and out")


class Engine(models.TextChoices):
    CANCELA = "cancela", _("cancela: trained for Brazilian plates")
    CLASSICAL = "classical", _("classical: contours and Tesseract")
    WINDOW = "window", _("window: an early network, for comparison")
    FAST_ALPR = "fast-alpr", _("fast-alpr: plates of the rest of the world")


class Lane(TenantModel):
    """One camera that looks at one direction of one gate. Without a gate it only records."""

    area = "devices"

    name = models.CharField(_("name"), max_length=80)
    camera = models.OneToOneField(Camera, verbose_name=_("camera"), on_delete=models.PROTECT, related_name="lane")
    gate = models.ForeignKey(
        Gate, verbose_name=_("gate"), null=True, blank=True, on_delete=models.PROTECT, related_name="lanes"
    )
    direction = models.CharField(_("direction"), max_length=4, choices=Direction.choices, default=Direction.IN)
    is_active = models.BooleanField(_("active"), default=True)
    engine = models.CharField(_("recognition"), max_length=20, choices=Engine.choices, default=Engine.CANCELA)
    interval = models.DecimalField(
        _("seconds between pictures"),
        max_digits=5,
        decimal_places=2,
        default=Decimal("1.00"),
        validators=[MinValueValidator(Decimal("0.25")), MaxValueValidator(Decimal(300))],
    )
    policy = models.CharField(
        _("policy"),
        max_length=10,
        choices=Policy.choices,
        default=Policy.BALANCED,
        help_text=_("How surely a plate must be a registered one before the gate opens."),
    )
    agreeing = models.PositiveSmallIntegerField(
        _("n of 7"),
        default=6,
        validators=[MinValueValidator(4), MaxValueValidator(7)],
        help_text=_("Only for the policy “n of 7”: how many characters must be equal."),
    )
    frames_to_refuse = models.PositiveSmallIntegerField(
        _("pictures before a refusal"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("A vehicle that fits nobody is looked at so often before it is refused."),
    )
    gap_seconds = models.PositiveSmallIntegerField(
        _("seconds until gone"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(300)],
        help_text=_("A vehicle not seen for so long has left; if it comes back, that is a new passage."),
    )

    # Shares of the picture: left, top, width, height. Empty: all of it.
    region = models.JSONField(
        _("region of interest"), default=list, blank=True, editable=False, validators=[regions.check]
    )
    passback = models.CharField(
        _("anti-passback"),
        max_length=4,
        choices=Passback.choices,
        default=Passback.OFF,
        help_text=_("A vehicle that is inside and is seen coming in once more. Only for lanes that lead in."),
    )
    forgive_hours = models.PositiveSmallIntegerField(
        _("hours until forgiven"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 90)],
        help_text=_("After so long a vehicle is no longer taken to be inside: it may have left unseen."),
    )

    class Meta:
        verbose_name = _("lane")
        verbose_name_plural = _("lanes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse for an active lane a recognition that is not installed: the lane would see nothing."""
        super().clean()
        if self.is_active and self.remedy:
            raise ValidationError(
                {"engine": gettext("It is not installed on this server: %(command)s") % {"command": self.remedy}}
            )

    @property
    def remedy(self) -> str:
        """The command that brings the lane's recognition; empty where nothing is missing."""
        return remedy(self.engine) if self.engine in Engine else ""


class TravelTime(TenantModel):
    """The shortest time in which one vehicle can be at one lane and then at another, whichever of them is first.

    Two lanes without one have none: only what somebody measured can make a vehicle suspect.
    """

    area = "devices"

    one = models.ForeignKey(Lane, verbose_name=_("lane"), on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Lane, verbose_name=_("other lane"), on_delete=models.CASCADE, related_name="+")
    seconds = models.PositiveIntegerField(
        _("shortest time (seconds)"),
        validators=[MinValueValidator(5), MaxValueValidator(86400)],
        help_text=_("What no car can be faster than. The same plate at both lanes in less is a suspicion."),
    )

    class Meta:
        verbose_name = _("travel time")
        verbose_name_plural = _("travel times")
        ordering = ["one", "other"]
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="one_travel_time_of_two_lanes")]

    def __str__(self) -> str:
        return f"{self.one} – {self.other}"

    def clean(self) -> None:
        """Refuse one lane twice, two lanes of one gate, and a pair that is there already the other way round."""
        super().clean()
        pair = Lane.objects.filter(pk__in=[self.one_id, self.other_id])
        gates = list(pair.values_list("gate_id", flat=True))
        if self.one_id == self.other_id or (None not in gates and len(gates) == 2 and len(set(gates)) == 1):
            raise ValidationError({"other": _("Choose a lane of another gate.")})
        if TravelTime.objects.filter(one=self.other_id, other=self.one_id).exclude(pk=self.pk).exists():
            raise ValidationError({"other": _("These two lanes have a travel time already.")})
