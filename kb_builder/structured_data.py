"""JSON-LD that says to machines what the page says to people, and nothing else (schema.org)."""

import json
from typing import Any

from markupsafe import Markup

from kb_builder.contexts import Crumb
from kb_builder.model import Article


def _script(data: dict[str, Any]) -> Markup:
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False, separators=(",", ":"))
    # Inside a script element only these could end it or open a comment.
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def breadcrumbs(crumbs: tuple[Crumb, ...], site_url: str) -> Markup:
    """BreadcrumbList of a page; ``crumbs`` are site-relative."""
    return _script(
        {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": place, "name": crumb.title, "item": site_url + crumb.url}
                for place, crumb in enumerate(crumbs, start=1)
            ],
        }
    )


def article(item: Article, canonical: str, description: str, publisher: str) -> Markup:
    """Article, and FAQPage for a question whose answer stands on the page."""
    data: dict[str, Any] = {
        "@type": "Article",
        "headline": item.title,
        "description": description,
        "url": canonical,
        "publisher": {"@type": "Organization", "name": publisher},
    }
    if updated := item.last_reviewed_on or item.effective_date:
        data["dateModified"] = updated.isoformat()
    if item.type == "faq" and item.answer:
        data = {
            "@graph": [
                data,
                {
                    "@type": "FAQPage",
                    "mainEntity": [
                        {
                            "@type": "Question",
                            "name": item.title,
                            "acceptedAnswer": {"@type": "Answer", "text": item.answer},
                        }
                    ],
                },
            ]
        }
    return _script(data)
