"""The project's own short articles: how many of their claims come out exactly, with the voices that disagree beside."""

from bench.splitting_rows import Figures
from bench.splitting_sets import Sets
from tests.pure.splitting.own_articles import as_expected, own_articles, side_by_side


def examples(_: Sets) -> Figures:
    """The share of expected claims found with exact quote, sources, certainty and kind; prints what disagrees."""
    exact = total = count = 0
    for article in own_articles():
        count += 1
        found = [as_expected(claim) for claim in article.found()]
        missing = [claim for claim in article.claims if claim not in found]
        total += len(article.claims)
        exact += len(article.claims) - len(missing)
        for claim in missing:
            print(f"{article.name}: not found as it stands: {claim}")
        for numbers in article.beside:
            print(f"{article.name}: {article.what}\n{side_by_side(article, numbers)}")
    print(f"{exact} of {total} claims of {count} own articles are exact\n")
    return {"claims": exact / total, "articles": float(count)}
