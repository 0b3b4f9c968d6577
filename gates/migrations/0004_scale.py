from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('gates', '0003_command_problems'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='gatecommand',
            index=models.Index(fields=['-requested_at'], name='gates_gatec_request_e0cb3b_idx'),
        ),
        migrations.AddIndex(
            model_name='gatecommand',
            index=models.Index(condition=models.Q(('state__in', ('refused', 'expired', 'failed'))), fields=['condominium', '-requested_at'], name='commands_that_moved_nothing'),
        ),
    ]
