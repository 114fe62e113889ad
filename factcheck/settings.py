"""Every setting, read once from the environment. This file starts nothing. docs/settings.md explains each."""

from __future__ import annotations

from pathlib import Path

import django_stubs_ext

from factcheck import env
from factcheck.lib import logs

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.required(
    "SECRET_KEY", why="Make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default="127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "factcheck.access.apps.AccessConfig",
    "sources",
    "claims",
    "factcheck.access.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "pgtrigger",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "factcheck.apps.FactcheckConfig",
]
MIDDLEWARE = [
    "factcheck.middleware.Watched",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "factcheck.access.middleware.SessionLimits",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "factcheck.urls"
WSGI_APPLICATION = "factcheck.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# PostgreSQL is the ledger; the Redis protocol carries hints and may vanish.
_NEEDS_SERVER = "Set DATABASE_URL and REDIS_URL, or start through manage.py, which brings its own servers."
_DATABASE_URL = env.required("DATABASE_URL", why=_NEEDS_SERVER)
_OWNER_URL = env.env.str("DATABASE_OWNER_URL", default="")
# Only manage.py asks for the owner's role, and only for commands that change the schema.
DATABASE_AS_OWNER = env.flag("DATABASE_AS_OWNER", default=False) and bool(_OWNER_URL)
DATABASES = {"default": env.database(_OWNER_URL if DATABASE_AS_OWNER else _DATABASE_URL)}
# Whom migrate grants what the application may do.
DATABASE_ROLE = str(env.database(_DATABASE_URL).get("USER") or "")
ONE_DATABASE_ROLE = env.flag("ONE_DATABASE_ROLE", default=False)
DATABASES["default"].update(
    CONN_HEALTH_CHECKS=True,
    ATOMIC_REQUESTS=False,
)
DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
    "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"
    # How many neighbours the index of claims keeps at hand while it looks: docs/adr/0014 has the figures.
    " -c hnsw.ef_search=500"
)
# A host that swallows packets is told within seconds, not minutes.
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 5)
if env.flag("DATABASE_POOL", default=False):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 10, "timeout": 5}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.required("REDIS_URL", why=_NEEDS_SERVER)

