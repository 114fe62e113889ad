"""What a language model may add: only what stands in the article, and nothing that was there goes."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.splitting import Certainty, Kind, is_proposed, llm, split
from claims.splitting.llm import Proposal, Unusable
from tests.pure.splitting.reading import chain_of, paragraphs, quoted

ARTICLE = paragraphs(
    "Mayor Ilka Brandt spoke on Monday. She closed the Selmar bridge after 12 lorries had sunk, witnesses said.",
    "The Harbour Courier reported:",
    "Engineers with long experience found no cracks in the pillars. People on the quay asked the ferrymen of Selmar "
    "about the lorries again and again.",
    "Anyway, we think that is odd.",
)
CLOSED = "She closed the Selmar bridge"
MODEL = "tiny-1"


def proposal(quote, text=None, certainty="asserted", kind="fact"):
    return Proposal(quote, text or f"{quote}.", Certainty(certainty), Kind(kind))


def joined(*proposed, text=ARTICLE):
    found = split(text)
    passages = [passage for portion in llm.portions(text, (), is_new=lambda *_: True)[0] for passage in portion]
    return found, llm.joined(found, proposed, passages, text, model=MODEL)


def changed(*proposed, text=ARTICLE):
    """Return the claims that are not as the rules made them."""
    found, after = joined(*proposed, text=text)
    return [claim for claim in after.claims if claim not in found.claims]


def rule_claim(words, text=ARTICLE):
    return next(claim for claim in split(text).claims if words in quoted(claim))


def test_a_better_sentence_is_an_edit_of_the_rules_own():
    before = rule_claim("closed the Selmar bridge")
    better = "Mayor Ilka Brandt closed the Selmar bridge after 12 lorries had sunk on Monday"
    [claim] = changed(proposal(quoted(before), better, certainty="denied", kind="opinion"))
    assert claim.text == f"{better}."
    assert (claim.edits[-1].was, claim.edits[-1].now) == (before.text, claim.text)
    assert claim.edits[-1].why == "llm tiny-1"
    kept = ("spans", "sources", "certainty", "kind", "salience", "check_worthy", "because", "checkable")
    assert [getattr(claim, name) for name in kept] == [getattr(before, name) for name in kept]
    assert not is_proposed(claim)


def test_a_claim_that_the_rules_missed_is_added_and_says_who_proposed_it():
    [claim] = changed(proposal("the ferrymen of Selmar", "The ferrymen are of Selmar", "possible", "opinion"))
    assert ARTICLE[claim.spans[0].start : claim.spans[0].end] == quoted(claim) == "the ferrymen of Selmar"
    assert is_proposed(claim)
    assert (claim.because, claim.certainty, claim.kind) == (("llm tiny-1",), "possible", "opinion")
    assert not claim.checkable
    assert claim.edits[0].why == "llm tiny-1"
    assert claim.edits[0].was == "The ferrymen of Selmar."


def test_it_stands_in_the_voice_of_its_passage_or_of_the_claim_around_it():
    [inner] = changed(proposal("with long experience", "Engineers with long experience"))
    assert chain_of(inner) == chain_of(rule_claim("found no cracks"))
    text = "She spoke. Follow us on Twitter: the old ferrymen of Selmar. PENCE: Let us go there?"
    [alone] = changed(proposal("Let us go there", "Let us go there"), text=text.replace(" PENCE", "\n\nPENCE"))
    assert chain_of(alone) == ["PENCE"]


def test_the_articles_own_words_need_no_edit():
    [claim] = changed(proposal("the ferrymen of Selmar", "The ferrymen of Selmar."))
    assert claim.edits == ()


def test_a_line_break_in_the_article_is_no_other_word():
    text = "Mayor Brandt spoke of the old\nferrymen of the town on Monday."
    [claim] = changed(proposal("old ferrymen of", "Old ferrymen of the town"), text=text)
    assert quoted(claim) == "old\nferrymen of"


DROPPED = {
    "a quote that stands nowhere": proposal("The bridge was bombed", "The Selmar bridge was bombed."),
    "half a word": proposal("he ferrymen of Selm", "The ferrymen of Selmar."),
    "one word": proposal("ferrymen", "The ferrymen of Selmar."),
    "no word": proposal(". .", "The ferrymen of Selmar."),
    "a quote over two paragraphs": proposal("in the pillars. Anyway, we", "Ferrymen of Selmar."),
    "markup": proposal("the ferrymen of Selmar", "<b>The ferrymen of Selmar</b>."),
    "a link": proposal("the ferrymen of Selmar", "The ferrymen of Selmar www.selmar"),
    "a second line": proposal("the ferrymen of Selmar", "The ferrymen\nof Selmar"),
    "hidden marks": proposal("the ferrymen of Selmar", "The ferrymen \u202eof Selmar"),
    "words from elsewhere": proposal("the ferrymen of Selmar", "The ferrymen of Selmar are smugglers"),
    "a number from elsewhere": proposal("the ferrymen of Selmar", "The 13 ferrymen of Selmar"),
    "a number less": proposal("12 lorries had sunk", "Lorries had sunk there"),
    "a denial more": proposal("the ferrymen of Selmar", "The ferrymen are not of Selmar"),
    "a denial less": proposal("found no cracks", "Engineers found cracks"),
    "a number that stands elsewhere": proposal("the ferrymen of Selmar", "The 12 ferrymen of Selmar"),
    "a number in words": proposal("the ferrymen of Selmar", "The six ferrymen of Selmar"),
    "a short name from elsewhere": proposal("the ferrymen of Selmar", "The ferrymen of Selmar in Bo"),
    "another statement": proposal("the ferrymen of Selmar", "Engineers found pillars"),
    "one word of text": proposal("the ferrymen of Selmar", "Ferrymen"),
    "most of a claim": proposal("closed the Selmar bridge after", "Brandt closed the Selmar bridge after"),
}  # fmt: skip


@pytest.mark.parametrize("bad", DROPPED.values(), ids=list(DROPPED))
def test_what_does_not_hold_is_dropped(bad):
    assert changed(bad) == []


def test_a_sentence_that_says_something_else_does_not_replace_the_rules():
    before = rule_claim("closed the Selmar bridge")
    for said in (
        "Ilka Brandt did not close the Selmar bridge after 12 lorries had sunk",
        "12 lorries sank",
        before.text,
    ):
        assert changed(proposal(quoted(before), said)) == []


def test_what_was_proposed_once_is_not_proposed_again():
    first = proposal("the ferrymen of Selmar", "The ferrymen are of Selmar")
    again = proposal("the ferrymen of Selmar", "Ferrymen of Selmar")
    assert len(changed(first, again)) == 1


def test_everything_the_rules_found_is_still_there_in_order():
    found, after = joined(
        proposal("the ferrymen of Selmar"), proposal("with long experience", "Engineers with long experience")
    )
    assert [claim for claim in after.claims if not is_proposed(claim)] == list(found.claims)
    assert [claim.spans[0].start for claim in after.claims] == sorted(claim.spans[0].start for claim in after.claims)


WORDS = st.lists(st.sampled_from([*ARTICLE.split(), "not", "supported", "<b>", "99", "\u202e"]), max_size=12).map(
    " ".join
)
STRETCHES = st.tuples(st.integers(0, len(ARTICLE)), st.integers(0, 200)).map(lambda at: ARTICLE[at[0] : sum(at)])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(STRETCHES | WORDS, WORDS | STRETCHES), max_size=4))
def test_whatever_is_proposed_the_rules_stay_and_every_quote_is_verbatim(proposed):
    found, after = joined(*(proposal(quote, text or ".") for quote, text in proposed))
    kept = [claim for claim in after.claims if not is_proposed(claim)]
    assert [claim.spans for claim in kept] == [claim.spans for claim in found.claims]
    assert [claim.sources for claim in kept] == [claim.sources for claim in found.claims]
    assert [(claim.certainty, claim.kind) for claim in kept] == [(one.certainty, one.kind) for one in found.claims]
    for claim in after.claims:
        assert all(ARTICLE[span.start : span.end] == span.quote != "" for span in claim.spans)
        assert not {"supported", "<b>", "99", "\u202e"} & set(claim.text.split())


@pytest.mark.parametrize("before", ["", "only the first 500 claims were kept"])
def test_too_many_claims_are_cut_and_that_is_said(before):
    text = "\n\n".join(f"Town {number} closed {number} bridges, the ferrymen of Selmar wept." for number in range(510))
    found = replace(split(text), truncated=before)
    assert len(found.claims) == 500
    last = found.claims[-1].spans[0].start
    [passage] = [
        one for portion in llm.portions(text, (), is_new=lambda start, end: start <= last < end)[0] for one in portion
    ]
    for _portion in range(2):
        cut = llm.joined(found, [proposal("the ferrymen", "The ferrymen of Selmar")], [passage], text, model=MODEL)
        assert cut.claims == found.claims, "what the rules found makes room for nothing"
        assert cut.truncated == "only the first 500 claims were kept"


def test_a_quote_that_stands_twice_is_nobodys():
    text = paragraphs("The ferrymen of Selmar wept.", "The Harbour Courier reported:", "The ferrymen of Selmar wept.")
    assert changed(proposal("of Selmar", "The ferrymen of Selmar"), text=text) == []
    assert changed(proposal("The ferrymen of Selmar wept", "The ferrymen wept of Selmar"), text=text) == []


@pytest.mark.parametrize(
    ("meant", "said"),
    [
        ("Officials denied that the ferry sank", "Officials confirmed that the ferry sank"),
        ("Three ferrymen of Selmar drowned", "Two ferrymen of Selmar drowned"),
        ("Three ferrymen of Selmar drowned", "The CIA drowned three ferrymen of Selmar"),
    ],
)
def test_one_word_that_turns_the_statement_is_no_better_sentence(meant, said):
    text = f"{meant} on Monday. Two guilds confirmed that."
    [claim] = [one for one in split(text).claims if quoted(one).startswith(meant)]
    assert changed(proposal(quoted(claim), said), text=text) == []
    assert changed(proposal(quoted(claim), f"On Monday, {meant}"), text=text)


# -- what is asked ---------------------------------------------------------------------------------


def test_passages_are_asked_about_in_portions_within_bounds():
    text = "\n\n".join(f"Paragraph {number} has {'very ' * 400}old news in it." for number in range(60))
    portions, left_out = llm.portions(text, (), is_new=lambda *_: True)
    sizes = [sum(passage.end - passage.start for passage in portion) for portion in portions]
    assert max(sizes) <= 4_000
    assert 36_000 < sum(sizes) <= 40_000
    assert left_out == 60 - sum(len(portion) for portion in portions) > 0
    assert llm.portions("A" + " very" * 1_000 + " long one.", (), is_new=lambda *_: True) == ([], 1)


def test_only_what_is_new_is_asked_about():
    asked, _left = llm.portions(ARTICLE, (), is_new=lambda start, _end: start == 0)
    assert [passage.start for portion in asked for passage in portion] == [0]


def test_a_question_holds_the_passages_the_quotes_and_the_shape_of_the_answer():
    portions, _left = llm.portions(ARTICLE, (), is_new=lambda *_: True)
    asked = json.loads(llm.question(portions[0], ARTICLE, split(ARTICLE), model=MODEL))
    assert (asked["model"], asked["temperature"], asked["stream"]) == (MODEL, 0, False)
    told = json.loads(asked["messages"][1]["content"])
    assert told[0]["passage"] == ARTICLE.split("\n\n", maxsplit=1)[0]
    assert any("closed the Selmar bridge" in quote for quote in told[0]["found"])
    shape = asked["response_format"]["json_schema"]
    assert shape["strict"] is True
    assert "status" not in json.dumps(shape)
    assert shape["schema"]["properties"]["claims"]["items"]["additionalProperties"] is False


# -- what is answered ------------------------------------------------------------------------------


def answer(content, **more):
    said = content if isinstance(content, str) else json.dumps(content)
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": said}, **more}]}).encode()


GOOD = {"quote": "a b", "text": "A b.", "certainty": "asserted", "kind": "fact"}


def test_proposals_are_read_as_they_were_asked_for():
    assert llm.proposals(answer({"claims": [GOOD]}, finish_reason="stop")) == [
        Proposal("a b", "A b.", Certainty.ASSERTED, Kind.FACT)
    ]


@pytest.mark.parametrize(
    "bad",
    [
        {**GOOD, "status": "supported"},
        {**GOOD, "certainty": "certain"},
        {**GOOD, "kind": "verdict"},
        {**GOOD, "quote": 5},
        {**GOOD, "text": None},
        {**GOOD, "quote": "x" * 601},
        {**GOOD, "text": "x" * 401},
        {"quote": "a b"},
        "a b",
        None,
        [],
    ],
)
def test_what_in_an_answer_is_no_proposal_is_dropped(bad):
    assert llm.proposals(answer({"claims": [bad, GOOD]})) == [Proposal("a b", "A b.", Certainty.ASSERTED, Kind.FACT)]


def test_of_very_many_proposals_the_first_are_read():
    assert len(llm.proposals(answer({"claims": [GOOD] * 1_000}))) == llm.MOST_PROPOSALS


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"", "chat protocol"),
        (b"\xff\xfe", "chat protocol"),
        (b"<html>502</html>", "chat protocol"),
        (b"null", "chat protocol"),
        (b"{}", "chat protocol"),
        (b'{"choices": []}', "chat protocol"),
        (b'{"choices": [null]}', "chat protocol"),
        (b'{"choices": [{"message": null}]}', "chat protocol"),
        (b'{"choices": [{"message": {"content": null}}]}', "chat protocol"),
        (b"[" * 100_000, "chat protocol"),
        (answer("[" * 100_000), "chat protocol"),
        (answer("Sure! Here are the claims:"), "chat protocol"),
        (answer("1" * 10_000), "chat protocol"),
        (answer([GOOD]), "list of claims"),
        (answer({"claims": GOOD}), "list of claims"),
        (answer({"claims": [], "status": "supported"}), "list of claims"),
        (answer({"claims": []}, finish_reason="length"), "stopped in the middle"),
        (json.dumps({"choices": [{"message": {"refusal": "I cannot", "content": "{}"}}]}).encode(), "refused"),
    ],
)
def test_an_answer_that_is_not_what_was_asked_for_says_why(said, why):
    with pytest.raises(Unusable, match=why):
        llm.proposals(said)
