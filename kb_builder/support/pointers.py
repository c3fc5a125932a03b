"""Pointers at the page in a text that is sent without it: “(see the table below)”, “Follow the steps below.”"""

import re
from collections.abc import Iterable
from typing import Final

from kb_builder.parsing.sentences import sentences

_PLACES: Final = (
    r"table|list|picture|image|screenshot|figure|diagram|video|animation|Tabelle|Liste|Bild|Abbildung|tableau|liste"
    r"|image|tabla|lista|imagen|tabela|imagem|tabella|immagine|tabel|lijst"
    r"|afbeelding|tabell|bild|obraz(?:ek)?|الجدول|القائمة|الصورة"
)
_BESIDE: Final = (
    r"below|above|unten|oben|ci-dessous|ci-dessus|plus bas|plus haut|más abajo|más arriba|abajo|arriba|abaixo|acima"
    r"|sotto|sopra|hieronder|hierboven|nedan|ovan|poniżej|powyżej|أدناه|أعلاه"
)
_SEE: Final = r"see|siehe|s\.|voir|véase|ver|vedi|zie|se|zob\.|zobacz|patrz|انظر"
_THE: Final = r"the|die|das|der|le|la|l['’]|el|o|a|il|lo|de|het|i|w"
_BRACKETS: Final = rf" ?\((?:(?:{_SEE}) )?(?:(?:{_THE}) ?)?(?:(?:{_PLACES})(?: (?:{_BESIDE}))?|(?:{_BESIDE}))\)"
_AS_SHOWN: Final = (
    rf",? (?:as|like) (?:it is |you (?:can )?see )?(?:shown |seen |pictured |illustrated )?(?:in|on) "
    rf"(?:the|this) (?:following )?(?:{_PLACES})(?: (?:{_BESIDE}))?(?=[\s.,:;!?)]|$),?:?"
    rf"|,? as (?:shown|seen|pictured|illustrated) (?:{_BESIDE})(?=[\s.,:;!?)]|$):?"
    rf"|,? wie (?:im|in der|in dem) (?:{_PLACES})(?: (?:{_BESIDE}))?(?: (?:gezeigt|dargestellt|zu sehen))?"
    r"(?=[.,:;)]|$):?"
)
_NOTHING_ELSE: Final = rf"^(?:{_SEE}) (?:(?:{_THE}) ?)?(?:(?:{_PLACES}) )?(?:{_BESIDE})\W*$"
_POINTER: Final = re.compile(f"{_BRACKETS}|{_AS_SHOWN}|{_NOTHING_ELSE}", re.IGNORECASE)
"""“(see the table below)” in the ten languages of the interface, “as shown in the picture below”, and “see below”."""

_THIS_PAGE: Final = (
    r"this (?:(?:quick|short|brief|step-by-step|help cent(?:er|re)) )?"
    r"(?:article|guide|page|tutorial|section|post|document|entry)"
    r"|dies(?:er|em|e|es) (?:Artikel|Seite|Anleitung|Abschnitt)"
    r"|cet article|cette page|ce guide|est[ea] (?:artículo|página|guía|artigo|guia)|quest[oa] (?:articolo|pagina|guida)"
    r"|(?:dit artikel|deze pagina|deze handleiding)|den här (?:artikeln|sidan|guiden)"
    r"|(?:ten artykuł|tym artykule|tej stronie)"
    r"|هذا المقال|هذه المقالة|هذه الصفحة|هذا الدليل"
)
_NO_MORE_THAN_A_POINTER: Final = re.compile(
    rf"^(?:(?:in|auf|dans|en|em|in|op|i|w|na|في) )?(?:{_THIS_PAGE})\b"
    rf"|^(?:follow|see|check|read|review|use|find|go to|please|click|select|continue|refer|learn|here|to learn|for)\b"
    rf".*\b(?:{_THIS_PAGE}|(?:{_BESIDE})(?=\W*$| for | to | in )"
    r"|(?:below|above|following|these) (?:steps|instructions|sections|advice|table|list|guide|options))"
    r"|\bread (?:on|the following)\W*$"
    r"|^learn (?:how|what|more|about|why|when|where)\b"
    r"|^(?:the|these) (?:below|following|above) (?:steps|instructions|sections|procedure|guide)\b"
    rf"|^(?:folgen|lesen|sehen|befolgen|beachten) Sie\b.*\b(?:{_BESIDE}|{_THIS_PAGE})\W*$"
    r"|^(?:erfahren Sie|découvrez|apprenez|descubra|aprenda|scopri|ontdek|lär dig|dowiedz się|تعرّف|تعرف)\b"
    r"|:$",
    re.IGNORECASE,
)
"""Sentences that say where something is said: “This article explains how to …”, “Follow the steps below.”"""
_GOES_ON: Final = re.compile(r"(?:they|it|this|these|those|that|both|he|she|so|then|dies|diese|beide)\b", re.I)
_TRAILING: Final = re.compile(rf" (?:{_BESIDE})(?=[.!?:]?$)", re.IGNORECASE)


def without_pointers(text: str) -> str:
    """``text`` without what only points at another place of the page."""
    return _POINTER.sub(lambda match: "." if match[0].endswith(":") else "", text)


def saying(texts: Iterable[str]) -> str:
    """The first of ``texts`` that says something by itself, without sentences that only point at the page; or none.

    Questions alone say nothing.

    A sentence that the next one goes on from (“They differ in …”) stays.
    """
    for text in texts:
        kept: list[str] = []
        for sentence in reversed(sentences(text)):
            if not _NO_MORE_THAN_A_POINTER.search(sentence) or (kept and _GOES_ON.match(kept[0])):
                kept.insert(0, _TRAILING.sub("", sentence))
        if kept and not all(sentence.endswith(("?", "؟")) for sentence in kept):
            return " ".join(kept)
    return ""
