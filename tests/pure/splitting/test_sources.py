"""Who the text has a claim from, outermost first."""

import pytest

from tests.pure.splitting.reading import blocks_of, chain_of, claim_at, claims_of, paragraphs, quotes_of

SAID = {
    "The mayor said Tuesday that the bridge would open in May.": ("the bridge would open in May", ["The mayor"]),
    "The bridge will open in May, the mayor said.": ("The bridge will open in May", ["the mayor"]),
    "The bridge will open in May, according to the mayor.": ("The bridge will open in May", ["the mayor"]),
    "As the Morning Post reported, the fund lost $3 million.": ("the fund lost $3 million", ["the Morning Post"]),
    "The fund lost $3 million, sources told Reuters.": ("The fund lost $3 million", ["Reuters", "sources"]),
    "The envoy repeated the union's position that the plan is illegal.": (
        "the plan is illegal",
        ["The envoy", "the union's"],
    ),
    "Aides floated suggestions that the premier should resign.": ("the premier should resign", ["Aides"]),
    "The mayor told a reporter in a letter that the bridge was safe.": ("the bridge was safe", ["The mayor"]),
    "The envoy attacked the union's position that the plan is illegal.": ("the plan is illegal", ["the union's"]),
    "According, the bridge fell, to nobody.": ("According, the bridge fell, to nobody", []),
    "The envoy made clear that the talks had failed.": ("the talks had failed", ["The envoy"]),
    "It was said by the mayor that the bridge was safe.": ("the bridge was safe", ["the mayor"]),
    "The truth is that the bridge was never safe.": ("the bridge was never safe", []),
    "The court heard of the fact that the bridge was unsafe.": ("the bridge was unsafe", []),
    "Lena Ott, who says the bridge is unsafe, resigned.": ("the bridge is unsafe", ["Lena Ott"]),
    "The town's leader, Anna Belk, said the bridge was safe.": ("the bridge was safe", ["Anna Belk"]),
    "Her doctor, Petra Winge, said the wound was deep.": ("the wound was deep", ["Petra Winge"]),
    "The ship's owner, a bank, said the hull was old.": ("the hull was old", ["The ship's owner"]),
    "Posts on social media claim that the new shot alters DNA.": (
        "the new shot alters DNA",
        ["Posts on social media"],
    ),
    "Leaflets handed out in Brno say that the new tram ruins shops.": ("the new tram ruins shops", ["Leaflets"]),
    "The lawyer told the judge she had not seen him since Friday.": (
        "she had not seen him since Friday",
        ["The lawyer"],
    ),
    "The army said rebels had attacked the base, killing three soldiers.": ("killing three soldiers", ["The army"]),
    "Petr Holub, a lawyer who told the court that the dam was safe, left.": ("the dam was safe", ["Petr Holub"]),
    "The dam is safe, said Petr Holub, a lawyer in Brno, in a letter.": ("The dam is safe", ["Petr Holub"]),
    "That is why the dam was closed, the mayor said.": ("the dam was closed", ["the mayor"]),
    "The firm says the dam is safe, according to a report.": ("the dam is safe", ["a report", "The firm"]),
    "Lena Ott said on Friday she met the mayor.": ("she met the mayor", ["Lena Ott"]),
    "The mayor told reporters this week the dam was safe.": ("the dam was safe", ["The mayor"]),
    "The envoy made it clear the talks had failed.": ("the talks had failed", ["The envoy"]),
    "We have seen this before: the mayor said the dam was safe.": ("We have seen this before", []),
    "The bridge was to be rebuilt, but the town ran out of money, a source said.": (
        "The bridge was to be rebuilt",
        ["a source"],
    ),
    "The town had asked for help, but the state sent nobody, the mayor added.": (
        "the state sent nobody",
        ["the mayor"],
    ),
    "The town cannot avoid the conclusion that the dam is unsafe.": ("the dam is unsafe", []),
    "I do not know where the bridge is.": ("I do not know where the bridge is", []),
    "Lena Ott said how angry she was.": ("Lena Ott said how angry she was", []),
    "Note that the bridge is closed.": ("the bridge is closed", []),
    "The man was told that the bridge had fallen.": ("the bridge had fallen", []),
    "It was reported that the bridge had fallen.": ("the bridge had fallen", []),
    "Lena Ott says officials told her that the bridge was safe.": ("the bridge was safe", ["Lena Ott", "officials"]),
}


@pytest.mark.parametrize(("sentence", "expected"), SAID.items(), ids=list(SAID))
def test_a_claim_has_the_sources_that_its_sentence_names(sentence, expected):
    quote, chain = expected
    assert chain_of(claim_at(sentence, quote)) == chain


