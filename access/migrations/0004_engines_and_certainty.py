"""The engine cancela becomes the usual one, and that of the lanes there are: until now nobody could choose another."""

from django.db import migrations, models


def to_cancela(apps, schema_editor):
    apps.get_model("access", "Lane").objects.filter(engine="classical").update(engine="cancela")


def to_classical(apps, schema_editor):
    apps.get_model("access", "Lane").objects.exclude(engine="classical").update(engine="classical")


class Migration(migrations.Migration):
    dependencies = [("access", "0003_plates_photos_boxes")]

    operations = [
        migrations.AddField(
            model_name="detection",
            name="calibrated",
            field=models.BooleanField(default=False, editable=False, verbose_name="calibrated"),
        ),
        migrations.AddField(
            model_name="detection",
            name="glimpse",
            field=models.BinaryField(null=True),
        ),
        migrations.AlterField(
            model_name="lane",
            name="engine",
            field=models.CharField(
                choices=[
                    ("cancela", "cancela: trained for Brazilian plates"),
                    ("classical", "classical: contours and Tesseract"),
                    ("window", "window: an early network, for comparison"),
                    ("fast-alpr", "fast-alpr: plates of the rest of the world"),
                ],
                default="cancela",
                max_length=20,
                verbose_name="recognition",
            ),
        ),
        migrations.RunPython(to_cancela, to_classical),
    ]
