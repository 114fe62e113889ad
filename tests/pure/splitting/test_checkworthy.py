"""What is worth checking more than what."""

import pytest

from tests.pure.splitting.reading import claims_of


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("Oslo lost 400 jobs.", "The town lost some jobs."),
        ("The army allegedly shot two men.", "The army shot two men."),
        ("The army shot two men.", "The army is a disgrace."),
        ("The bank lost the money.", "The bank should return the money."),
        ("The bank lost the money.", "They lost it."),
        ("The mayor lost the money.", "I lost the money."),
    ],
)
def test_numbers_names_and_doubt_are_worth_more_than_judgements_and_pronouns(more, less):
    assert claims_of(more)[0].check_worthy > claims_of(less)[0].check_worthy
