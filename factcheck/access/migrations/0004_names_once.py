from django.core.management import CommandError
from django.db import migrations, models
from django.db.models.functions import Lower


def names_differ_by_more_than_capitals(apps, schema_editor):
    """Stop in words where they do not: which of the people is renamed, and how, is the desk's to say."""
    people = apps.get_model("access", "User").objects.using(schema_editor.connection.alias)
    twice = people.values(name=Lower("username")).annotate(people=models.Count("pk")).filter(people__gt=1).values("name")
    names = people.filter(pk__in=people.annotate(name=Lower("username")).filter(name__in=twice).values("pk"))
    if said := ", ".join(names.order_by(Lower("username"), "username").values_list("username", flat=True)):
        raise CommandError(
            f"These user names differ only by capital letters, so that none of them can log in: {said}. Nothing was"
            " changed. Rename all but one of each, then migrate again: manage.py shell -c \"from"
            " factcheck.access.models import User; User.objects.filter(username='NAME').update(username='ANOTHER')\""
        )


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0003_login'),
    ]

    operations = [
        migrations.RunPython(names_differ_by_more_than_capitals, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(Lower('username'), name='access_user_username_once', violation_error_message='Somebody has this name already; capital letters make no other name.'),
        ),
    ]
