"""What triage must reach: one bar a measure, by the part that measures it."""

from bench.bars import Bar

BARS = (
    Bar("size", "articles", "articles taken in at once", 30),
    Bar("size", "claims", "claims in them"),
    Bar("size", "queued", "rows in the queue", 200, at_most=True),
    Bar("size", "unconfirmed", "the gold's unconfirmed claims in the queue", 1.0, beside="of the annotated articles"),
    Bar("pages", "claims", "claims on the desk", 100_000),
    Bar("pages", "queued", "rows in the queue"),
    Bar("pages", "settle", "claims settled a second, by a worker"),
    Bar("pages", "queue", "the queue, p95, ms", 300, at_most=True, beside="the server's part"),
    Bar("pages", "further", "the queue, a thousand rows on, p95, ms", 300, at_most=True),
    Bar("pages", "narrowed", "the queue by a rare reason, p95, ms", 300, at_most=True),
    Bar("pages", "list", "the list of claims, narrowed, p95, ms", 300, at_most=True),
    Bar("pages", "claim", "a claim's page, p95, ms", 300, at_most=True),
)