CELERY_BROKER_URL = env.broker(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 5000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Without these a half-open connection leaves a worker deaf for ever; what they miss, the watchdog sees.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
CELERY_TIMEZONE = "UTC"
# How far a worker stands back for others on its machine that want the processor: see nice(2).
WORKER_NICE = env.number("WORKER_NICE", default=10, least=0, most=19)
# After how long without any message, though some should have come, a worker or beat ends to be started again; seconds.
DEAF_AFTER = env.number("DEAF_AFTER", default=60, least=5, most=3600)

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
HTTPS = env.flag("HTTPS", default=False)
# Without it a desk that answers to other names than this machine's own must have HTTPS.
PLAIN_HTTP = env.flag("PLAIN_HTTP", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
# A browser takes a __Host- cookie from this very host over HTTPS only, so that no neighbour can plant one.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_ENGINE = "factcheck.access.sessions"
SESSION_IDLE_MINUTES = env.number("SESSION_IDLE_MINUTES", default=30, least=1, most=720)
SESSION_COOKIE_AGE = SESSION_IDLE_MINUTES * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
# What watches the processes comes from inside and speaks plain HTTP.
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Coming in: a password, a second factor, or the newsroom's own OpenID provider. Nobody signs up by himself.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGIN_TRIES = env.number("LOGIN_TRIES", default=5, least=1, most=100)
LOGIN_WAIT_MINUTES = env.number("LOGIN_WAIT_MINUTES", default=15, least=1, most=1440)
SECOND_FACTOR = env.one_of("SECOND_FACTOR", default="optional" if DEBUG else "required", of=("required", "optional"))
# What the server must be able to read again is sealed with these, and never with anything in the database.
SECRETS_KEY = env.words("SECRETS_KEY") or [SECRET_KEY, *SECRET_KEY_FALLBACKS]
# What must stay readable for years, such as confidential names, is not sealed with a key that signs sessions.
SECRETS_KEY_IS_SET = bool(env.words("SECRETS_KEY"))
ACCOUNT_ADAPTER = "factcheck.access.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_RATE_LIMITS = False  # ours count exactly, in the database: factcheck.access.throttles
MFA_ADAPTER = "factcheck.access.adapters.SecondFactorAdapter"
MFA_RATE_LIMITS = False
MFA_FORMS = {
    "authenticate": "factcheck.access.forms.CodeForm",
    "reauthenticate": "factcheck.access.forms.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Factcheck"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
SOCIALACCOUNT_ADAPTER = "factcheck.access.adapters.ProviderAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that leads to another site is against our Content-Security-Policy
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_ISSUER = env.issuer("OIDC_ISSUER", may_be_http=DEBUG)
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
if OIDC_ISSUER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "desk",
            "name": env.env.str("OIDC_NAME", default="OpenID"),
            "client_id": env.required("OIDC_CLIENT_ID", why="OIDC_ISSUER needs it: the provider gave it to you."),
            "secret": env.required("OIDC_CLIENT_SECRET", why="OIDC_ISSUER needs it: the provider gave it to you."),
            "settings": {"server_url": OIDC_ISSUER, "fetch_userinfo": False},
        }
    ]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
# Ten megabytes is answered by name (413), not by a bare 400 of Django's.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

LANGUAGE_CODE = env.one_of("LANGUAGE_CODE", default="en", of=("en", "de"))
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "factcheck" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.zone("TIME_ZONE", default="UTC")

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["factcheck.access.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["factcheck.api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["factcheck.api.conditional.PlainJSON"],
    "DEFAULT_PARSER_CLASSES": ["factcheck.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "factcheck.api.pagination.NewestFirst",
    "DEFAULT_SCHEMA_CLASS": "factcheck.api.schema.ProblemSchema",
    "EXCEPTION_HANDLER": "factcheck.api.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Factcheck",
    "DESCRIPTION": "Claims, their sources and verification status, and what went stale.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
}

LOG_LEVEL = env.one_of("LOG_LEVEL", default="INFO", of=("DEBUG", "INFO", "WARNING", "ERROR"))
LOG_FORMAT = env.one_of("LOG_FORMAT", default=logs.usual_form(), of=logs.FORMS)
LOGGING = logs.configuration(level=LOG_LEVEL, form=LOG_FORMAT)
# What a scraper of /metrics must show as its bearer token; without one only this machine is answered.
METRICS_TOKEN = env.env.str("METRICS_TOKEN", default="")

# How long a process that starts waits for the database. gunicorn gives up on one that needs more than 30 s.
DATABASE_WAIT = env.number("DATABASE_WAIT", default=20, least=0, most=25)

# Requests in seconds, of one token, and of one address without a valid token: in Valkey, and without it not at all.
RATE_LIMIT = env.rate("RATE_LIMIT", default="600/60")
RATE_LIMIT_ADDRESS = env.rate("RATE_LIMIT_ADDRESS", default="60/60")
# New articles that one client may send in a day, in UTC; 0: no quota. Kept in PostgreSQL, exact.
ARTICLES_A_DAY = env.number("ARTICLES_A_DAY", default=0, least=0, most=10**9)
# How many proxies of ours stand in front: which entry of X-Forwarded-For is the client's address.
PROXIES = env.number("PROXIES", default=0, least=0, most=10)

# How many looks confirm that a page changed or is gone, and how far apart they are.
CHANGE_LOOKS = env.number("CHANGE_LOOKS", default=2, least=1, most=5)
CHANGE_LOOKS_APART = env.number("CHANGE_LOOKS_APART", default=600, least=1, most=86400)
# The longest time between two looks at a page that can be read, in seconds; what moves often is looked at sooner.
LOOK_AGAIN_WITHIN = env.number("LOOK_AGAIN_WITHIN", default=86400, least=1, most=31 * 86400)
# How many looks all pages together may take in a day, confirmations counted (0: no budget). Those that change, and on
# which much rests, get most of them; LOOK_AGAIN_WITHIN holds for every page, whatever it takes.
LOOKS_A_DAY = env.number("LOOKS_A_DAY", default=0, least=0, most=10**9)
# After how long without a successful look a page that could be read before counts as blind, in seconds.
MONITOR_BLIND_AFTER = env.number("MONITOR_BLIND_AFTER", default=172800, least=10, most=31 * 86400)
# The rest between two requests to one host, in seconds; a host's own row may say more or less, its robots.txt more.
HOST_GAP = env.number("HOST_GAP", default=1, least=0, most=3600)
# How many looks a day one host gets, in UTC (0: as many as are due); a host's own row may say otherwise.
HOST_LOOKS_A_DAY = env.number("HOST_LOOKS_A_DAY", default=0, least=0, most=10**6)
# After how many days a person is reminded to look at a host that lets no machine in; its own row may say otherwise.
VISIT_EVERY_DAYS = env.number("VISIT_EVERY_DAYS", default=7, least=1, most=365)
# How many hosts one process of a worker asks at once.
FETCHES_AT_ONCE = env.number("FETCHES_AT_ONCE", default=16, least=1, most=64)
# An archive outside that is asked to keep each version of a page as well (none: nothing is asked), and our key there.
ARCHIVE_URL = env.endpoint("ARCHIVE_URL")
ARCHIVE_KEY = env.secret("ARCHIVE_KEY")
# Google's Fact Check Tools, asked for what others checked where there is a key.
FACTCHECK_TOOLS_KEY = env.secret("FACTCHECK_TOOLS_KEY")
FACTCHECK_TOOLS_URL = (
    env.endpoint("FACTCHECK_TOOLS_URL") or "https://factchecktools.googleapis.com/v1alpha1/claims:search"
)
# Shown to the sites that are looked at, so that they can find the desk.
USER_AGENT = env.header("USER_AGENT", default="Factcheck/1.0 (page watcher of a fact-check desk)")
# Names ending in .test that stand for servers on loopback ("outlet.test=127.0.0.1:8123"): demo and tests.
LOOPBACK_HOSTS = env.stand_ins("LOOPBACK_HOSTS")

# Languages that are split; the experimental ones (docs/splitting.md) only where they stand here.
CLAIMS_LANGUAGES = env.some_of("CLAIMS_LANGUAGES", default="en", of=("en", "de"))
# A language model that may propose claims and better sentences: any server that speaks the OpenAI chat protocol.
CLAIMS_LLM_URL = env.endpoint("CLAIMS_LLM_URL")
CLAIMS_LLM_MODEL = env.env.str("CLAIMS_LLM_MODEL", default="").strip()
CLAIMS_LLM_KEY = env.secret("CLAIMS_LLM_KEY")

# Another model than MiniLM that turns texts into vectors: a folder with model.onnx, vocab.txt and sha256sums.txt.
EMBEDDING_MODEL = env.folder("EMBEDDING_MODEL")
# How sure it must be that two claims are the same, so that they are joined unasked; None: what was measured as safe.
SAME_AT = env.share("SAME_AT", never=1.1)
# Whether web processes load the embedder for what people search for; otherwise they find by words alone.
SEARCH_BY_MEANING = env.flag("SEARCH_BY_MEANING", default=True)
# The queue: how many of an article's claims come in as the most worth checking, and after how many days what nobody
# touched goes out again.
QUEUE_AN_ARTICLE = env.number("QUEUE_AN_ARTICLE", default=5, least=0, most=1000)
QUEUE_LAPSES_DAYS = env.number("QUEUE_LAPSES_DAYS", default=7, least=1, most=3650)

# Where raw pages are kept: in the database, or s3://bucket/prefix?endpoint=https://…&region=….
RAW_STORAGE = env.place("RAW_STORAGE")
# For how many days looks are kept; and raw pages that nothing rests on (0: for ever).
KEEP_CHECKS_DAYS = env.number("KEEP_CHECKS_DAYS", default=400, least=31, most=36500)
KEEP_RAW_DAYS = env.number("KEEP_RAW_DAYS", default=0, least=0, most=36500)
# Where the signed heads of the log are written each day, and the key that signs them, made at first use.
AUDIT_HEADS_DIR = Path(env.env.str("AUDIT_HEADS_DIR", default=str(BASE_DIR / "var" / "heads")))
AUDIT_KEY_FILE = Path(env.env.str("AUDIT_KEY_FILE", default=str(BASE_DIR / "var" / "audit_key.pem")))
