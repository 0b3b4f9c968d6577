"""A vehicle waits, is active or is signed off; what a list brought is known by it."""

import django.db.models.deletion
from django.db import migrations, models

REASONS = [
    ("permitted", "registered, and may pass"),
    ("watchlisted", "on the watch-list"),
    ("unknown_plate", "not registered"),
    ("ambiguous", "two registered vehicles fit"),
    ("no_permit", "registered, without a permit"),
    ("not_yet", "permit not yet valid"),
    ("expired", "permit ended"),
    ("other_lane", "permit for another lane"),
    ("gate_on_hold", "gate on hold"),
    ("no_gate", "lane without a gate"),
    ("unsure", "the plate could not be read surely"),
    ("error", "an error on our side"),
    ("impossible", "not a plate that exists"),
    ("waiting_approval", "registered, waits for approval"),
    ("ended", "vehicle was signed off"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0006_permits"),
        ("premises", "0002_journal_triggers"),
    ]

    operations = [
        migrations.AddField(
            model_name="vehicle",
            name="state",
            field=models.CharField(
                choices=[("waiting", "waits for approval"), ("active", "active"), ("ended", "signed off")],
                default="active",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="ended_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="signed off at"),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="ended_because",
            field=models.CharField(blank=True, editable=False, max_length=200, verbose_name="signed off because"),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="from_list",
            field=models.BooleanField(default=False, editable=False, verbose_name="from a list"),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="claimed_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="premises.person",
                verbose_name="also proposed by",
            ),
        ),
        migrations.AddField(
            model_name="permit",
            name="ended_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="signed off at"),
        ),
        migrations.AlterField(
            model_name="passage",
            name="reason",
            field=models.CharField(blank=True, choices=REASONS, max_length=20, verbose_name="reason"),
        ),
        migrations.AlterField(
            model_name="decision",
            name="reason",
            field=models.CharField(choices=REASONS, max_length=20, verbose_name="reason"),
        ),
    ]
