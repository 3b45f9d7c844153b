"""Sovwatch tells a channel each news story on its topics once.

    due sources → spiders.crawl → Article                             fetched
    Article     → judge: relevance → Fingerprint → place, what is new judged     (one transaction an article)
    untold      → digest.compose → outbox row and "told"              promised   (one transaction a digest)
    outbox      → alerts.deliver → sent | later | held                delivered

Each arrow is a command (`collect`, `judge`, `digest`, `deliver`), idempotent, and may be killed at any line; `run`
does all that is due. `sovwatch.app` wires the rooms together; `sovwatch.judge` and `sovwatch.store` are the heart.
What of it is for other programs stands in docs/library.md.
"""
