"""How the newsroom's feeds and pages look: an outlet and its articles in, bytes out."""

import json
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from alerts.days import WHOLE_MONTHS
from sovwatch.demo.coverage import FICTION, Coverage, Dispatch, Outlet

_DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
_MONTHS = WHOLE_MONTHS["fr"]
_SHORT = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc.")
_WORDS = {
    "en": {
        "by": "By",
        "menu": "Sections",
        "sections": ["Home", "Politics", "Business", "Sports", "Weather", "Subscribe"],
        "cookies": "We use cookies to remember what you have already dismissed.",
        "newsletter": "Get our morning newsletter in your inbox",
        "related": "More from this section",
    },
    "fr": {
        "by": "Par",
        "menu": "Rubriques",
        "sections": ["Accueil", "Politique", "Économie", "Sports", "Météo", "Abonnement"],
        "cookies": "Nous utilisons des témoins pour nous souvenir de vos préférences.",
        "newsletter": "Recevez notre infolettre chaque matin",
        "related": "À lire aussi",
    },
}
_TEMPLATES = Environment(
    loader=PackageLoader("sovwatch.demo"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


def feed(outlet: Outlet, coverage: Coverage, now: datetime) -> bytes:
    """Return an outlet's feed as it stands at that instant."""
    listed = coverage.listed(outlet, now)
    items = [_item(each, outlet, coverage) for each in listed]
    updated = max((each.modified for each in listed), default=coverage.starts)
    template = _TEMPLATES.get_template(f"{outlet.feed}.xml.j2")
    fiction = FICTION[outlet.language]
    text = template.render(outlet=outlet, items=items, fiction=fiction, updated=updated.isoformat())
    return text.encode("utf-8")


def page(article: Dispatch, outlet: Outlet, coverage: Coverage, now: datetime, *, amp: bool = False) -> bytes:
    """Return an article's page, or its AMP twin, as it stands at that instant."""
    local = article.published.astimezone(ZoneInfo(outlet.zone))
    others = [each for each in coverage.listed(outlet, now) if each.id != article.id][:3]
    text = _TEMPLATES.get_template("page.html.j2").render(
        article=article,
        outlet=outlet,
        amp=amp,
        url=coverage.url(article),
        amp_url=coverage.amp(article),
        published=local.isoformat(),
        modified=article.modified.astimezone(ZoneInfo(outlet.zone)).isoformat(),
        written_date=_written(local, outlet.language),
        related=[{"url": coverage.url(each), "title": each.title} for each in others],
        json_ld=_json_ld(article, outlet, coverage.url(article)),
        words=_WORDS[outlet.language],
        fiction=FICTION[outlet.language],
    )
    return text.encode("utf-8")


def _item(article: Dispatch, outlet: Outlet, coverage: Coverage) -> dict[str, Any]:
    zone = ZoneInfo(outlet.zone)
    published, modified = article.published.astimezone(zone), article.modified.astimezone(zone)
    url = coverage.url(article)
    return {
        "title": article.title,
        "link": _link(article, outlet, coverage),
        "guid": f"tag:{outlet.host},2026:{article.number}"
        if outlet.feed == "atom"
        else f"{outlet.id}-{article.number}",
        "date": _feed_date(published, outlet),
        "modified": modified.isoformat(),
        "author": article.author,
        "section": article.section,
        "teaser": article.teaser,
        "body": "".join(f"<p>{each}</p>" for each in article.paragraphs) if outlet.full_text else "",
        "url": url,
    }


def _link(article: Dispatch, outlet: Outlet, coverage: Coverage) -> str:
    """Return the address as the feed gives it: tagged, or an aggregator's AMP twin where there is one."""
    if article.outlet != outlet.id and coverage.outlets[article.outlet].amp:
        return coverage.amp(article)
    if outlet.utm or article.outlet != outlet.id:
        return f"{coverage.url(article)}?utm_source={outlet.id}&utm_medium=rss&utm_campaign=fil"
    return coverage.url(article)


def _feed_date(moment: datetime, outlet: Outlet) -> str:
    if outlet.feed == "atom":
        return moment.isoformat()
    if outlet.french_dates:
        return f"{_DAYS[moment.weekday()]}, {moment.day} {_SHORT[moment.month - 1]} {moment.year} {moment:%H:%M:%S %z}"
    return format_datetime(moment)


def _written(moment: datetime, language: str) -> str:
    """Return the date as a reader sees it under the headline."""
    if language == "fr":
        return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year} à {moment.hour} h {moment:%M}"
    return f"{moment:%B} {moment.day}, {moment:%Y %I:%M %p}"


def _json_ld(article: Dispatch, outlet: Outlet, url: str) -> str:
    zone = ZoneInfo(outlet.zone)
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": f"{outlet.language}-CA",
        "datePublished": article.published.astimezone(zone).isoformat(),
        "dateModified": article.modified.astimezone(zone).isoformat(),
        "articleSection": article.section,
        "author": [{"@type": "Person", "name": article.author}] if article.author else [],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
    }
    return json.dumps(facts, ensure_ascii=False).replace("</", "<\\/")