def test_the_cue_is_the_word_that_says_so():
    claim = claim_at("The mayor warned that the bridge was unsafe.", "the bridge was unsafe")
    assert [link.cue for link in claim.sources] == ["warned"]


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Officials denied that the minister had resigned.", "Officials denied that the minister had resigned"),
        ("The court ruled that the law is void.", "The court ruled that the law is void"),
    ],
)
def test_a_saying_that_is_news_is_a_claim_beside_its_content(sentence, quote):
    assert claim_at(sentence, quote).sources == ()
    assert len(claims_of(sentence)) == 2


def test_a_saying_that_somebody_reports_is_a_claim_beside_its_content():
    sentence = "The envoy said the ministry had concluded that the bridge was unsafe."
    assert quotes_of(sentence) == ["the ministry had concluded that the bridge was unsafe", "the bridge was unsafe"]


def test_a_report_that_only_says_which_time_is_meant_is_not_taken_apart():
    sentence = "The walk was the third time the club said it had gathered."
    assert quotes_of(sentence) == [sentence.rstrip(".")]


def test_an_aside_in_reported_speech_is_the_reporters_own():
    sentence = "The mayor said the bridge, which opened in 1902, was unsafe."
    assert chain_of(claim_at(sentence, "the bridge, which opened in 1902")) == []


def test_what_stands_against_a_report_is_no_part_of_it():
    sentence = "The union said the plan would hurt workers, while the employers praised the plan."
    assert chain_of(claim_at(sentence, "the employers praised the plan")) == []


QUOTED = {
    '"The bridge will open in May," the mayor said. "We are ready."': ("We are ready", ["the mayor"]),
    '"The bridge is unsafe," said Lena Ott, a teacher. "It has to close."': ("It has to close", ["Lena Ott"]),
    '"The bridge was built badly. It was closed twice," the letter reads.': (
        "The bridge was built badly",
        ["the letter"],
    ),
    'The mayor spoke to Lena Ott: "The bridge was closed twice last year."': (
        "The bridge was closed twice last year",
        [],
    ),
}


@pytest.mark.parametrize(("text", "expected"), QUOTED.items(), ids=list(QUOTED))
def test_a_quotation_has_the_speaker_beside_it(text, expected):
    quote, chain = expected
    assert chain_of(claim_at(text, quote)) == chain


def test_who_tells_a_hearer_speaks_both_halves_of_a_quotation():
    text = "“Now that the dam is closed,” Lena Ott told the host, “the valley is dry again.”"
    assert chain_of(claim_at(text, "the valley is dry again")) == ["Lena Ott"]


def test_a_paragraph_that_ends_in_a_colon_says_who_speaks_next():
    text = paragraphs("Lena Ott opposed the plan.", "She had this answer:", '"The bridge was never safe for anybody."')
    assert chain_of(claim_at(text, "The bridge was never safe for anybody")) == ["Lena Ott"]


def test_a_colon_behind_nobody_says_nothing_of_who_speaks():
    text = paragraphs("Lena Ott said the plan was bad.", "In other words:", '"The bridge was never safe for anybody."')
    assert chain_of(claim_at(text, "The bridge was never safe for anybody")) == []


def test_a_quotation_goes_on_in_the_next_paragraph():
    text = paragraphs(
        "Lena Ott said the bridge was unsafe.",
        '"The town closed the bridge twice last year. The town never repaired it."',
        "The bridge opened in 1902.",
        '"The bridge fell in 1950 and was built again."',
    )
    assert chain_of(claim_at(text, "The town never repaired it")) == ["Lena Ott"]
    assert chain_of(claim_at(text, "The bridge fell in 1950")) == []


def test_words_held_with_tongs_are_no_quotation():
    text = 'The mayor said little. The "historic" bridge fell on Monday.'
    assert chain_of(claim_at(text, 'The "historic" bridge fell on Monday')) == []


def test_a_surname_is_written_out_and_a_pronoun_named():
    text = paragraphs(
        "Foreign Minister Anna Belk said the bridge was unsafe.",
        "She added that the town would close it. Mr. Belk said the bridge was old.",
    )
    assert chain_of(claim_at(text, "the town would close it")) == ["Anna Belk"]
    assert chain_of(claim_at(text, "the bridge was old")) == ["Anna Belk"]


