import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.fetching.decoding import cleaned, decoded

TEXT = "Der Bürgermeister sagte: „Zwölf Euro“ – für Łódź."


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode(), ""),
        (TEXT.encode(), "iso-8859-1"),
        (TEXT.encode(), "bogus"),
        (b'<meta charset="windows-1252">' + TEXT.encode(), ""),
        (codecs.BOM_UTF8 + TEXT.encode(), "iso-8859-1"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-8"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), ""),
        (TEXT.encode("utf-16-le"), ""),
        (TEXT.encode("utf-16-be"), "utf-8"),
        (TEXT.encode("utf-16-le"), "utf-16le"),
        (TEXT.encode("iso-8859-2", "xmlcharrefreplace").decode("iso-8859-2").encode("gb18030"), "gb18030"),
    ],
)
def test_text_is_read_whatever_its_charset_claims(body, charset):
    assert "Bürgermeister" in decoded(body, charset)
    assert "\ufffd" not in decoded(body, charset)


@pytest.mark.parametrize(
    ("text", "real", "declared"),
    [
        ("Müller sagte “ja”", "cp1252", "iso-8859-1"),
        ("Müller sagte “ja”", "cp1252", "utf-8"),
        ("Müller sagte “ja”", "cp1252", ""),
        ("Łódź żąda", "iso-8859-2", "iso-8859-2"),
        ("Привет, мир", "windows-1251", "Windows-1251"),
        ("Привет, мир", "koi8-r", "koi8-r"),
        ("今日は良い天気", "shift_jis", "Shift_JIS"),
        ("今日は良い天気", "euc_jp", "euc-jp"),
        ("今日は良い天気", "iso2022_jp", "ISO-2022-JP"),
        ("今天天气很好", "gbk", "gb2312"),
        ("镕基说，今天天气很好", "gbk", "gb2312"),
        ("①髙島屋は今日", "cp932", "shift_jis"),
        ("똠방각하는 오늘", "cp949", "euc-kr"),
        ("Şişli’de “bugün”", "cp1254", "iso-8859-9"),
        ("오늘은 날씨", "euc_kr", "euc-kr"),
    ],
)
def test_other_charsets_are_read_where_they_are_declared(text, real, declared):
    assert decoded(text.encode(real), declared) == text


def test_the_page_may_declare_its_charset_itself():
    page = '<html><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>Привет'
    assert "Привет" in decoded(page.encode("windows-1251"))


@pytest.mark.parametrize(
    "name", ["hex", "zlib", "rot13", "unicode_escape", "idna", "utf-7", "../../etc", "base64_codec"]
)
def test_only_charsets_of_text_are_asked_for(name):
    assert decoded(b"+ADw-script \xe9", name) == "+ADw-script é"


def test_a_few_broken_bytes_in_utf8_stay_a_few():
    assert decoded("größer ".encode() * 20 + b"\xff" + b"ok") == "größer " * 20 + "\ufffd" + "ok"


@pytest.mark.parametrize("body", [b"\xc0\xaf", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\x81\x8d"])
def test_overlong_forms_and_surrogates_are_no_characters(body):
    text = decoded(body, "utf-8")
    text.encode()
    assert "/" not in text


@given(st.binary(max_size=200), st.sampled_from(["", "utf-8", "utf-16", "gbk", "shift_jis", "big5", "iso-2022-jp"]))
def test_any_bytes_are_text_that_can_be_stored(body, charset):
    text = cleaned(decoded(body, charset))
    text.encode()
    assert "\0" not in text


def test_cleaning_drops_what_nobody_sees_and_keeps_what_means_something():
    assert cleaned("a\0b\x07c\x1bd\x7fe\x9ff\ud800g") == "abcdefg"
    assert (
        cleaned("soft\xadhyphen zero\u200bwidth \u202eover\u202cride \ufeffmark")
        == "softhyphen zerowidth override mark"
    )
    assert cleaned("a\tb\nc\r\nd\re\x85f") == "a\tb\nc\nd\ne\nf"
    assert cleaned("می\u200cخواهم 👨\u200d👩\u200d👧") == "می\u200cخواهم 👨\u200d👩\u200d👧"


@pytest.mark.parametrize("charset", ["shift_jis", "gb2312", "windows-1251", "euc-kr"])
def test_a_byte_that_is_none_of_its_charset_costs_a_letter_and_not_the_page(charset):
    said = {"shift_jis": "今日は良い天気", "gb2312": "今天天气很好", "euc-kr": "오늘은 날씨"}.get(
        charset, "Привет, мир"
    )
    body = (
        (said * 20).encode(charset)
        + {"windows-1251": b"\x98", "shift_jis": b"\x81"}.get(charset, b"\xff")
        + b"."
        + said.encode(charset)
    )
    got = decoded(body, charset)
    assert got.startswith(said * 20)
    assert got.endswith(said)
    assert 1 <= got.count("\ufffd") <= 2


def test_a_charset_that_is_not_the_pages_is_not_believed():
    body = "Zwölf Häuser für Müller, „über“ Nöte.".encode("cp1252")
    assert decoded(body, "euc-jp") == body.decode("cp1252")
    assert decoded(body, "iso-8859-99") == body.decode("cp1252")
