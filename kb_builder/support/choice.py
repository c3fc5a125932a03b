"""Chooses the article of a reply: by an id as it was typed, or the one that words are surely about."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

from kb_builder.errors import InputError
from kb_builder.model import Article
from search_index.words import fold
from search_index.words import words as words_of

SURE: Final = 0.52
"""The least confidence (0 to 1) with which words get a reply without a person's choice. Measured by
``tests/support/test_choice.py``."""
_PART_SURE: Final = 0.8
"""The least confidence with which each of two parts of a text is about an article of its own. With .7 to .85 the same
replies to texts of several parts were right (docs/decisions/0023)."""
_PART_ENDS: Final = re.compile(r"[.!?;,:،؛؟]+(?:\s+|$)")
CANDIDATES: Final = 3
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_FARTHEST: Final = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that words may be about."""

    id: str
    title: str
    url: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Choice:
    """``article`` is None when the words are not surely about one; ``candidates`` then holds the likeliest, if any.

    ``confidence`` is 1 for an id, and otherwise that of the best match, 0 to 1.
    """

    article: Article | None
    confidence: float
    candidates: tuple[Candidate, ...] = ()


def choose(
    words: Sequence[str],
    *,
    articles: Mapping[str, Article],
    old_ids: Mapping[str, str],
    withheld: Mapping[str, str],
    phrases: Mapping[str, Collection[str]],
    matches: Callable[[str], Sequence[tuple[str, float]]],
) -> Choice:
    """The article for ``words`` as they were typed.

    ``articles`` are those customers may see, by id; ``old_ids`` lead to them; ``withheld`` says of every other id why
    customers don't see it. ``phrases`` are titles and what customers ask, as :func:`bare` leaves them, with the ids of
    the articles that have them: words that are a phrase of one article only are about it. ``matches`` gives ids with
    their confidence, the best first. Raises InputError for a withheld id and for a misspelt one.
    """
    asked = " ".join(" ".join(words).split())
    name = old_ids.get(asked, asked)
    if name in articles:
        return Choice(articles[name], 1.0)
    if name in withheld:
        raise InputError(f'the article "{name}" is {withheld[name]}', hint="it can't be sent to customers")
    said = phrases.get(bare(asked), ())
    if len(words) == 1 and _ID.fullmatch(asked) and not said:
        meant = nearest_ids(asked, (*articles, *withheld, *old_ids))
        if meant:
            hint = "did you mean " + " or ".join(f'"{id}"' for id in meant) + "?"
            raise InputError(f'there is no article "{asked}"', hint=hint)
    if set(bare(asked).split()) <= _SMALL_TALK:
        return Choice(None, 0.0)
    if len(said) == 1 and (only := next(iter(said))) in articles:
        return Choice(articles[only], 1.0)

    def about(text: str) -> list[tuple[str, float]]:
        exact = phrases.get(bare(text), ())
        found = [(id, 1.0) for id in exact] if len(exact) == 1 else matches(text)
        return [(id, confidence) for id, confidence in found if id in articles]

    found = _by_parts(asked, about)[:CANDIDATES]
    candidates = tuple(
        Candidate(id, articles[id].title, articles[id].url, round(confidence, 4)) for id, confidence in found
    )
    if not found:
        return Choice(None, 0.0)
    best, confidence = found[0]
    return Choice(articles[best] if confidence >= SURE else None, round(confidence, 4), candidates)


def _by_parts(asked: str, about: Callable[[str], Sequence[tuple[str, float]]]) -> list[tuple[str, float]]:
    """What ``asked`` is about, the best first.

    Customers say what happened, then what they want for it: “it never came, can I get my money back”. Together such
    words are most like those of an article on refunds, which answers for parcels that came. Where the first part and
    another are each surely about an article of their own, what happened goes first.
    """
    whole = [*about(asked)]
    parts = [part for part in _PART_ENDS.split(asked) if len(part.split()) > 1]
    if len(parts) < 2 or not whole:
        return whole
    firsts = [next(iter(about(part)), ("", 0.0)) for part in parts]
    sure = {id for id, confidence in firsts if confidence >= _PART_SURE}
    happened = firsts[0]
    if happened[0] not in sure or len(sure) == 1:
        return whole
    return [happened, *(pair for pair in whole if pair[0] != happened[0])]


def bare(text: str) -> str:
    """``text`` without case, accents and marks."""
    return " ".join(map(fold, words_of(text, eliding=False)))


def nearest_ids(typed: str, ids: Iterable[str]) -> list[str]:
    """The ids within an edit distance of two, the nearest first; at most three."""
    near = sorted((OSA.distance(typed, id, score_cutoff=_FARTHEST), id) for id in set(ids))
    return [id for distance, id in near if distance <= _FARTHEST][:CANDIDATES]


_SMALL_TALK: Final = frozenset(
    bare(
        """
        a afternoon all and anyone brilliant browsing bye cheers day evening for funny good goodbye great haha have
        hello help hey hi hiya is it just later lol looking lovely mate maybe merry mind morning much never nice night
        no nope nothing ok okay perfect please quick so sorry ta test testing thank thanks that that's the then there
        urgent very was worked wow yeah yes you your

        alles antwort auf bitte danke dank dankeschön die es frohe für gut guten hallo herzlichen hilfe ja jemand klar
        lieben moin morgen nacht nein schnelle schönen sehr servus super tag toll tschüss und vielen wiedersehen abend
        au beaucoup bonjour bonne bonsoir journée merci non oui parfait pour revoir s'il plaît salut vous votre aide
        adiós ayuda buenas buenos días gracias hola la muchas noches perfecto por sí tardes vale
        arrivederci buona buonasera buongiorno ciao grazie l'aiuto mille per perfetto prego
        adeus ajuda boa bom dia noite não obrigada obrigado oi olá pela sim tarde
        bedankt dag dank de doei goedemiddag goedemorgen goedenavond hulp ja je nee prima u voor wel
        bra dagen för god hej hejdå hjälpen morgon mycket nej så tack
        bardzo cześć dobry do dzień dziękuję dzięki nie pomoc tak widzenia za
        أهلا السلام الخير المساعدة النور تمام جزيلا حسنا شكرا صباح على عليكم لك لكم مرحبا مساء مع من فضلك نعم السلامة
        """
    ).split()
)
"""Words that alone ask nothing, in the languages of the interface: greetings, thanks, and single words such as
“urgent”."""
