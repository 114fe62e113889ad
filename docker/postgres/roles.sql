-- The two roles of a desk and its database. Run it once as a superuser; running it again changes the passwords only:
--
--   psql -v owner_password=… -v app_password=… -f docker/postgres/roles.sql
--
-- Other names: -v owner=… -v app=… -v database=…
-- Then DATABASE_OWNER_URL=postgresql://factcheck_owner:…@HOST/factcheck for `manage.py migrate`, which grants the
-- application's role what it may do, and DATABASE_URL=postgresql://factcheck_app:…@HOST/factcheck for everything else.
\set ON_ERROR_STOP on
\if :{?owner} \else \set owner factcheck_owner \endif
\if :{?app} \else \set app factcheck_app \endif
\if :{?database} \else \set database factcheck \endif

-- A role that is a superuser would lose that: nothing is done. Name others, or see docs/operating.md.
SELECT string_agg(rolname, ', ') AS superusers, count(*) > 0 AS refused
FROM pg_roles WHERE rolsuper AND rolname IN (:'owner', :'app') \gset
\if :refused
    DO $$ BEGIN RAISE EXCEPTION 'Nothing was changed: a role that is named here is a superuser and would no longer be one. '
        'Make roles of the desk''s own and hand the database over to its owner (docs/operating.md).'; END $$;
\endif

SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY[:'owner', :'app']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE :"app" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'app_password';

SELECT format('CREATE DATABASE %I OWNER %I ENCODING %L TEMPLATE template0', :'database', :'owner', 'UTF8')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"app";

\connect :"database"
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- pgvector is not among the extensions that an owner may bring in. Where this fails, the server lacks it: install
-- postgresql-NN-pgvector, or take the image pgvector/pgvector.
CREATE EXTENSION IF NOT EXISTS vector;
