"""What the example pages show to staff: replies, notes, promises, trends and gaps."""

from datetime import date

from kb_builder.model import Gap, Promise
from kb_builder.pages.sparkline import Sparkline
from tests.browser.example_shop import HOSTILE, LONG_WORD, TEASERS

SPARKS = (
    Sparkline(
        "My parcel is late",
        "faq/delivery/parcel-late/",
        "",
        (3, 2, 4, 3, 1, 0, 2, 3, 3, 2, 4, 1, 1, 2, 3, 4, 2, 3, 1, 0, 2, 6, 14, 21, 25, 28, 31, 24),
        (3,) * 28,
        149,
        19.0,
        date(2026, 11, 15),
        date(2026, 11, 20),
    ),
    Sparkline(
        HOSTILE,
        "faq/x/",
        LONG_WORD,
        (0, 0, 0, 0),
        (0.5, 0.5, 0.5, 0.5),
        0,
        0.0,
        date(2026, 11, 20),
        date(2026, 11, 20),
    ),
)

REPLIES = [
    {
        "id": item.id,
        "title": item.title,
        "url": f"https://help.example.com/a/{item.id}/",
        "page": item.url,
        "replies": {
            "sms": {"text": f"{item.answer[:90]} https://help.example.com/a/{item.id}/", "length": 130, "segments": 1},
            "email": {
                "text": f"Hello,\n\n{item.answer}\n\nHarbour & Pine",
                "named": f"Hello {{name}},\n\n{item.answer}\n\n{{agent}}, Harbour & Pine",
                "signed": f"Hello,\n\n{item.answer}\n\n{{agent}}, Harbour & Pine",
                "subject": item.title,
                "length": 170,
                "segments": 1,
            },
        },
        "sections": [
            {
                "anchor": "costs",
                "heading": "What it costs",
                "replies": {"sms": {"text": "Nothing. " + HOSTILE, "length": 200, "segments": 2}},
            }
        ],
    }
    for item in TEASERS
]

INTERNAL = {"id": "goodwill", "title": "How do I grant a goodwill credit?", "page": "staff/x/", "audience": "staff"}

PROMISES = (
    Promise("email", "E-mail", None, "4 hours", 1210, 14, 0.72, 171, 1900, "2 days"),
    Promise("email", "E-mail", "islands", "4 hours", 90, 0, 0.97, 64, 230, "4 hours"),
    Promise("fax", LONG_WORD, "gone", "", 3, 3, None, None, None, ""),
)

GAPS = (Gap('parental "consent" form', 24, 0.3, date(2026, 11, 18), ()),)

NOTES = [
    {**INTERNAL, "asked": ["say sorry with money"], "text": "Agents up to £15."},
    {"id": "late.note", "title": "My parcel is late", "page": "late/", "asked": [], "text": "Ask Redkite first."},
]
