import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0014_shadow_worked_at'),
        ('premises', '0005_scale'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GuestLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('note', models.CharField(blank=True, max_length=80, verbose_name='for whom')),
                ('greeting', models.CharField(blank=True, max_length=80, verbose_name='shown to the guest')),
                ('valid_from', models.DateTimeField(blank=True, null=True, verbose_name='valid from')),
                ('valid_until', models.DateTimeField(verbose_name='valid until')),
                ('single_entry', models.BooleanField(default=False, verbose_name='for one entry')),
                ('taken_back_at', models.DateTimeField(editable=False, null=True, verbose_name='taken back at')),
                ('used_at', models.DateTimeField(editable=False, null=True, verbose_name='used at')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('condominium', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='premises.condominium', verbose_name='condominium')),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guest_links', to='premises.unit', verbose_name='host unit')),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='invited by')),
                ('permit', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='guest_link', to='access.permit', verbose_name='permit')),
            ],
            options={
                'verbose_name': "guest's link",
                'verbose_name_plural': "guests' links",
                'ordering': ['-created_at'],
                'indexes': [models.Index(fields=['condominium', 'host', '-created_at'], name='access_gues_condomi_dd9148_idx')],
            },
        ),
    ]
