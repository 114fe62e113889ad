"""Reading structure off a text: paragraphs, headlines, speakers, and whose words a block is."""

import pytest

from claims.splitting import Block
from claims.splitting.outlets import outlet_in
from claims.splitting.segment import segment
from tests.pure.splitting.reading import blocks_of, chain_of, claim_at, claims_of, paragraphs, quotes_of, texts_of


def shown(text, blocks=()):
    return [passage.shown for passage in segment(text, blocks)]


def test_paragraphs_are_parted_by_blank_lines_and_stand_where_they_stand():
    text = "  The bridge fell.\n\n\n  The town wept.  "
    passages = segment(text)
    assert [text[passage.start : passage.end] for passage in passages] == ["The bridge fell.", "The town wept."]


def test_a_single_line_break_ends_a_paragraph_only_after_a_final_mark():
    assert shown("The bridge fell\non Monday.\nThe town wept.") == ["The bridge fell\non Monday.", "The town wept."]


def test_a_dateline_is_no_part_of_the_first_sentence():
    text = "OSLO, Norway (AP) — The bridge fell on Monday.\n\nThe town wept for hours afterwards."
    assert shown(text)[0] == "The bridge fell on Monday."


def test_a_headline_is_read_in_sentence_case():
    text = paragraphs("Town Closes Its Old Bridge", "The town in Norway closes its old bridge on Monday, it said.")
    assert shown(text)[0] == "Town closes its old bridge"


def test_a_subheading_is_read_in_sentence_case_too():
    text = paragraphs("The town closes its bridge.", "BELK STEPS ASIDE", "Mayor Anna Belk steps aside in May.")
    assert shown(text)[1] == "Belk steps aside"


def test_a_name_before_a_colon_in_a_headline_is_who_says_it():
    text = paragraphs("Belk: Bridge will open in May", "The town has waited for years. Belk knows why.")
    assert chain_of(claims_of(text)[0]) == ["Belk"]


def test_words_before_a_colon_that_the_article_does_not_name_say_nothing():
    text = paragraphs("Flood Over Brno: Bridge will open in May", "The town has waited for years. Nobody knows why.")
    assert chain_of(claims_of(text)[0]) == []


def test_the_latest_is_nobody():
    text = paragraphs("The Latest: Bridge will open in May", "The latest news is good. The town waits.")
    assert chain_of(claims_of(text)[0]) == []


def test_a_word_whose_small_form_is_longer_leaves_the_headline_alone():
    text = paragraphs("\u0130ZM\u0130R RALLY", "The i\u0307zmi\u0307r rally ended on Monday.")
    assert shown(text)[0] == "\u0130ZM\u0130R RALLY"


TRANSCRIPT = paragraphs(
    '"HOST: The bridge fell last year. What happened?',
    '"ROWE: The town never repaired the bridge.',
    '"The bridge was built in 1902.',
    '"(LAUGHTER)',
    '"HOST: The mayor denies that.',
    '"ROWE: The mayor knew about the cracks.',
)


def test_a_speakers_label_speaks_for_the_paragraphs_up_to_the_next():
    assert chain_of(claim_at(TRANSCRIPT, "The bridge was built in 1902")) == ["Rowe"]
    assert chain_of(claim_at(TRANSCRIPT, "The bridge fell last year")) == ["Host"]


def test_a_label_ends_with_the_quotation_that_it_stood_in():
    text = paragraphs('"ROWE: The mayor knew about the cracks."', "The bridge fell on Monday.")
    assert chain_of(claim_at(text, "The bridge fell on Monday")) == []


def test_labels_without_quotation_marks_speak_up_to_the_last_label():
    text = paragraphs(
        "ROWE: The mayor knew.", "The bridge was old.", "HOST: The bridge fell.", "The town is quiet now."
    )
    assert chain_of(claim_at(text, "The bridge was old")) == ["Rowe"]
    assert chain_of(claim_at(text, "The town is quiet now")) == []


