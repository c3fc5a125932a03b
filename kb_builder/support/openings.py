"""The sentence with which a reply begins: sorry for a problem, of course for a how-to."""

import re
from typing import Final, Literal, TypeAlias

from kb_builder.content.interface_language import Language
from kb_builder.model import Article

Kind: TypeAlias = Literal["policy", "how-to", "problem", "question"]

_HOW: Final = re.compile(
    r"(how (do|can|should)|where (do|can)|wie|comment|cómo|como|hur|hoe|come|jak|kuinka|hvordan|كيف)\b", re.IGNORECASE
)
_DO: Final = re.compile(
    r"""
    (add|apply|block|book|buy|cancel|change|check|choose|claim|close|connect|contact|create|delete|disable|download|edit
    |enable|find|install|manage|open|order|pay|recover|register|remove|renew|reset|return|send|set|sign|start|stop|switch
    |track|transfer|turn|unlock|update|upload|use|verify|view)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""English titles that say what to do."""
_SOMETHING_IS_WRONG: Final = re.compile(
    r"""
    ^(why|where\ (is|are)\ my|i|i['’](m|ve)|my
      |warum|wieso|wo\ (ist|sind|bleibt)|ich|meine?|pourquoi|où\ (est|sont)|mon|ma|mes|je|j['’]ai
      |por\ qué|dónde\ está|mis?|porqu[eê]|onde\ está|meu|minha|perché|dov['’]è|il\ mio|la\ mia
      |waarom|waar\ is|mijn|ik|varför|var\ är|min|mitt|jag|dlaczego|gdzie\ (jest|są)|mój|moja|moje|لماذا|أين)\b
    | n['’]t\b
    | \b(not|never|cannot|unable|too\ (many|much|slow|small|big)|late
      |delay(s|ed)?|missing|missed|lost|stolen|broken|wrong|faulty|damaged|errors?|strike
      |fail(s|ed|ure)?|problems?|trouble|declined|refused|rejected|blocked|locked|hacked|stuck|overdue|twice|wobbly
      |nicht|keine?n?|fehlt|kaputt|defekt|verspätet|falsch|fehler|probleme?|gesperrt|streik
      |pas|manque|retard|cassé|erreur|problème|perdu|volé|grève
      |falta|retraso|roto|equivocado|problema|perdido|robado|huelga|atraso|avariado|errado|greve
      |manca|ritardo|rotto|sbagliato|errore|sciopero|niet|kapot|verkeerd|fout|probleem|kwijt|staking
      |inte|saknas|försenad|trasig|fel|strejk|nie|brak|zgubion[ya]|uszkodzon[ya]|błąd|opóźnienie|strajk
      |لم|تأخر(ت)?|مفقود(ة)?|تالف(ة)?|خطأ|إضراب)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Titles that say, rather than ask, what is wrong."""
_YES_OR_NO: Final = re.compile(
    r"(yes|no|sorry|ja|nein|leider|nee|helaas|nej|tyvärr|oui|non|désolé|sí|lo siento|sim|não|sì|purtroppo|tak|nie"
    r"|niestety|نعم|لا|للأسف)\b",
    re.IGNORECASE,
)


def kind_of(article: Article) -> Kind:
    """What the article is for, as far as its title says: “My parcel is late” is a problem, “Can I pay later?” isn't."""
    if article.type == "policy":
        return "policy"
    title = article.title.lstrip("¿¡ ")
    if _HOW.match(title):
        return "how-to"
    if _SOMETHING_IS_WRONG.search(title):
        return "problem"
    return "how-to" if _DO.match(title) else "question"


def opening_of(article: Article, answer: str, language: Language) -> str:
    """Nothing before an ``answer`` that begins with yes, no or sorry."""
    if _YES_OR_NO.match(answer):
        return ""
    openings: dict[Kind, str] = {
        "policy": language.word("Here it is in short."),
        "how-to": language.word("Of course."),
        "problem": language.word("I'm sorry about this."),
        "question": language.word("Thanks for asking."),
    }
    return openings[kind_of(article)]
