"""The sentence with which a reply begins: sorry for a problem, of course for a how-to."""

import re
from typing import Final, Literal, TypeAlias

from kb_builder.content.interface_language import Language
from kb_builder.model import Article

Kind: TypeAlias = Literal["policy", "how-to", "problem", "waiting", "question"]

_HOW: Final = re.compile(
    r"""
    (how\ (do|can|should|to)|where\ (do|can)|comment|cómo|como|come|hvordan|كيف
      |(wie|hur|hoe|jak|kuinka)(?!\ (lange?|viele?|oft|teuer|hoch|groß|weit|schnell|spät|alt|schwer|länge|mycket|många
        |ofta|stor[at]?|dyrt?|snabbt|veel|vaak|groot|duur|snel|hoog|ver|długo|często|dużo|duż[yae]|szybko|drog[aio]
        |kauan|paljon|usein|nopeasti)\b))\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""“Wie lange …?” asks for a measure, not how to do something."""
_DO: Final = re.compile(
    r"""
    (access|add|allow|apply|archive|assign|block|book|build|buy|cancel|change|check|choose|claim|close|configure|connect
    |contact|convert|copy|create|customi[sz]e|delete|disable|disconnect|download|edit|enable|export|filter|find|import
    |install|integrate|invite|link|log|manage|merge|move|open|order|pair|pause|pay|print|publish|recover|register|remove
    |rename|renew|reset|restore|return|save|schedule|search|select|send|set|share|sign|start|stop|submit|subscribe|switch
    |sync|test|track|transfer|turn|uninstall|unlock|unsubscribe|update|upgrade|upload|use|verify|view|write)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""English titles that say what to do."""
_WHERE_IS_IT: Final = re.compile(
    r"""
    (where(\ is|\ are|['’]s)\ my|wo\ (ist|sind|bleibt)|où\ (est|sont)|dónde\ está|onde\ está|dov['’]è|dove\ sono
    |waar\ is|var\ är|gdzie\ (jest|są)|أين)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Somebody waits, and nothing needs to be wrong."""
_SOMETHING_IS_WRONG: Final = re.compile(
    r"""
    ^(why|i|i['’](m|ve)|my
      |warum|wieso|ich|meine?|pourquoi|mon|ma|mes|je|j['’]ai
      |por\ qué|mis?|porqu[eê]|meu|minha|perché|il\ mio|la\ mia
      |waarom|mijn|ik|varför|min|mitt|jag|dlaczego|mój|moja|moje|لماذا)\b
    | n['’]t\b
    | \b(not|never|cannot|unable|too\ (many|much|slow|small|big)|late
      |delay(s|ed)?|missing|missed|lost|stolen|broken|wrong|faulty|damaged|errors?|strike
      |fail(s|ed|ure)?|problems?|trouble|declined|refused|rejected|blocked|locked|hacked|stuck|overdue|twice|wobbly
      |nicht|nichts|nie|keine?[nrs]?|fehlt|kaputt|defekt|beschädigt|verspätet|zu\ spät|falsch|fehler|probleme?|gesperrt
      |verloren|gestohlen|vergessen|doppelt|streik
      |pas|jamais|rien|manque|retard|cassée?|endommagée?|abîmée?|erreur|problème|perdue?|volée?|oublié|grève
      |falta|retraso|rot[oa]|dañad[oa]|equivocad[oa]|problema|perdid[oa]|robad[oa]|huelga|nunca
      |no\ (ha|han|he|hay|me|se|puedo|funciona|llega|encuentro)|não|atras(o|ad[oa])|avariad[oa]|danificad[oa]
      |errad[oa]|greve
      |non|mai|manca|ritardo|rott[oa]|danneggiat[oa]|sbagliat[oa]|errore|sciopero
      |niet|nooit|geen|te\ laat|kapot|beschadigd|verkeerd|fout|probleem|kwijt|gestolen|vergeten|staking
      |inte|aldrig|saknas|försena[dt]|trasigt?|skada[dt]|fel|strejk
      |brak|zgubion[ya]|uszkodzon[ya]|błąd|opóźni(enie|on[ya])|strajk
      |لم|لا|ليس(ت)?|تأخر(ت)?|متأخر(ة)?|مفقود(ة)?|تالف(ة)?|مكسور(ة)?|نسيت|فقدت|خطأ|إضراب)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Titles that say, rather than ask, what is wrong."""
_FORGOTTEN: Final = re.compile(
    r"\b(?:forgot(?:ten)?|vergessen|oublié|olvid(?:é|ado)|esqueci|dimenticat[oa]|vergeten|glömt|zapomnia\w+|نسيت)\b",
    re.IGNORECASE,
)
"""Nothing that a company is to be sorry for."""
_YES_OR_NO: Final = re.compile(
    r"(?:yes|no|ja|nein|nee|nej|oui|non|sí|sim|não|sì|tak|nie|نعم|لا)(?=\s*(?:[^\w\s]|$))"
    r"|(?:yes|ja|oui|sí|sim|sì|tak|نعم|sorry|leider|helaas|tyvärr|désolé|lo siento|purtroppo|niestety|للأسف)\b",
    re.IGNORECASE,
)
"""“No email from us?” is a question; “No, …” is an answer."""


def kind_of(article: Article) -> Kind:
    """The purpose of an article, as far as its title says: “My parcel is late” is a problem, “Can I pay later?” isn't.

    Who asks where something is waits for it (``waiting``).
    """
    if article.type == "policy":
        return "policy"
    title = article.title.lstrip("¿¡ ")
    if _HOW.match(title):
        return "how-to"
    if _WHERE_IS_IT.match(title):
        return "waiting"
    if _SOMETHING_IS_WRONG.search(title):
        return "problem"
    return "how-to" if _DO.match(title) else "question"


def says_pinned(article: Article) -> bool:
    """Whether a reply says that the article is pinned; a pinned how-to is nothing that anybody is working on."""
    return kind_of(article) in ("problem", "waiting", "question")


def opening_of(article: Article, answer: str, language: Language, *, known: bool = False) -> str:
    """Nothing before an ``answer`` that begins with yes, no or sorry.

    ``known`` is a problem of many customers that the team works on, for which it is sorry whatever was asked.
    """
    if _YES_OR_NO.match(answer):
        return ""
    kind = "problem" if known else kind_of(article)
    if kind == "problem" and not known and _FORGOTTEN.search(article.title):
        kind = "waiting"
    openings: dict[Kind, str] = {
        "policy": language.word("Here it is in short."),
        "how-to": language.word("Of course."),
        "problem": language.word("I'm sorry about this."),
        "waiting": language.word("I'm happy to help with this."),
        "question": language.word("Thanks for asking."),
    }
    return openings[kind]
