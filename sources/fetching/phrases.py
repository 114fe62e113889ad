"""What sites call their boxes, and what they say for themselves: expressions, one a line."""

import re


def _any_of(*phrases: str, before: str = "", after: str = "") -> re.Pattern[str]:
    return re.compile(f"{before}(?:{'|'.join(phrases)}){after}", re.IGNORECASE)


BOX = _any_of(
    r"related\w*",
    r"recirc\w*",
    r"recommend\w*",
    r"(?:read|see|view)-?(?:more|next|also)",
    r"more-?(?:from|on|stories|news|articles|posts)",
    r"most-?(?:read|popular|viewed|shared)",
    r"(?:latest|top|partner|other)-?(?:news|stories|posts|articles)\w*",
    r"trending|popular|teasers?|promos?|promoted|sponsor\w*|outbrain|taboola",
    r"newsletters?|sign-?up|subscribe|callout|ads?|advert\w*|banner",
    r"share|sharing|share\w*bar|social-(?:share|sharing|links|icons|follow|bar)",
    r"comments?|disqus|author-?(?:bio|box|info)|about-?(?:the-?)?author|contributors?|bio",
    r"cookies?|consent|gdpr|breadcrumbs?|tag-?(?:list|cloud)|tags|pagination|pager",
    r"print-?(?:tools|header|footer|only)|(?:article|story|post)-?tools|reprints?",
    r"modal|popup|popover|overlay|lightbox|scrim|sidebar|carousel|scroller",
    before=r"(?<![a-z0-9])",
    after=r"(?![a-z0-9])",
)
"""A whole word of a class or an id, where `_` was made `-`: the box is around the article, or between its parts."""

OTHERS = _any_of(
    r"(?:more|other|related|top|latest|recent|popular|trending|recommended|partner|sponsored|featured)\b.{0,30}?"
    r"\b(?:stor(?:y|ies)|news|articles?|posts?|reads?|reading|content|coverage|links?|headlines|topics|videos?)",
    r"(?:more|also) (?:from|on|in|about|by)\b.*",
    r"related(?: to this.*)?|recommended(?: for you)?|trending(?: now)?|popular on .*",
    r"(?:you|readers) (?:may|might) (?:also )?(?:like|enjoy|be interested in).*",
    r"(?:read|see|watch|up) (?:more|next|also)|what to read next|keep reading",
    r"most (?:read|popular|viewed|shared|commented)|editor['\u2019]?s['\u2019]? picks",
    r"don['\u2019]t miss|in case you missed it|from (?:our|around) (?:the )?(?:partners?|web|sponsors?)",
    r"mehr zum thema|lesen sie (?:auch|mehr).*|das k\u00f6nnte sie auch interessieren|auch interessant|meistgelesen",
    r"(?:\u00e0 )?lire aussi|sur le m\u00eame sujet|les plus lus|voir aussi|lees ook|meer (?:over|nieuws).*",
    r"leggi anche|(?:tambi\u00e9n )?te puede interesar|m\u00e1s (?:noticias|le\u00eddas)|noticias relacionadas",
    r"lee tambi\u00e9n",
    r"voc\u00ea pode gostar|leia (?:tamb\u00e9m|mais)|veja tamb\u00e9m|(?:not\u00edcias|posts) relacionad[ao]s",
    r"\u95a2\u9023(?:\u8a18\u4e8b|\u30cb\u30e5\u30fc\u30b9)|\u304a\u3059\u3059\u3081.*",
    r"\u76f8\u5173(?:\u9605\u8bfb|\u65b0\u95fb)",
    after=r"\W*",
)
"""The whole of a heading that announces other pieces."""

SITE = _any_of(
    r"read (?:more|also|next)\b|related(?:\W*$|:)|more on this\b|see also\b|advertisement\b|sign up (?:for|to)\b",
    r"subscribe (?:to|now)\b|follow us\b|share this\b|click here\b|all rights reserved\b|copyright \d{4}\b",
    r"newsletter\b|\u00a9|copyright\W{0,2}\u00a9",
)
"""How a line begins that is no sentence of the article."""

PLEA = _any_of(
    r"join (?:the (?:conversation|discussion|debate) as|the (?:conversation|discussion)\W*$|us on\b)",
    r"become an? (?:\w+ )?(?:member|subscriber|patron)\b",
    r"already (?:a (?:\w+ )?(?:member|subscriber)\?|an? subscriber\b|have an? (?:account|subscription)\b)",
    r"(?:please )?(?:sign|log) ?in (?:or|to) (?:read|continue|comment|view|register|sign)",
    r"(?:to )?(?:continue|keep) reading\b.{0,40}\bsubscri|support (?:our|independent|quality) journalism",
    r"(?:we|this (?:web)?site|our (?:web)?site) (?:\w+ ){0,4}uses? cookies\b",
    r"(?:accept|manage|reject) (?:all )?cookies\b",
    r"by (?:using|continuing|browsing|clicking).{0,80}\bcookies?\b",
    r"(?:subscribe|sign up|register) (?:to|for|now|today|here|and)\b.{0,200}"
    r"\b(?:newsletters?|inbox|free|alerts?|stor(?:y|ies)|access|updates?|podcast|channel|favorite)\b",
    r"(?:get|receive|have) .{0,100}\b(?:in|to) your inbox\b|keep an eye on your inbox",
    r"thank(?:s| you) for (?:signing|subscribing|registering|joining|reading)\b",
    r"(?:follow|like|find|connect with) (?:us|me|him|her|them|@\w+|[\w.]+(?: [\w.]+){0,2}) (?:\S+ )?(?:on|via)"
    r" (?:twitter|x\b|facebook|instagram|threads|bluesky|mastodon|linkedin|youtube|tiktok)",
    r"(?:write to|contact|e-?mail|reach) .{1,80}@[\w-]+\.\w|(?:have|got) a (?:news )?tip\b.{0,12}\?",
    r"send (?:us )?(?:tips|comments|corrections|your)\b.{0,60}@",
    r"this (?:copy is for your personal|(?:material|article) may not be (?:published|reproduced))",
    r"an error (?:has )?occurred\W*(?:$|please|try)|there was an error (?:processing|submitting|with your|signing)",
    r"(?:please )?enable (?:javascript|cookies)\b|your browser (?:does not support|is out)",
    r"(?:view|read|show|post|leave|add) (?:a |all |the )?(?:\d+ )?comments?\W*$",
    r"comments (?:are|have been) (?:closed|turned off)|(?:story|article)(?: \w+){0,2} continues (?:below|after)\b",
)
"""What asks the reader for something, however long: to join, pay, sign up, follow, write, or bear with the site."""

LABEL = _any_of(
    r"(?:\d+ )?comments?|share(?: (?:on|via) .{1,20}| this.*| article)?|print(?: article| page)?|e-?mail(?: this)?",
    r"save|tweet|like|reply|follow|listen|play|pause|close|menu|search|next|previous|register|subscribe",
    r"facebook|twitter|whatsapp|linkedin|reddit|pinterest|copy link|link copied|order reprints?|loading",
    r"(?:show|load|see|view) (?:more|all|less)|back to top|skip to .*|log ?in|sign (?:in|up)",
    r"this article has been sent to",
    r"ads?|sponsored|promoted|sorry|thank you|photos?|video|gallery",
    after=r"\W*",
)
"""The whole of a line that is a button, or the answer to one."""
