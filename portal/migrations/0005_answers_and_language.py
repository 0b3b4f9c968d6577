import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.models.invitation


class Migration(migrations.Migration):

    dependencies = [
        ("portal", "0004_alarms"),
        ('premises', '0006_holds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='language',
            field=models.CharField(choices=[('pt-br', 'Brazilian Portuguese'), ('en', 'English')], default=portal.models.invitation.site_language, max_length=10, verbose_name='language of the e-mail'),
        ),
        migrations.AddField(
            model_name='preferences',
            name='mail_vehicles',
            field=models.BooleanField(db_default=True, default=True, verbose_name='e-mail when a vehicle is approved or refused'),
        ),
        migrations.AddField(
            model_name='preferences',
            name='push_vehicles',
            field=models.BooleanField(db_default=True, default=True, verbose_name='notification when a vehicle is approved or refused'),
        ),
        migrations.CreateModel(
            name='AnswerNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('mailed_at', models.DateTimeField(null=True, verbose_name='e-mail sent at')),
                ('pushed', models.PositiveSmallIntegerField(default=0, verbose_name='browsers told')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='premises.journalentry')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'notice of an answer',
                'verbose_name_plural': 'notices of answers',
                'constraints': [models.UniqueConstraint(fields=('user', 'entry'), name='one_notice_of_an_answer')],
            },
        ),
    ]
