"""What keys of shards say about the words in them."""

from bisect import bisect_right

from hypothesis import given
from hypothesis import strategies as st

from search_index.dictionary import postings_key
from search_index.words import fold

WORDS = st.text("abcäß𝒜", min_size=1, max_size=5)


@given(st.lists(WORDS, min_size=1, max_size=30, unique=True), st.data())
def test_a_word_is_looked_for_where_the_first_form_of_its_group_is(words, data):
    """Unless a form before the shard is folded to the same."""
    forms = sorted(words, key=lambda form: (fold(form), form))
    every = range(len(forms))
    first_form = sorted({0, *data.draw(st.lists(st.sampled_from(every)))})
    shards = sorted({0, *data.draw(st.lists(st.sampled_from(range(len(first_form)))))})
    keys = [postings_key(forms, first_form, group) for group in shards]
    assert keys == sorted(keys)
    assert keys[0] == ""
    for form in every:
        own = max(at for at, group in enumerate(shards) if first_form[group] <= form)
        found = bisect_right(keys, fold(forms[form])) - 1
        last = max(other for other in every if fold(forms[other]) == fold(forms[form]))
        assert own <= found <= max(at for at, group in enumerate(shards) if first_form[group] <= last)
    for group, key in zip(shards[1:], keys[1:], strict=True):
        assert len(key) <= len(fold(forms[first_form[group]]))
