from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("gates", "0009_dialects"),
    ]

    operations = [
        migrations.AddField(
            model_name='controller',
            name='heard_steady',
            field=models.FloatField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='controller',
            name='heard_by',
            field=models.CharField(blank=True, db_default='', editable=False, max_length=40),
        ),
    ]
