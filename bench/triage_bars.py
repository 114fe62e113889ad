"""What triage must reach: one bar a measure, by the part that measures it."""

from bench.bars import Bar

BARS = (
    Bar("size", "articles", "articles taken in at once", 30),
    Bar("size", "claims", "claims in them"),
    Bar("size", "queued", "rows in the queue", 200, at_most=True),
    Bar("size", "unconfirmed", "the gold's unconfirmed claims in the queue", 1.0, beside="of the annotated articles"),
    Bar("pages", "claims", "claims on the desk", 100_000),
    Bar("pages", "seed", "claims planted a second, with their index"),
    Bar("pages", "queued", "rows in the queue"),
    Bar("pages", "settle", "claims settled a second, by a worker"),
    Bar("pages", "queue", "the queue, p95, ms", 300, at_most=True, beside="the server's part"),
    Bar("pages", "further", "the queue, a thousand rows on, p95, ms", 300, at_most=True),
    Bar("pages", "narrowed", "the queue by a reason, p95, ms", 300, at_most=True),
    Bar("pages", "lists", "the list by its slowest filter, p95, ms", 300, at_most=True),
    Bar("pages", "searched", "the list by words, the slowest, p95, ms", 300, at_most=True),
    Bar("pages", "claim", "a claim's page, p95, ms", 300, at_most=True),
    Bar("pages", "decided", "a claim's page, with a verdict, p95, ms", 300, at_most=True),
    Bar("pages", "article", "an article's page, p95, ms", 300, at_most=True),
    Bar("pages", "document", "a document's page, p95, ms", 300, at_most=True),
    Bar("pages", "dashboard", "the front page, p95, ms", 300, at_most=True, beside="of 7, 30 and 90 days the slowest"),
    Bar("pages", "queries", "questions to the database, at most", 25, at_most=True, beside="of any of these pages"),
)
