import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("access", "0020_rehearsals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='retentionpolicy',
            name='notes_days',
            field=models.PositiveSmallIntegerField(db_default=90, default=90, help_text='After they are done, or written; shifts after their end.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1825)], verbose_name='notes of the gatehouse (days)'),
        ),
        migrations.CreateModel(
            name='RequestWork',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('gather', 'gather'), ('erase', 'erase')], max_length=10)),
                ('language', models.CharField(max_length=10)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'under way'), ('done', 'done'), ('failed', 'failed')], default='waiting', max_length=10)),
                ('problem', models.CharField(blank=True, max_length=300)),
                ('asked_at', models.DateTimeField()),
                ('worked_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('busy', models.BooleanField(default=False)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('draft', models.CharField(blank=True, max_length=200)),
                ('outcome', models.JSONField(default=dict)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='work', to='access.subjectrequest')),
            ],
            options={
                'verbose_name': 'work for a data-subject request',
                'verbose_name_plural': 'works for data-subject requests',
            },
        ),
    ]
