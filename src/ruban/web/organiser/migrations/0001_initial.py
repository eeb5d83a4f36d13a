"""The private tables of organisers."""

import django.db.models.deletion
from django.db import migrations, models

import ruban.web.address


class Migration(migrations.Migration):
    """The first."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Organiser",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=120)),
                ("place", models.PositiveSmallIntegerField(null=True, unique=True)),
                ("signed_in", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="StewardShare",
            fields=[
                (
                    "token",
                    models.CharField(
                        default=ruban.web.address.new_token, max_length=26, primary_key=True, serialize=False
                    ),
                ),
                ("label", models.CharField(max_length=120)),
                ("sealed", models.BinaryField()),
                ("people", models.PositiveIntegerField()),
                ("until", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("credential_id", models.CharField(max_length=1400, primary_key=True, serialize=False)),
                ("public_key", models.BinaryField()),
                ("uses", models.BigIntegerField(default=0)),
                ("label", models.CharField(max_length=120)),
                (
                    "organiser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="passkeys", to="organiser.organiser"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SignInLink",
            fields=[
                ("token_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("until", models.BigIntegerField()),
                (
                    "organiser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="organiser.organiser"
                    ),
                ),
            ],
        ),
    ]
