"""The helper of the tests of growth finds what grows with the square."""

import pytest

from tests.growth import in_proportion


@pytest.mark.growth
def test_what_grows_with_the_square_is_out_of_proportion() -> None:
    def passes(small: int, large: int) -> bool:
        # Nothing that takes memory: what the system needs to give it does not grow with the count.
        return in_proportion(lambda count: sum(range(count)), small, large, lambda once, twice: twice <= 2.5 * once)

    assert passes(1_000_000, 2_000_000)
    assert not passes(1_000**2, 2_000**2)
