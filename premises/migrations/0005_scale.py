from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('premises', '0004_erasable_journal'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='journalentry',
            index=models.Index(fields=['condominium', '-id'], name='premises_jo_condomi_91ef78_idx'),
        ),
    ]
