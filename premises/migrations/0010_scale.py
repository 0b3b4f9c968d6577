from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('premises', '0002_journal_triggers'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='journalentry',
            index=models.Index(fields=['condominium', '-id'], name='premises_jo_condomi_91ef78_idx'),
        ),
    ]
