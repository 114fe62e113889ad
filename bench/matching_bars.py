"""What matching and stance must reach: one bar a measure, by the part that measures it."""

from bench.bars import Bar

BARS = (
    Bar("ranks", "ct22", "CheckThat! 2022, MAP@5", 0.94, beside="BM25 .854, MiniLM .857; winner 2022 ~.956"),
    Bar("ranks", "clef2020", "CheckThat! 2020, MAP@5", 0.87, beside="BM25 .700, MiniLM .793"),
    Bar("database", "ct22", "CheckThat! 2022 by the database, MAP@5", beside="the index of PostgreSQL"),
    Bar("database", "lost", "MAP@5 lost on the way through it", 0.01, at_most=True),
    Bar("stance", "vitaminc_f1", "VitaminC, macro-F1", 0.72, beside="majority .22"),
    Bar("stance", "vitaminc", "VitaminC, accuracy", 0.76, beside="majority .50"),
    Bar("stance", "symmetric", "FEVER-Symmetric, accuracy", 0.70, beside="never trained on"),
    Bar("stance", "emergent", "Emergent without training, accuracy", 0.60, beside="paper, trained .733"),
    Bar("stance", "weights", "weights of stance, MB", 30, at_most=True),
    Bar("relations", "pairs", "relations, pairs of our own", 400),
    Bar("relations", "f1", "relations, macro-F1", 0.85),
    Bar("relations", "same", "automatic `same`, precision", 0.99),
    Bar("relations", "joined", "automatic `same`, share of the same joined"),
    Bar("drift", "pairs", "certainty drift, pairs of our own", 60),
    Bar("drift", "f1", "certainty drift, F1", 0.9),
    Bar("index", "claims", "index, claims", 1_000_000),
    Bar("index", "recall", "index, recall@10 of an exact scan", 0.97),
    Bar("index", "p95", "index, p95 in the database, ms", 50, at_most=True),
    Bar("index", "faster", "index, times faster than an exact scan", 50),
    Bar("index", "build", "index, build time, s"),
    Bar("index", "size", "index, size, MB"),
    Bar("index", "hybrid", "hybrid search, typical queries, p95, ms", 200, at_most=True),
    Bar("index", "worst", "hybrid search, worst queries, p95, ms", 200, at_most=True),
    Bar("index", "article", "an article of 40 claims matched in a worker, s", 4, at_most=True),
    Bar("embedding", "rate", "texts embedded a second"),
    Bar("embedding", "ratio", "texts a second, times bare onnxruntime", 0.9),
)
