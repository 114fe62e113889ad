import pytest

from tests.pure.fetching.pages import long_paragraphs, read_html, texts

STREET = long_paragraphs(6)


def page(after="", *, before="", between="", outside=""):
    return (
        f"<html lang=en><title>The street</title><body><article><h1>The street</h1>{before}<div class=story>{STREET}"
        f"{between}<p>The water went down in the night of the fourth of May, and people came back to the street.</p>"
        f"{after}</div>{outside}</article></body></html>"
    )


def body(markup):
    return texts(read_html(markup).printed())


PLAIN = body(page())


@pytest.mark.parametrize(
    "junk",
    [
        "<p>Join the conversation as a VIP member</p>",
        "<p>Subscribe to our newsletter and get the best stories of the week, every week, in one letter.</p>",
        "<p>By continuing to use this site you agree to our use of cookies and to our terms of service.</p>",
        "<p>We and our partners use cookies to show you what you like.</p>",
        "<div class=newsletter><h3>The morning letter</h3><p>All that matters, before breakfast.</p></div>",
        "<div class='c-Related_Stories'><ul><li><a href=/x>A bridge falls</a></li><li>A road opens</li></ul></div>",
        "<aside><h3>Elsewhere</h3><p>A bridge fell in Elmford on Sunday, and nobody knows why yet.</p></aside>",
        "<div class=author-bio><p>Ida Holm has reported on water since 2009.</p></div>",
        "<ul class=share-tools><li>Facebook</li><li>Copy link</li></ul>",
        "<p>Follow Ida Holm on Twitter</p>",
        "<p>Write to Ida Holm at ida.holm@demo-outlet.test</p>",
        "<p>\u00a9 2026 Demo Outlet. All rights reserved.</p>",
        "<p>12 comments</p><p>Share | Tweet | Print</p>",
        "<h3>More Great Demo Stories</h3><ul><li>Rain. <a href=/r>What now</a></li><li><a href=/s>Sun</a></ul>",
        "<p>You may also like...</p><p><a href=/a>Who will lead the council in 2027?</a></p><p><a href=/b>Rain</a></p>",
        "<div class=ad><p>Buy a boat now, and the second one is free for all who live by the river.</p></div>",
        "<div class=modal><p>Thanks for signing up!</p><p>Sorry!</p></div>",
    ],
)
def test_what_a_site_says_for_itself_stays_out_of_the_body(junk):
    assert body(page(junk)) == PLAIN


@pytest.mark.parametrize("class_of_junk", ["ad", "promo-box", "related", "newsletter__inline", "most-read"])
def test_a_box_between_two_paragraphs_stays_out(class_of_junk):
    junk = f"<div class='x {class_of_junk}'><p>Engineers of another town look at the bridge of another river.</p></div>"
    assert body(page(between=junk)) == PLAIN


@pytest.mark.parametrize(
    "outside",
    [
        "<div><h2>Top stories</h2><div><p>The House voted to build a bridge.</p><p>An actor died.</p></div></div>",
        "<h3>Das k\u00f6nnte Sie auch interessieren</h3><div><p>Ein Haus steht leer.</p></div>",
        "<h3>Related posts</h3><article><p>Life asks for courage, and courage for a house of your own.</p></article>",
    ],
)
def test_what_a_heading_behind_the_article_announces_stays_out(outside):
    assert body(page(outside=outside)) == PLAIN


def test_a_heading_never_takes_the_greater_part_of_a_page():
    first, rest = long_paragraphs(4), "".join(f"<div class=part-{n}>{long_paragraphs(3)}</div>" for n in range(4))
    whole = f"<html lang=en><body><div class=lede>{first}</div><h3>Related news</h3>{rest}</body></html>"
    assert len(body(whole)) >= 16


def test_an_article_of_its_own_below_such_a_heading_stays_out_even_inside():
    others = "".join(
        f"<article><p>Piece {n} tells of another street and of its people.</p></article>" for n in range(3)
    )
    assert body(page(f"<h3>Related</h3>{others}")) == PLAIN


def test_the_article_goes_on_after_links_that_a_heading_announced():
    assert body(page(between="<h4>Related</h4><p><a href=/x>A bridge falls in Elmford</a></p>")) == PLAIN


