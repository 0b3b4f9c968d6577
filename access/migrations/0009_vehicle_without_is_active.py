"""By itself: PostgreSQL does not alter a table in the transaction that has just written its rows."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0008_vehicle_states_filled"),
    ]

    operations = [
        migrations.RemoveField(model_name="vehicle", name="is_active"),
    ]
