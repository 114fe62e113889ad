"""Sentences drawn by hand, for what a parser only sometimes gets wrong: one word a line, `text TAG relation head`."""

from claims.splitting.tree import Sentence, Word

PARTS = {"NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "PRP": "PRON", "IN": "ADP", "DT": "DET", "JJ": "ADJ", "RB": "ADV"}
PARTS |= dict.fromkeys(("VB", "VBD", "VBZ", "VBP", "VBN", "VBG"), "VERB") | {"MD": "AUX", "CC": "CCONJ", "TO": "PART"}
LEMMAS = {"said": "say", "announced": "announce", "was": "be", "has": "have", "told": "tell", "claimed": "claim"}


def sentence(drawn: str) -> Sentence:
    rows = [line.split() for line in drawn.strip().splitlines()]
    words, at = [], 0
    for index, (text, tag, relation, _) in enumerate(rows):
        lemma = LEMMAS.get(text, text.lower())
        words.append(Word(index, text, lemma, PARTS.get(tag, "PUNCT"), tag, relation, "", at, at + len(text)))
        at += len(text) + 1
    by_text = {word.text: word for word in reversed(words)}
    for word, (*_, head) in zip(words, rows, strict=True):
        if word.dep != "ROOT":
            word.above = by_text[head]
            word.above.children.append(word)
    return Sentence(words, next(word for word in words if word.dep == "ROOT"))


def tied(drawn: Sentence) -> dict[str, str]:
    """What hangs on what: "text" -> "relation head"."""
    return {word.text: f"{word.dep} {word.head.text}" for word in drawn.words}
