"""What was active before is active after; what a list brought is known by the journal."""

from django.db import migrations


def state_of_active(apps, schema_editor):
    apps.get_model("access", "Vehicle").objects.filter(is_active=False).update(state="ended")


def active_of_state(apps, schema_editor):
    """Who waits for approval is not active: where there is no such state, nothing opens for it."""
    apps.get_model("access", "Vehicle").objects.exclude(state="active").update(is_active=False)


def remember_lists(apps, schema_editor):
    """The journal knows which vehicles a list brought."""
    vehicles = apps.get_model("access", "Vehicle").objects
    entries = apps.get_model("premises", "JournalEntry").objects.filter(action="vehicles.imported")
    for entry in entries.order_by("pk").iterator():
        plates = entry.data.get("added", [])
        for start in range(0, len(plates), 500):
            mine = vehicles.filter(condominium_id=entry.condominium_id, plate__in=plates[start : start + 500])
            mine.update(from_list=True)


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_vehicle_states"),
        ("premises", "0002_journal_triggers"),
    ]

    operations = [
        migrations.RunPython(state_of_active, active_of_state, elidable=True),
        migrations.RunPython(remember_lists, migrations.RunPython.noop, elidable=True),
    ]
