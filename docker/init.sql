-- What a new PostgreSQL container does at its first start: the two roles, with the passwords of its environment.
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
\ir postgres/roles.sql
