"""The helper of the tests of growth finds what grows with the square."""

from tests.growth import in_proportion


def test_what_grows_with_the_square_is_out_of_proportion() -> None:
    def passes(small: int, large: int) -> bool:
        return in_proportion(lambda count: list(range(count)), small, large, lambda once, twice: twice <= 2.5 * once)

    assert passes(100_000, 200_000)
    assert not passes(500**2, 1000**2)
