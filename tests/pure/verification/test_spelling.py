"""Spelling is nothing to look at again; another word, name or number is."""

import pytest

from claims.verification.spelling import is_respelled

SAME = [
    ("The goverment fell on Monday.", "The government fell on Monday."),
    ("They recieve no aid.", "They receive no aid."),
    ("It occured at night.", "It occurred at night."),
    ("The harbour's colour was organised.", "The harbor's color was organized."),
    ("The theatre co-operated.", "The theater cooperated."),
    ("The web site is down", "The website is down."),
    ("THE MAYOR spoke.", "The mayor spoke."),
    ("THE mayor did recieve it.", "The mayor did receive it."),
]
OTHER = [
    ("The bridge is safe.", "The bridge is unsafe."),
    ("The claim is legal.", "The claim is illegal."),
    ("The report was confirmed.", "The report was confirmer."),
    ("They came from Iran.", "They came from Iraq."),
    ("Mr Hansen spoke.", "Mr Hanson spoke."),
    ("It cost 1000 crowns.", "It cost 1001 crowns."),
    ("Ten of them died.", "Two of them died."),
    ("He was killed there.", "He was billed there."),
    ("She may come.", "She may not come."),
    ("The moral was plain.", "The morale was plain."),
    ("He is united with them.", "He is untied with them now."),
    ("Therapist arrested", "The rapist arrested"),
    ("He is now here.", "He is nowhere."),
    ("It cost $5 million.", "It cost €5 million."),
    ("It rose 5%.", "It rose 5."),
    ("It fell to -5 degrees.", "It fell to 5 degrees."),
    ("The mayor resigned", "The mayor resigned?"),
    ("They were considered there.", "They were unconsidered there."),
]


@pytest.mark.parametrize(("was", "now"), SAME)
def test_another_spelling_is_the_same(was: str, now: str) -> None:
    assert is_respelled(was, now)
    assert is_respelled(now, was)


@pytest.mark.parametrize(("was", "now"), OTHER)
def test_another_word_is_not(was: str, now: str) -> None:
    assert not is_respelled(was, now)
    assert not is_respelled(now, was)