def test_a_signature_names_the_speaker_of_the_lines_before_it():
    text = "The bridge fell.\n\nThe town needs help.\nThe mayor knew about it.\n\n— Lena Ott (@lenaott) May 3, 2019"
    assert chain_of(claim_at(text, "The mayor knew about it")) == ["Lena Ott"]
    assert chain_of(claim_at(text, "The town needs help")) == ["Lena Ott"]
    assert chain_of(claim_at(text, "The bridge fell")) == []


def test_a_signature_with_nothing_before_it_names_nobody():
    assert shown("— Lena Ott (@lenaott) May 3, 2019") == []


FURNITURE = [
    "Editor's note: The paper endorsed a candidate.",
    "[Video: The bridge falls on Monday.]",
    "© 2019 The Herald. The bridge fell.",
    "(Reporting by Jon Roe; Editing by Ann Poe)",
    "Read on for the rest.",
    "Follow Jon Roe on Twitter @jonroe.",
    "All rights reserved.",
    "Join the conversation as a member.",
]


@pytest.mark.parametrize("sentence", FURNITURE)
def test_furniture_is_no_claim(sentence):
    assert claims_of(paragraphs("The bridge fell on Monday.", sentence)) == claims_of("The bridge fell on Monday.\n\n")


def test_boilerplate_goes_by_sentence_not_by_paragraph():
    assert claim_at("Read on for the rest. The mayor knew about the cracks.", "The mayor knew about the cracks")


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("The Morning Post suggests that", "The Morning Post"),
        ("the Daily Herald reported", "The Daily Herald"),
        ("as Reuters wrote", "Reuters"),
        ("CBS News correspondent", "CBS News"),
        ("the mayor said", ""),
    ],
)
def test_an_outlet_is_known_by_its_name_or_by_the_shape_of_it(text, outlet):
    assert outlet_in(text) == outlet


def test_a_block_is_named_before_it_and_ends_where_the_writer_is_heard_again():
    text = paragraphs(
        "The bridge is gone, and the Daily Herald reported:",
        "Rebels blew up the bridge.",
        "The army fled.",
        "So much for the army. The town is empty.",
    )
    assert chain_of(claim_at(text, "The army fled")) == ["The Daily Herald"]
    assert chain_of(claim_at(text, "The town is empty")) == []


def test_a_block_is_named_by_the_correspondent_inside_it():
    text = paragraphs(
        "The envoy brought that message to the capital today:",
        "The envoy flew to the capital.",
        "CBS News correspondent Ann Poe says the talks failed.",
        "Would you trust him?",
    )
    assert chain_of(claim_at(text, "The envoy flew to the capital")) == ["CBS News"]


def test_a_block_is_named_by_what_the_writer_says_of_it_afterwards():
    text = paragraphs(
        "The rebels are still moving:",
        "Rebels seized the port.",
        "If the port is lost, we are in trouble.",
        "The Morning Post suggests that the rebels turned back.",
    )
    assert chain_of(claim_at(text, "Rebels seized the port")) == ["The Morning Post"]


@pytest.mark.parametrize("introduction", ["The Daily Lantern is less sure:", "Not so the Port Guardian:"])
def test_an_outlet_before_a_colon_opens_its_block_whatever_is_said_of_it(introduction):
    text = paragraphs(introduction, "Rebels seized the port.")
    assert chain_of(claim_at(text, "Rebels seized the port"))[0].split()[1] in {"Daily", "Port"}


@pytest.mark.parametrize(
    "opening",
    [
        "BRNO (Reuters) - ",
        "BRNO, March 4 (Reuters) - ",
        "BRNO, March 4 - ",
        "BRNO, Moravia – June 12 – ",
        "BRNO — ",
        "14:20 ",
        "2:20 p.m. ET - ",
        "09:05: ",
    ],
)
def test_where_and_when_a_paragraph_was_written_is_no_part_of_it(opening):
    assert quotes_of(opening + "Power is out in the whole county.") == ["Power is out in the whole county"]


