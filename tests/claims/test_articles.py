"""Articles come in, are split once, and keep their claims."""

from __future__ import annotations

from datetime import datetime

import pytest

from claims.models import Article, Claim, Event
from tests.factories import split_article

pytestmark = pytest.mark.django_db


def test_a_pasted_article_becomes_claims_with_their_chain(now: datetime) -> None:
    article = split_article(now, title="Bridge talks collapse")
    assert article.state == Article.State.SPLIT, (article.state, article.last_error)
    for one in article.appearances.all():
        print(one.claim.text, "|", one.certainty, one.kind, [link.name for link in one.chain.all()], one.quote)
    closed = article.appearances.get(certainty="unconfirmed")
    assert closed.claim.status == "unconfirmed"
    assert [link.name for link in closed.chain.all()][0] == "The Selmar Post"
    assert Event.objects.filter(type="claim.created").count() == Claim.objects.count()
