"""Short articles of our own, read whole."""

from claims.splitting import Certainty, Kind
from tests.pure.splitting.reading import blocks_of, chain_of, claim_at, claims_of, paragraphs, texts_of

LEAD = "Rebels have seized the Karsk crossing on the border with Voria, and the capital is in panic."
INTRODUCTION = "The Morning Post reported from the capital:"
FIRST = "Rebels captured two more towns in the northern province of Orsk on Sunday, driving thousands of people south."
SECOND = (
    "Reports that rebels had also seized a crossing on the border with Voria could not be independently confirmed. "
    "There was no indication that Voria is under threat from the rebels, whose camps lie far to the north."
)
OWN = "So much for the truce. If the crossing is lost, the capital will run out of fuel."
NESTED = paragraphs(LEAD, INTRODUCTION, FIRST, SECOND, OWN)
SEIZED = "rebels had also seized a crossing on the border with Voria"


def test_the_lead_asserts_what_the_quoted_outlet_could_not_confirm():
    lead = claim_at(NESTED, "Rebels have seized the Karsk crossing on the border with Voria")
    block = claim_at(NESTED, SEIZED)
    assert (lead.certainty, chain_of(lead)) == (Certainty.ASSERTED, [])
    assert (block.certainty, chain_of(block)) == (Certainty.UNCONFIRMED, ["The Morning Post", "Reports"])
    assert block.kind is Kind.FACT
    assert block.text == "Rebels seized a crossing on the border with Voria."


def test_the_frame_of_an_unconfirmed_report_yields_nothing_else():
    assert [claim for claim in claims_of(NESTED) if "confirmed" in claim.text] == []


def test_the_block_speaks_for_its_outlet_until_the_writer_is_heard_again():
    assert chain_of(claim_at(NESTED, "Voria is under threat from the rebels")) == ["The Morning Post"]
    assert claim_at(NESTED, "Voria is under threat from the rebels").certainty is Certainty.DOUBTFUL
    own = next(claim for claim in claims_of(NESTED) if "fuel" in claim.text)
    assert (chain_of(own), own.kind) == ([], Kind.CONDITIONAL)


def test_blocks_of_the_page_give_the_same_chain():
    text, blocks = blocks_of(
        ("paragraph", LEAD),
        ("paragraph", INTRODUCTION),
        ("quotation", FIRST),
        ("quotation", SECOND),
        ("paragraph", OWN),
    )
    assert chain_of(claim_at(text, SEIZED, blocks)) == ["The Morning Post", "Reports"]


COURT = paragraphs(
    "Court Clears Former Mayor Of Theft",
    "BRNO (CTA) — A court on Tuesday cleared former mayor Jana Kolar, 58, of stealing $2 million from the city's "
    "hospital fund, her lawyer said.",
    "Prosecutors had accused Kolar of using the money to buy a villa. She denied it.",
    '"The judge found no evidence that a single crown was missing," said Petr Holub, a lawyer who defended her. '
    '"This is a great day."',
    "The ruling may be appealed, and Kolar is expected to run again in 2026.",
    "© 2019 CTA. All rights reserved.",
)


def test_a_court_report_is_taken_apart():
    found = texts_of(claims_of(COURT))
    assert "Jana Kolar is 58 years old." in found
    assert "Jana Kolar used the money to buy a villa." in found
    assert "Petr Holub defended her." in found
    assert "Court clears former mayor of theft." in found
    assert "A single crown was missing." in found
    assert not any("rights" in text for text in found)


def test_a_court_report_says_who_says_it():
    missing = claim_at(COURT, "a single crown was missing")
    assert (missing.certainty, chain_of(missing)) == (Certainty.DOUBTFUL, ["Petr Holub"])
    day = claim_at(COURT, "This is a great day")
    assert (day.kind, day.checkable, chain_of(day)) == (Kind.OPINION, False, ["Petr Holub"])
    used = claim_at(COURT, "Kolar of using the money to buy a villa")
    assert (used.certainty, chain_of(used)) == (Certainty.UNCONFIRMED, ["Prosecutors"])


def test_a_court_report_says_how_sure_it_is_of_what_comes():
    assert claim_at(COURT, "The ruling may be appealed").certainty is Certainty.POSSIBLE
    run = next(claim for claim in claims_of(COURT) if "2026" in claim.text)
    assert (run.certainty, run.kind) == (Certainty.PROBABLE, Kind.FORECAST)


def test_the_most_check_worthy_claims_are_core_facts():
    ranked = sorted(claims_of(COURT), key=lambda claim: -claim.check_worthy)
    assert all(claim.kind is Kind.FACT for claim in ranked[:2])
    assert ranked[-1].kind is Kind.OPINION
