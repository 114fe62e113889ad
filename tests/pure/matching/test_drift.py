import pytest

from bench.matching_drift import measure
from bench.splitting_sets import Sets
from claims.matching.drift import Said, drift


def test_what_a_source_leaves_open_and_an_article_asserts_is_drift():
    found = drift(Said("The dam may have burst.", "possible"), Said("The dam burst.", "asserted"))
    assert found is not None
    assert found.kind == "hedge_dropped"
    assert "possible in the source" in found.because


def test_a_hedge_in_the_words_alone_counts_as_well():
    found = drift(Said("Reportedly the dam burst.", "asserted"), Said("The dam burst.", "asserted"))
    assert found is not None
    assert "“reportedly”" in found.because


@pytest.mark.parametrize(
    ("source", "article"),
    [
        ("The dam burst in May.", "The dam burst."),
        ("The dam burst on 3 May with 200 houses.", "The dam burst with 200 houses."),
        ("The dam may burst.", "The dam might burst."),
    ],
)
def test_what_is_no_harder_than_its_source_is_no_drift(source, article):
    assert drift(Said(source, "asserted"), Said(article, "asserted")) is None


def test_pairs_of_our_own_are_told_as_well_as_the_bar_asks():
    assert measure(Sets())["f1"] >= 0.9
