"""Real pages served again with other counters, clocks, adverts and teasers: what passes for an edit.

Templates for tuning and for measuring are disjoint; those for measuring were written before the rules they measure, and
what of them fails is not shown. One was looked at since: a counter that stood inside a quotation, where none belongs.
Beside each page with other noise stands the same with one real edit, which must still be seen.
"""

import gzip
import random
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bench.edits import WITHIN, quotable
from bench.splitting_rows import Figures
from bench.splitting_sets import Sets
from sources.fetching import noise
from sources.fetching.reading import read
from sources.fetching.types import Reading
from sources.fetching.weights import Seen, weigh

SEED, SHOWN = 11, 3
URL = "https://news.example.com/a"
BRANDS = ("Norda", "Elmwood", "Vantor", "Kessel", "Bluefin", "Quillon", "Tamsin", "Orvex")
TEASERS = (
    ("Harbour closed after storm", "Ships had to wait outside for a day and a half."),
    ("Mayor resigns over bridge", "She had promised that it would open in spring."),
    ("Ten things about ferries", "From the first steamer to the last night crossing."),
    ("New timetable for trams", "Line 4 now runs every six minutes at rush hour."),
    ("Schools open late on Monday", "Teachers meet to talk about the new curriculum."),
    ("Why the old mill burnt down", "Investigators found traces of petrol in the yard."),
    ("Minister defends tax plan", "The opposition wants a vote before the summer."),
)
LINK = '<a href="/stories/{at}">{title}</a>'

