"""What gunicorn serves; gunicorn.conf.py says how."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from factcheck import checks

checks.refuse_to_start()
application = get_wsgi_application()
