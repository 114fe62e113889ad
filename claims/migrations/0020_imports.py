from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0019_records'),
    ]

    operations = [
        # A word more for `origin`; the column itself stays as it is.
        migrations.AlterField(
            model_name='claim',
            name='origin',
            field=models.CharField(choices=[('split', 'splitting'), ('person', 'by hand'), ('client', 'suggested by a client'), ('import', 'from a file')], editable=False, max_length=10, verbose_name='origin'),
        ),
    ]
