"""The picture of groups: no point stands for fewer than five people, and each outline holds its points."""

from hypothesis import given
from hypothesis import strategies as st

from civic_forum.opinions.mapping import picture
from civic_forum.opinions.mapping.picture import FEWEST, POINTS, outline

PLACES = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)).map(lambda one: (one[0] / 10, one[1] / 10)),
                  min_size=FEWEST, max_size=400)


@given(PLACES, st.randoms())
def test_points_stand_for_five_and_more_whatever_the_order(places, chance):
    people = {str(number): place for number, place in enumerate(places)}
    groups = dict.fromkeys(people, "0")
    drawn = picture.picture(people, groups, ["0"])["0"]
    points = drawn["points"]
    assert 1 <= len(points) <= min(len(places) // FEWEST, 2 * POINTS)
    shuffled = list(people)
    chance.shuffle(shuffled)
    assert picture.picture({one: people[one] for one in shuffled}, groups, ["0"])["0"] == drawn


@given(PLACES)
def test_an_outline_turns_one_way_around_all_points(places):
    around = outline(places)
    assert set(around) <= set(places)
    if len(around) > 2:
        for first, second in zip(around, around[1:] + around[:1], strict=True):
            for one in places:
                assert picture._turn(first, second, one) >= -1e-9


def test_groups_that_are_not_shown_are_not_drawn():
    people = {str(number): (number / 10, 0.0) for number in range(40)}
    groups = {one: "0" if int(one) < 30 else "1" if int(one) < 37 else "2" for one in people}
    assert list(picture.picture(people, groups, ["0", "2"])) == ["0"]
