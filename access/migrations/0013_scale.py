from django.db import migrations, models

from access import search_indexes


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0012_reasons'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['-at'], name='access_deci_at_5c66cc_idx'),
        ),
        migrations.AddIndex(
            model_name='detection',
            index=models.Index(fields=['taken_at'], name='access_dete_taken_a_e7763c_idx'),
        ),
        migrations.AddIndex(
            model_name='passage',
            index=models.Index(fields=['-opened_at'], name='access_pass_opened__c5ff03_idx'),
        ),
        migrations.AddIndex(
            model_name='passage',
            index=models.Index(fields=['condominium', 'outcome', '-opened_at'], name='access_pass_condomi_0d3c93_idx'),
        ),
        migrations.AddIndex(
            model_name='passage',
            index=models.Index(fields=['condominium', 'reason', '-opened_at'], name='access_pass_condomi_b7281e_idx'),
        ),
        migrations.AddIndex(
            model_name='passage',
            index=models.Index(fields=['condominium', 'unit_name', '-opened_at'], name='access_pass_condomi_72ade8_idx'),
        ),
        migrations.AddIndex(
            model_name='passage',
            index=models.Index(condition=models.Q(('corrected_plate', ''), _negated=True), fields=['condominium', '-opened_at'], name='passages_corrected'),
        ),
        migrations.RemoveIndex(
            model_name='passage',
            name='access_pass_lane_id_427091_idx',
        ),
        migrations.AddIndex(
            model_name='passage',
            index=models.Index(fields=['lane', '-opened_at', 'condominium'], name='access_pass_lane_id_3304b4_idx'),
        ),
        migrations.RunPython(search_indexes.create, search_indexes.drop),
    ]