Templates = Mapping[str, Sequence[str]]
TUNING: Templates = MappingProxyType(
    {
        "counters": (
            '<p class="comments-count">{n} comments</p><span class="shares">{k}K shares</span>',
            "<p>Read by {n} people today. {k} people are reading this story now.</p>",
            "<div>Views: {n}</div>",
            '<div class="social">{n} Shares</div>',
            '<p><a href="#comments">View all {n} comments</a></p>',
            "<p>{n} readers have shared this article.</p>",
            '<p><span class="likes">{k} people like this</span></p>',
            "<p>Join the discussion ({n})</p>",
            '<div class="stats">{n} reads · {k} replies</div>',
            "<p>Shared {n} times</p>",
            "<p>{n} users online</p>",
            "<p>Rating: 4.{k} ({n} votes)</p>",
            "<p>Show {n} more comments</p>",
            "<p>{n} upvotes, {k} downvotes</p>",
            "<p>Seen by {n} visitors</p>",
            "<p>{n} of you have reacted</p>",
            "<div>♥ {n}</div>",
            "<p>Trending: #{k} with {n} reads in the last hour</p>",
        ),
        "clocks": (
            "<p>Updated {k} minutes ago</p>",
            "<p><time>{k} hours ago</time></p>",
            "<p>Last updated: {h}:{m} GMT, {d} May 2026</p>",
            '<p class="date">Last modified {d} March 2026 at {h}:{m}</p>',
            "<p>This page was last refreshed {k} seconds ago.</p>",
            "<p>Posted {k}h ago</p>",
            "<div>Today is Monday, {d} March 2026</div>",
            "<p>{h}:{m} | {d}/03/2026</p>",
            "<p>First published on {d} June 2026, updated {k} min ago</p>",
            "<p>As of {h}:{m} CET</p>",
            '<p class="stamp">Thu {d} Jan 2026 {h}.{m} GMT</p>',
            "<p>Page generated in 0.{n} seconds</p>",
            "<p>{k} mins ago</p>",
            "<p>Time of last edit: {h}:{m} (CET)</p>",
            "<p>{d} Feb 2026 - {h}:{m}</p>",
            "<p>Updated: {k} days ago</p>",
            "<p>Retrieved on {d} April 2026 at {h}:{m}:{m}</p>",
            "<p>Local time {h}:{m} pm</p>",
        ),
        "adverts": (
            '<div class="ad"><p>Save {k}% on shoes at {brand}. Order today and get free delivery to you.</p></div>',
            "<p>Advertisement: Book a cruise to Norway with {brand} from €{n}.</p>",
            "<p>{brand} fibre broadband: {n} Mbit/s for £{k} a month. Switch now and save.</p>",
            '<div class="sponsored"><p>{brand} mattresses from ${n}. Try yours for {k} nights, free returns.</p></div>',
            "<p>Sponsored by {brand}</p>",
            '<div id="promo-3"><p>Subscribe today and get {d} weeks for £{k}. Cancel anytime.</p></div>',
            "<p>Ad: {brand} has {n} new cars in stock. Click to find a dealer near you.</p>",
            '<div class="banner"><p>Win one of {n} {brand} hampers! Enter our prize draw now.</p></div>',
            "<p>PAID CONTENT {brand}: how to retire on €{n} a month</p>",
            '<div class="promo"><p>Download the {brand} app for free and collect {n} points.</p></div>',
            "<p>{brand} winter sale: up to {k}% off jackets and boots, this week only.</p>",
            "<p>Looking for a new kitchen? {brand} gives you a quote in {k} minutes. Call 0800 {n}.</p>",
            '<div class="advertisement"><span>Advertisement</span><p>{brand} – for nights of {k} hours.</p></div>',
            "<p>Advert: {brand} insurance, now from ${k} a month</p>",
            "<p>Buy one {brand} coat and get {k}% off your second.</p>",
            '<div class="ad-slot"><p>{brand} Bank pays {k} euros to every new customer.</p></div>',
            "<p>Promoted by {brand}: {n} recipes for busy people</p>",
            "<p>Get the {brand} newsletter in your inbox every day at {h}:00. Sign up for free.</p>",
        ),
        "teasers": (
            '<div class="related"><h3>More on this</h3><ul>{list}</ul></div>',
            "<h3>Related stories</h3><p>{first}</p><p>{second}</p>",
            "<p>Read more: {first}</p>",
            "<section><h2>Most read</h2><ol>{list}</ol></section>",
            '<div class="recirc"><p>{first}</p><p>{second}</p><p>{third}</p></div>',
            "<h4>You may also like</h4><ul>{told}</ul>",
            "<p>READ ALSO: {first}</p>",
            '<aside class="more"><p>{first}</p><p>{second}</p></aside>',
            '<div class="widget"><h3>Top stories</h3><p>{first}</p><p>{second}</p><p>{third}</p></div>',
            "<p>See also: {first}</p>",
            '<ul class="links">{list}</ul>',
            "<p><strong>MORE:</strong> {first} | {second}</p>",
            "<blockquote>{first}</blockquote>",
            "<h3>More from this section</h3><p>{first}</p><p>{second}</p>",
            "<p><em>Related:</em> {first}</p>",
            "<ul>{list}</ul>",
            '<div class="next"><p>Next story: {first}</p></div>',
            "<table><tr><td>{first}</td><td>{second}</td></tr></table>",
        ),
    }
)
MEASURING: Templates = MappingProxyType(
    {
        "counters": (
            "<p>Opened {n} times this week</p>",
            "<p>{n} responses</p>",
            "<p>Readers: {n} | Listeners: {k}</p>",
            "<p>Popularity {k} of 100</p>",
            "<p>Over {n} readers follow this topic</p>",
        ),
        "clocks": (
            "<p>Published {k} minutes ago by our newsroom</p>",
            "<p>Clock: {h}:{m}:{k}</p>",
            "<p>Edition of {d} October 2026, {h}.{m} h</p>",
            "<p>Next update in {k} minutes</p>",
            "<p>Last checked on Friday at {h}:{m} BST</p>",
        ),
        "adverts": (
            '<div class="advert-box"><p>Sleep better: {brand} pillows, {k}% cheaper until Sunday!</p></div>',
            "<p>Advertising – {brand} electric bikes, test one of {n} models</p>",
            "<p>Discover {brand}: flights to Oslo from €{n} return. Book by Friday.</p>",
            "<p>In partnership with {brand}: {k} ideas for a smarter home</p>",
            "<p>Your car is worth more than you think. Get a free valuation from {brand} in {k} seconds.</p>",
        ),
        "teasers": (
            "<h4>Also in the news</h4><ul>{list}</ul>",
            "<p>Read our full story here: {first}</p>",
            "<p>{first}</p><p>{second}</p>",
            '<div class="inline-related"><h4>More like this</h4>{first}</div>',
            "<h3>What others are reading</h3><ol>{told}</ol>",
        ),
    }
)
KINDS = (*TUNING, "all")


def measure(sets: Sets) -> Figures:
    """Serve each page five times with other noise, and once with an edit beside it."""
    pages = _pages(sets)
    tuned = _measured("tuning", pages, TUNING, shown=SHOWN)
    return _measured("measuring", pages, MEASURING) | {f"tuned_{key}": tuned[key] for key in ("substantive", "changed")}


def _pages(sets: Sets) -> list[str]:
    folder = sets.benchmarks / "article_extraction"
    rows = sets.rows("article_extraction")
    return [gzip.decompress((folder / row["html"]).read_bytes()).decode("utf-8", "replace") for row in rows]


