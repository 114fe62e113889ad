"""Functions of the owner, by which the application makes and drops monthly partitions without any right to do so."""

from django.db import migrations

MAKE = """
CREATE FUNCTION factcheck_make_partitions(parent text, months_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    first timestamptz := date_trunc('month', now());
    starts timestamptz;
    ends timestamptz;
    partition text;
    made integer := 0;
BEGIN
    IF parent IS NULL OR parent NOT IN ('sources_check') THEN
        RAISE EXCEPTION '% is no table of the house that is partitioned by month', parent
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF months_ahead IS NULL OR months_ahead NOT BETWEEN 1 AND 120 THEN
        RAISE EXCEPTION 'months ahead are 1 to 120, not %', months_ahead USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR month IN 0 .. months_ahead - 1 LOOP
        starts := first + make_interval(months => month);
        ends := first + make_interval(months => month + 1);
        partition := format('%s_%s', parent, to_char(starts, 'YYYY_MM'));
        CONTINUE WHEN to_regclass(format('public.%I', partition)) IS NOT NULL;
        -- Rows that came before their partition wait in the default one and would keep it from being attached.
        EXECUTE format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', parent || '_other');
        EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL)', partition, parent);
        EXECUTE format('WITH moved AS (DELETE FROM public.%I WHERE due_at >= %L AND due_at < %L RETURNING *) '
            'INSERT INTO public.%I SELECT * FROM moved', parent || '_other', starts, ends, partition);
        EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
            parent, partition, starts, ends);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION factcheck_make_partitions(text, integer) FROM PUBLIC;
"""

DROP = """
CREATE FUNCTION factcheck_drop_partitions(parent text, before date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    partition text;
    dropped integer := 0;
BEGIN
    IF parent IS NULL OR parent NOT IN ('sources_check') THEN
        RAISE EXCEPTION '% is no table of the house that is partitioned by month', parent
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF before IS NULL OR before > current_date - 30 THEN
        RAISE EXCEPTION 'what is younger than 30 days is kept: % is too late', before
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR partition IN
        SELECT child.relname FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
        WHERE inhparent = format('public.%I', parent)::regclass
            AND child.relname ~ ('^' || parent || '_[0-9]{4}_[0-9]{2}$')
            AND to_date(right(child.relname, 7), 'YYYY_MM') + interval '1 month' <= before
        ORDER BY 1
    LOOP
        EXECUTE format('DROP TABLE public.%I', partition);
        dropped := dropped + 1;
    END LOOP;
    EXECUTE format('DELETE FROM public.%I WHERE due_at < %L', parent || '_other', before);
    RETURN dropped;
END $$;
REVOKE ALL ON FUNCTION factcheck_drop_partitions(text, date) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("factcheck", "0001_initial"), ("sources", "0002_document_blind_at_document_differs_since_and_more")]

    operations = [
        migrations.RunSQL(MAKE, "DROP FUNCTION factcheck_make_partitions(text, integer)"),
        migrations.RunSQL(DROP, "DROP FUNCTION factcheck_drop_partitions(text, date)"),
    ]