def test_they_and_it_mean_the_last_many_and_the_last_thing():
    text = "Twelve towns sued the ministry. They argue that the plan is illegal."
    assert chain_of(claim_at(text, "the plan is illegal")) == ["twelve towns"]
    text = "The company closed on Monday. It said the plan was illegal."
    assert chain_of(claim_at(text, "the plan was illegal")) == ["the company"]


def test_who_speaks_for_somebody_is_not_the_one_he_speaks_for():
    text = "Jana Kolar left Brno. Aides to Kolar said the bridge was unsafe."
    assert chain_of(claim_at(text, "the bridge was unsafe")) == ["Aides to Kolar"]


def test_a_pronoun_that_nobody_was_named_for_stays():
    assert chain_of(claim_at("She said the bridge was unsafe.", "the bridge was unsafe")) == ["She"]


def test_a_first_person_is_no_source_inside_what_he_says():
    text = '"I said the bridge was unsafe," Lena Ott told the court.'
    assert chain_of(claim_at(text, "the bridge was unsafe")) == ["Lena Ott"]


def test_an_outlet_that_its_own_block_names_again_is_one_link():
    text, blocks = blocks_of(("quotation", "The Daily Herald says rebels had crossed the river.", "The Daily Herald"))
    assert chain_of(claim_at(text, "rebels had crossed the river", blocks)) == ["The Daily Herald"]


def test_a_verb_beside_a_quotation_that_the_parser_did_not_tie_to_it_is_its_cue():
    text = paragraphs(
        "Lena Ott lives in Brno.",
        '"But we must ask: what is a town without a bridge?" Lena Ott wrote in her letter. "The bridge was our heart."',
    )
    assert chain_of(claim_at(text, "The bridge was our heart")) == ["Lena Ott"]
    assert all("wrote" not in claim.text for claim in claims_of(text))


def test_a_quotation_inside_a_quotation_does_not_end_it():
    text = "“The “old bridge fell on Monday and nobody came,” Lena Ott said."
    assert claims_of(text)[0].sources[0].source == "Lena Ott"


def test_a_block_with_a_cite_has_it_as_outermost_source():
    text, blocks = blocks_of(
        ("paragraph", "The bridge has fallen."),
        ("quotation", "The army said rebels had crossed the river.", "The Daily Herald"),
        ("paragraph", "The town is empty."),
    )
    assert chain_of(claim_at(text, "rebels had crossed the river", blocks)) == ["The Daily Herald", "The army"]
    assert chain_of(claim_at(text, "The town is empty", blocks)) == []


@pytest.mark.parametrize(
    ("introduction", "cite", "outlet"),
    [
        ("The Morning Post reported:", "", "The Morning Post"),
        ("The Morning Post reported:", "https://example.org/a", "The Morning Post"),
        ("There was this, too:", "https://www.example.org/a", "example.org"),
        ("There was this, too.", "", ""),
    ],
)
def test_a_marked_quotation_has_the_outlet_that_introduces_or_hosts_it(introduction, cite, outlet):
    text, blocks = blocks_of(("paragraph", introduction), ("quotation", "Rebels crossed the river.", cite))
    assert chain_of(claim_at(text, "Rebels crossed the river", blocks)) == ([outlet] if outlet else [])


def test_reports_that_the_parser_takes_for_a_verb_are_a_source_all_the_same():
    text = (
        "The Harbour Courier reported that engineers had found cracks in two of the pillars. Reports that the bridge "
        "had already been closed to lorries could not be independently confirmed."
    )
    _cracks, closed = claims_of(text)
    assert closed.text == "The bridge had already been closed to lorries."
    assert ([link.source for link in closed.sources], closed.certainty) == (["Reports"], "unconfirmed")


def test_who_did_more_behind_an_inserted_report_is_who_did_the_first():
    first, further = claims_of(
        "Fighters of the Northern Front captured two towns on Sunday, army officials said, and extended their advance."
    )
    assert further.text == "Fighters of the Northern Front extended their advance."
    assert [link.source for link in further.sources] == [link.source for link in first.sources] == ["army officials"]


def test_behind_a_quotation_it_is_the_speaker_who_goes_on():
    assert "The captain walked away." in [
        claim.text for claim in claims_of("“We will win this,” the captain said, and walked away.")
    ]


def test_one_of_two_places_is_one_though_the_other_is_beside_it():
    found = [claim.text for claim in claims_of("The army holds the road between Orvany and the capital, Merrin.")]
    assert "The capital is Merrin." in found


def test_behind_a_report_that_stands_first_it_is_who_reported_that_goes_on():
    found = [claim.text for claim in claims_of("Officials said the bridge had fallen, and closed the road to lorries.")]
    assert "Officials closed the road to lorries." in found
