"""Chains of redirects are followed to their end, in time that grows with their length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.redirect_chains import Gone, Rule
from kb_builder.content.redirects import Redirects, resolve
from kb_builder.model import Article
from tests.growth import in_proportion

ONE, TWO = (Article(id, f"content/articles/faq/{id}.md", f"faq/{id}/", id, "", 5) for id in ("one", "two"))
CHAINS = {
    "ids": ("old-{0}: old-{1}", "old-{0}: one"),
    "URLs": ("/faq/old-{0}/: /faq/old-{1}/", "/faq/old-{0}/: one"),
    "anchors": ("old-{0}#part: old-{1}#part", "old-{0}#part: one#part"),
    "anchors of one article": ("one#part-{0}: one#part-{1}", "one#part-{0}: two"),
    "a loop": ("old-{0}: old-{1}", "old-{0}: old-0"),
    "nothing": ("old-{0}: old-{1}", "old-{0}: never-was"),
}


def rules(text: str) -> list[Rule]:
    pairs = (line.split(": ") for line in text.splitlines())
    return [Rule(old, target, "content/redirects.yml", line) for line, (old, target) in enumerate(pairs, start=1)]


def chain(kind: str, length: int) -> list[Rule]:
    if kind == "replacements":
        ids = [*(f"old-{number}" for number in range(length)), "one"]
        gone = [Gone("", new) for new in ids[1:]]
        return [Rule(f"a/{old}/", "", "content/redirects.yml", 1, why) for old, why in zip(ids, gone, strict=False)]
    onward, last = CHAINS[kind]
    lines = [onward.format(number, number + 1) for number in range(length - 1)]
    return rules("\n".join((*lines, last.format(length - 1))))


def resolved(written: list[Rule]) -> Redirects:
    return resolve(written, (ONE, TWO), "https://help.example.com/")


@pytest.mark.growth
@pytest.mark.parametrize("kind", [*CHAINS, "replacements"])
def test_twice_the_chain_takes_little_more_than_twice_as_long(kind: str) -> None:
    assert in_proportion(resolved, chain(kind, 2_000), chain(kind, 8_000), lambda short, long: long <= 2.5**2 * short)


@pytest.mark.parametrize(("kind", "ends"), [("ids", "one"), ("URLs", "one"), ("anchors", "one")])
def test_a_chain_of_four_thousand_leads_to_its_end_from_everywhere(kind: str, ends: str) -> None:
    found = resolved(chain(kind, 4_000))
    assert {target.id for target in found.targets.values()} == {ends}
    assert len(found.targets) >= 4_000
    assert not found.findings


def test_what_replaced_each_other_is_replaced_by_the_last() -> None:
    found = resolved(chain("replacements", 4_000))
    assert len(found.gone) == 4_000
    assert {why.replaced_by for why in found.gone.values()} == {"one"}


def test_every_rule_of_a_loop_is_named() -> None:
    found = resolved(chain("a loop", 4_000))
    assert len(found.findings) == 4_000
    assert {finding.code for finding in found.findings} == {"redirect-loop"}


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 12), max_size=10))
def test_each_chain_is_what_following_its_rules_one_by_one_finds(leads: dict[int, int]) -> None:
    """Ten old ids lead to each other, or to one of the two articles, or to nothing."""
    names = {number: f"old-{number}" for number in range(10)} | {10: "one", 11: "two", 12: "never-was"}
    found = resolved(rules("\n".join(f"{names[old]}: {names[new]}" for old, new in leads.items())))
    for old in leads:
        passed, at = {old}, leads[old]
        while at in leads and at not in passed:
            passed.add(at)
            at = leads[at]
        target = found.targets.get(f"a/old-{old}/")
        assert (target.id if target else "") == (names[at] if at in (10, 11) else "")
    wrong = {finding.line for finding in found.findings}
    assert len(wrong) == len(leads) - len({place for place in found.targets if place.startswith("a/")})