@pytest.mark.parametrize(
    "sentence",
    [
        "Also on Tuesday the council met.",
        "An error occurred during the count, the council said on Tuesday.",
        "Become a town again: that is what people of the street want, and what the council refuses them.",
        "Already a member of the union, the street's baker left it in March after the flood.",
        "We baked cookies for those who lost their kitchens, said a woman of forty.",
        "Share prices fell by a tenth on Tuesday after the flood.",
        "Follow the river for two miles and there is another street like it.",
        "Related costs of two million are paid by the county, which owns the dam.",
        "Contact with the dam was lost at four in the morning.",
    ],
)
def test_a_sentence_that_begins_like_that_is_none(sentence):
    assert body(page(f"<p>{sentence}</p>")) == [*PLAIN, sentence]


@pytest.mark.parametrize("name", ["related", "ad", "comments", "newsletter sidebar"])
def test_a_name_never_takes_the_article_itself(name):
    assert body(page().replace("class=story", f"class='{name}'")) == PLAIN
    whole = "".join(f"<div class='{name}'>{long_paragraphs(1)}</div>" for _ in range(2)) + long_paragraphs(2)
    assert len(body(f"<html lang=en><body><article><h1>The street</h1>{whole}</article>")) >= 2


def test_an_article_in_pieces_is_read_to_its_end():
    pieces = "<div class=ad><p>Buy a boat, and then another one.</p></div>".join(
        f"<div class=piece>{long_paragraphs(3)}</div>" for _ in range(3)
    )
    heading = "<h3>Related</h3><p><a href=/x>A bridge falls</a></p>"
    found = body(
        f"<html lang=en><body><article><h1>The street</h1>{pieces.replace('Buy', heading + 'Buy', 1)}</article>"
    )
    assert len(found) == 9
    assert "boat" not in " ".join(found)


def test_a_heading_and_an_embedded_post_in_the_middle_of_the_article_are_read():
    post = (
        "<div class=social-embed><blockquote class=post><p>The bridge holds.</p>\u2014 Town (@town) "
        "<a href=https://posts.test/1>3 May</a></blockquote></div>"
    )
    found = body(page(between=f"<div class=sub>Who pays for it?</div>{post}"))
    assert [text for text in found if text not in PLAIN] == [
        "Who pays for it?",
        "The bridge holds.",
        "\u2014 Town (@town) 3 May",
    ]


def test_what_shows_under_a_pointer_only_is_not_read():
    name = (
        "<span class=rollover-people>Ida Holm<span class=rollover-people-block><a href=/x>Five views</a></span></span>"
    )
    sentence = f"<p>Mayor {name} came to the street at noon.</p><p class=sr-only>Press escape to close.</p>"
    assert body(page(sentence)) == [*PLAIN, "Mayor Ida Holm came to the street at noon."]


def test_a_caption_that_is_no_figcaption_is_one():
    reading = read_html(page(between="<div class=image><div class='image-caption'>The bridge at noon.</div></div>"))
    assert texts(reading, "caption") == ["The bridge at noon."]
    assert texts(reading.printed()) == PLAIN


# -- notices, wherever they stand ------------------------------------------------------------------


@pytest.mark.parametrize(
    "where",
    [
        "<aside><p>{}</p></aside>",
        "<footer><p>{}</p></footer>",
        "<div class=sidebar><p>{}</p></div>",
        "<section><h2>Top stories</h2><p>A bridge falls in Elmford.</p><p>{}</p></section>",
        "<nav><a href=/>Home</a></nav><p>One.</p><p>Two.</p><p>Three.</p><p>Four.</p><div><p>{}</p></div>",
    ],
)
@pytest.mark.parametrize("count", [1, 8])
def test_a_correction_is_read_wherever_it_stands(where, count):
    told = "Correction: An earlier version of this article gave the wrong year."
    reading = read_html(f"<html lang=en><body><article>{long_paragraphs(count)}{where.format(told)}</article>")
    assert reading.notices == (told,)


def test_a_correction_above_the_article_is_read():
    told = "This article has been updated with what the mayor said."
    assert read_html(page(before=f"<header><p>{told}</p></header>")).notices == (told,)


def test_the_teaser_of_an_updated_piece_is_no_notice():
    teaser = "<aside><p><a href=/x>Update: Two more bridges fall</a></p></aside>"
    assert read_html(page(outside=teaser)).notices == ()
