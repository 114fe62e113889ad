"""kill -9 of the worker loses nothing and doubles nothing."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

from tests.chaos.desk import Desk, desk, eventually

ARTICLES, KILLS = 200, 10
MINT = (
    "from factcheck.access.models import User, mint;"
    "user = User.objects.create_user('checker', role='fact_checker');"
    "print('TOKEN', mint(name='chaos', scopes=['read:all', 'write:desk'], user=user)[1])"
)


def token_of(one: Desk) -> str:
    return one.manage("shell", "-v", "0", "-c", MINT).split("TOKEN ")[1].strip()


def test_two_hundred_articles_are_split_once_each_though_the_worker_is_killed_ten_times(tmp_path: Path) -> None:
    with desk(tmp_path) as one:
        token, answered = token_of(one), []

        def ingest() -> None:
            for number in range(ARTICLES):
                text = f"Shop {number} in Merrin burned down on Sunday. Police arrested {number + 2} people nearby."
                status, body = one.api("POST", "/api/v1/articles", {"text": text}, token=token)
                assert status == 201, body
                answered.append(body["uid"])

        sending = threading.Thread(target=ingest)
        sending.start()
        rng = random.Random(20)
        for _kill in range(KILLS):
            eventually(lambda: one.worker.running, within=20, what="the worker is started again")
            time.sleep(1 + 2 * rng.random())
            one.kill_worker()
        sending.join()
        eventually(
            lambda: one.rows("SELECT count(*) FROM claims_article WHERE state <> 'split'") == [(0,)],
            within=180,
            what="every article is split",
        )
        check(one, answered)
        assert one.worker.deaths >= KILLS


def check(one: Desk, answered: list[str]) -> None:
    """Hold what was answered against what is there."""
    stored = {str(uid) for (uid,) in one.rows("SELECT uid FROM claims_article")}
    assert stored == set(answered)
    assert len(answered) == ARTICLES
    processed = one.rows("SELECT subject_uid, count(*) FROM claims_event WHERE type = 'article.processed' GROUP BY 1")
    assert {str(uid): count for uid, count in processed} == dict.fromkeys(answered, 1)
    claims = one.rows("SELECT article_id, count(*), count(DISTINCT fingerprint) FROM claims_appearance GROUP BY 1")
    assert len(claims) == ARTICLES
    assert all(count == distinct == 2 for _article, count, distinct in claims), claims
    assert one.rows("SELECT count(*) FROM claims_claim") == [(2 * ARTICLES,)]
    assert one.rows("SELECT count(*) FROM claims_article WHERE quarantined_at IS NOT NULL") == [(0,)]
