"""What boards with a reader carry: their lists of keys; and every use of a key, wherever it was decided."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from gates.key_words import What
from premises.tenancy import TenantModel


class KeyList(TenantModel):
    """The list of one board: which version it shall have, and what it says that it has."""

    area = "devices"

    controller = models.OneToOneField(
        "gates.Controller", verbose_name=_("controller"), on_delete=models.CASCADE, related_name="key_list"
    )
    version = models.PositiveBigIntegerField(_("version"), default=0)
    made_at = models.DateTimeField(_("made at"), null=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)
    # Less the keys that were struck out since, this version is that one.
    before = models.PositiveBigIntegerField(default=0)
    struck = models.JSONField(default=list)
    # By which key of the board's the digests were made.
    key_mark = models.CharField(max_length=16, blank=True)
    # Of the whole list as it was sent last: in which session, and when it ends by that session's clock.
    sent_session = models.CharField(max_length=32, blank=True)
    sent_until = models.PositiveBigIntegerField(default=0)
    # The board's own words, by its heartbeats.
    board_version = models.PositiveBigIntegerField(_("version on the board"), default=0)
    board_minutes = models.PositiveIntegerField(_("minutes left"), default=0)
    board_waiting = models.PositiveIntegerField(_("entries to be fetched"), default=0)
    told_at = models.DateTimeField(_("so said at"), null=True)
    # Readings of the board's clock in its sessions before this one: {session: [uptime, heard at]}.
    sessions = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("list of keys on a board")
        verbose_name_plural = _("lists of keys on boards")
        ordering = ["controller"]

    def __str__(self) -> str:
        return str(self.controller)

    @property
    def is_delivered(self) -> bool:
        return self.version == self.board_version


class CarriedKey(models.Model):
    """A key as one board sees it. Whose it is, what it is and why, the registry knows: `ref` is its number there.

    One without relays is not in the list: it is known, and opens nothing.
    """

    controller = models.ForeignKey("gates.Controller", on_delete=models.CASCADE, related_name="carried")
    ref = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=16)
    # A bit for each relay that it opens.
    relays = models.PositiveSmallIntegerField(default=0)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["controller", "ref"], name="one_entry_of_a_key"),
            models.UniqueConstraint(
                fields=["controller", "digest"], condition=models.Q(relays__gt=0), name="one_key_of_a_digest"
            ),
        ]
        indexes = [models.Index(fields=["controller", "digest"])]

    def __str__(self) -> str:
        return f"{self.controller_id}: {self.ref}"


class KeyUse(TenantModel):
    """A tag or code that was presented at a gate, and what became of it.

    What a board did by itself has its `session` and `number` there, by which it is taken in once; it happened between
    `not_before` and `not_after`, and `at` is the likeliest time in between.
    """

    area = "passages"

    controller = models.ForeignKey(
        "gates.Controller", verbose_name=_("controller"), on_delete=models.CASCADE, related_name="key_uses"
    )
    gate = models.ForeignKey(
        "gates.Gate", verbose_name=_("gate"), null=True, on_delete=models.SET_NULL, related_name="key_uses"
    )
    # The key's number in the registry, and its name, which outlives it.
    key_ref = models.PositiveBigIntegerField(null=True, editable=False)
    key_name = models.CharField(_("key"), max_length=160, blank=True)
    what = models.CharField(_("what became of it"), max_length=16, choices=What.choices)
    offline = models.BooleanField(_("decided by the board"), default=False)
    at = models.DateTimeField(_("at"))
    not_before = models.DateTimeField(_("not before"), null=True)
    not_after = models.DateTimeField(_("not after"), null=True)
    lost = models.PositiveIntegerField(_("entries lost"), default=0)
    command_id = models.UUIDField(_("gate command"), null=True)
    session = models.CharField(max_length=32, blank=True)
    number = models.PositiveBigIntegerField(null=True)
    created_at = models.DateTimeField(_("taken in at"), auto_now_add=True)

    class Meta:
        verbose_name = _("use of a key")
        verbose_name_plural = _("uses of keys")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["controller", "session", "number"],
                condition=models.Q(offline=True),
                name="one_use_of_a_log_entry",
            )
        ]
        indexes = [
            models.Index(fields=["condominium", "-at"]),
            models.Index(fields=["condominium", "key_ref", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.key_name or self.get_what_display()} · {self.gate or self.controller}"

    @property
    def spread(self) -> timedelta | None:
        """How far the time may be off; None where it is the server's own."""
        return self.not_after - self.not_before if self.not_after and self.not_before else None
