"""How fast texts are embedded, beside bare onnxruntime on the same batches, in pairs: the median counts."""

import statistics
import time
from collections.abc import Callable, Mapping

from bench.splitting_sets import Sets
from bench.splitting_speed import own_texts

PAIRS = 7
TEXTS = 96


def measure(_sets: Sets) -> Mapping[str, float]:
    """Texts a second on one thread, and the ratio to the model alone, in seconds of the processor."""
    from claims.matching.embedding import load

    sentences = [line for text in own_texts() for line in text.splitlines() if line.strip()]
    texts = (sentences * TEXTS)[:TEXTS]
    embedder = load(threads=1)
    batches = list(embedder.batches(texts))

    def bare() -> None:
        for _, inputs in batches:
            embedder.session.run(None, inputs)

    def whole() -> None:
        embedder.embed(texts)

    bare()
    whole()
    pairs = [(_seconds(bare), _seconds(whole)) for _ in range(PAIRS)]
    return {
        "ratio": statistics.median(alone / all_of_it for alone, all_of_it in pairs),
        "rate": len(texts) / statistics.median(all_of_it for _, all_of_it in pairs),
    }


def _seconds(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