def test_a_heading_above_a_paragraph_is_none_of_it():
    text = "About Brno Power\nBrno Power employs 1,400 people in six countries and owns nine plants."
    assert quotes_of(text)[0] == "Brno Power employs 1,400 people in six countries"


def test_lines_that_are_wrapped_are_one_paragraph():
    text = "The mayor said that the old bridge was\nclosed and would not open again before\nMay."
    assert quotes_of(text) == ["the old bridge was\nclosed", "the old bridge | would not open again before\nMay"]


def test_a_second_headline_is_read_in_small_letters_too():
    text = paragraphs("Nurses End Strike", "River Threatens Three Villages", "A deal ended the strike.")
    assert "River threatens three villages." in texts_of(claims_of(text))


def test_a_score_is_no_apposition():
    assert quotes_of("Rovers 2-1 Albion\n\nRovers play on.") == ["Rovers play on"]


def test_a_headline_in_sentence_case_keeps_its_capitals():
    text = "Fire in Camden Street\n\nThe fire closed the street."
    assert quotes_of(text)[-1] == "The fire closed the street"
    assert all(
        "Camden Street" in claim.text for claim in claims_of("Fire hits Camden Street\n\nThe street is shut."[:24])
    )


def test_a_wide_gap_ends_a_block():
    text = "The Morning Post reported:\n\nRebels seized the port.\n\n\nThe town is empty."
    assert chain_of(claim_at(text, "The town is empty")) == []


def test_one_block_may_introduce_the_next():
    text = paragraphs(
        "The Morning Post reported:",
        "Rebels seized the port.",
        "The Daily Herald reported:",
        "The army fled.",
    )
    assert chain_of(claim_at(text, "The army fled")) == ["The Daily Herald"]


def test_a_colon_before_a_list_makes_no_block():
    text = paragraphs("The plan does three things:", "The plan closes the port.", "The plan ends the tax.")
    assert chain_of(claim_at(text, "The plan closes the port")) == []


@pytest.mark.parametrize("introduction", ["Nobody believed her. Lena Ott writes:", "Lena Ott made this statement:"])
def test_quoted_paragraphs_belong_to_who_introduces_them(introduction):
    text = paragraphs(
        "The town is empty.",
        introduction,
        '"The bridge fell at night. One man was saying that it had been mined.',
        '"The mayor never came, and we waited.',
        "“The dam is safe,” the mayor said.",
        "The town has no other bridge.",
    )
    assert chain_of(claim_at(text, "The bridge fell at night")) == ["Lena Ott"]
    assert chain_of(claim_at(text, "The mayor never came")) == ["Lena Ott"]
    assert chain_of(claim_at(text, "The dam is safe")) == ["Lena Ott", "the mayor"]
    assert chain_of(claim_at(text, "The town has no other bridge")) == []


def test_a_wires_dateline_is_not_the_outlet_of_what_follows():
    text = paragraphs("OSLO (AP) — The latest on the flood (all times local):", "The old bridge fell on Monday.")
    assert chain_of(claim_at(text, "The old bridge fell on Monday")) == []


def test_the_kinds_of_blocks_are_believed():
    text, blocks = blocks_of(
        ("headline", "Bridge falls"),
        ("paragraph", "The old bridge fell on Monday."),
        ("list_item", "The town wept."),
        ("caption", "The mayor left the town."),
        ("notice", "The paper corrected a date."),
        ("boilerplate", "The paper has an app."),
    )
    assert shown(text, blocks) == ["Bridge falls", "The old bridge fell on Monday.", "The town wept."]


def test_blocks_out_of_order_overlapping_or_beyond_the_text_are_cut_to_fit():
    text = "The bridge fell. The town wept."
    blocks = (
        Block("paragraph", 17, 900),
        Block("paragraph", 0, 16),
        Block("paragraph", 10, 16),
        Block("paragraph", 500, 600),
    )
    assert shown(text, blocks) == ["The bridge fell.", "The town wept."]
