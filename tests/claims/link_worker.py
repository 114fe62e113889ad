"""A worker of its own process that holds the newest claim against all others; CRASHPOINT may end it."""

from __future__ import annotations

import django

if __name__ == "__main__":
    django.setup()
    from claims.models import Claim
    from claims.services import linking
    from factcheck.lib import clock
    from tests.claims.relating import Near

    claim, *others = Claim.objects.order_by("-id")
    linking.consider(claim, [Near(other.pk) for other in others], now=clock.now())