def _measured(name: str, pages: Sequence[str], templates: Templates, *, shown: int = 0) -> dict[str, float]:
    count: Counter[str] = Counter()
    for at, page in enumerate(pages):
        for kind in KINDS:
            seed = f"{SEED} {name} {at} {kind}"
            one, other = (_read(_noisy(page, kind, templates, seed, version)) for version in (1, 2))
            is_changed = noise.seen(one) != noise.seen(other)
            is_substantive = is_changed and weigh(Seen.of(one), Seen.of(other)).weight == "substantive"
            count.update(pages=1, changed=is_changed, substantive=is_substantive, **{kind: is_substantive})
            if is_substantive and count[kind] <= shown:
                _show(name, kind, one, other)
        edited = _edited(page, seed)
        if edited is not None:
            now = _read(_noisy(edited, "all", templates, seed, 2))
            is_seen = noise.seen(one) != noise.seen(now) and weigh(Seen.of(one), Seen.of(now)).weight == "substantive"
            count.update(edited=1, missed=not is_seen)
            if not is_seen and shown:
                print(f"    {name} missed an edit of page {at}", file=sys.stderr)
    print(f"  {name}", dict(count), file=sys.stderr)
    return {key: float(count[key]) for key in ("pages", "substantive", "changed", "edited", "missed")}


def _read(page: str) -> Reading:
    return read(page.encode(), media_type="text/html", charset="utf-8", url=URL)


def _noisy(page: str, kind: str, templates: Templates, seed: str, version: int) -> str:
    """Put noise behind the first paragraph, into the middle and at the end; the same templates in every version."""
    rng = random.Random(seed)  # noqa: S311
    quotations = [
        found.span() for found in re.finditer(r"<blockquote.*?</blockquote>", page, re.IGNORECASE | re.DOTALL)
    ]
    ends = ([one.end(1) for one in pattern.finditer(page)] for pattern in BETWEEN)
    outside = ([end for end in some if not any(start < end < stop for start, stop in quotations)] for some in ends)
    places = next(some for some in outside if len(some) > FEW)
    chosen = [places[0], places[len(places) // 2], places[-1]] if kind != "all" else [places[len(places) // 2]] * 4
    kinds = [kind] * len(chosen) if kind != "all" else list(templates)
    drawn = [rng.choice(templates[one]) for one in kinds]
    other = random.Random(f"{seed} {version}")  # noqa: S311
    filled = [_filled(template, other) for template in drawn]
    for place, words in sorted(zip(chosen, filled, strict=True), reverse=True):
        page = page[:place] + words + page[place:]
    return page


FEW = 3
# Where a site puts such things: between two paragraphs; where a page has few of those, behind any, or any box.
BETWEEN = tuple(
    re.compile(pattern, re.IGNORECASE) for pattern in (r"(</p>)\s*<p[\s>]", r"(</p>)", r"(</div>)", r"(</\w+>)")
)


def _filled(template: str, rng: random.Random) -> str:
    drawn = rng.sample(list(enumerate(TEASERS)), 4)
    links = [LINK.format(at=at, title=title) for at, (title, _) in drawn]
    return template.format(
        n=rng.randint(100, 999), k=rng.randint(2, 59), d=rng.randint(1, 28), h=rng.randint(10, 23),
        m=rng.randint(10, 59), brand=rng.choice(BRANDS), first=links[0], second=links[1], third=links[2],
        list="".join(f"<li>{link}</li>" for link in links),
        told="".join(f"<li>{link}<p>{told}</p></li>" for link, (_, (_, told)) in zip(links, drawn, strict=True)),
    )  # fmt: skip


def _edited(page: str, seed: str) -> str | None:
    """Return the page with a negation or another number in a sentence that people read; None where it offers none."""
    rng = random.Random(seed)  # noqa: S311
    substance = _read(page).substance
    body = [(start, end) for start, end in quotable(substance) if page.count(substance[start:end]) == 1]
    rng.shuffle(body)
    for start, end in body:
        was = substance[start:end]
        now = WITHIN["negation"](was, rng, ()) or WITHIN["number"](was, rng, ())
        if now and now in _read(page.replace(was, now)).substance:  # not in a script, where nobody reads it
            return page.replace(was, now)
    return None


def _show(name: str, kind: str, one: Reading, other: Reading) -> None:
    for because in weigh(Seen.of(one), Seen.of(other)).because:
        if because.is_substantive:
            print(f"    {name} {kind}: {because.kind}: {because.was[:100]!r} → {because.now[:100]!r}", file=sys.stderr)
