"""The policies a new desk begins with; editors change them in the admin."""

from datetime import timedelta

from django.db import migrations

HOLDS = {
    "unconfirmed": timedelta(hours=6),
    "supported": timedelta(days=180),
    "refuted": timedelta(days=180),
    "conflicting": timedelta(days=90),
    "not_enough_evidence": timedelta(days=30),
}


def seed(apps, _editor):
    policy = apps.get_model("claims", "Policy")
    for status, holds_for in HOLDS.items():
        policy.objects.get_or_create(status=status, kind="", defaults={"holds_for": holds_for})


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
