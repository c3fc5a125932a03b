"""Endings of inflected words, for words a customer types in a form that no article has.

The dictionary holds every form that occurs, so most words need no rule at a reader. These endings are for the rest:
``activating`` is taken for ``activate`` because what is left of both without an ending is the same.
"""

_ENDINGS = {
    "en": "s es ed d ing e er ers ly al y ies ied ion ions ation ations ment ments",
    "de": "e en er es em o n s st t te ten tet ung ungen end ende",
    "fr": "e s es er ez é ée és ées ent ant ons ait ions x ement ation ations r",
    "es": "a o as os e es s ar er ir ando iendo ado ada ados adas ido ida ción ciones mente amiento imiento r n",
    "pt": "a o as os e es s ar er ir ando endo indo ado ada ados adas ido ida ção ções mente amento imento r m",
    "sv": "a ar or er en et n t na s de te r ade at ande ning ningar",
}


def endings(language: str) -> tuple[str, ...]:
    """The endings of a language, the longest first; none where we know none."""
    listed = _ENDINGS.get(language.split("-")[0].lower(), "")
    return tuple(sorted(listed.split(), key=lambda ending: (-len(ending), ending)))
