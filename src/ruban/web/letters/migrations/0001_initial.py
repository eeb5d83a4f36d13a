"""The addresses of letters."""

from django.db import migrations, models

import ruban.web.address


class Migration(migrations.Migration):
    """The first."""

    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="LetterPage",
            fields=[
                (
                    "token",
                    models.CharField(
                        default=ruban.web.address.new_token, max_length=26, primary_key=True, serialize=False
                    ),
                ),
                ("letter_id", models.CharField(max_length=64, null=True, unique=True)),
                ("draft", models.JSONField(null=True)),
                ("announced", models.BooleanField(default=False)),
                ("public", models.BooleanField(default=False)),
            ],
        ),
    ]
