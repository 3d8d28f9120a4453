"""The question that leads a group, those in it, and the one that comes first, whatever was grouped under what."""

from hypothesis import given
from hypothesis import strategies as st

from civic_forum.forums.questions import rules


@st.composite
def groupings(draw):
    """Questions 1 to 12, grouped one after the other as a host may: never into a circle, and each only once."""
    under = {}
    for one, head in draw(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=25)):
        if one not in under and not rules.makes_circle(one, head, under):
            under[one] = head
    return under


@given(groupings())
def test_no_grouping_ever_leads_back_to_itself(under):
    for one in under:
        assert len(rules.chain(one, under)) == len(set(rules.chain(one, under)))


@given(groupings())
def test_every_question_is_in_one_group_whose_head_stands_in_the_list(under):
    heads = [one for one in range(1, 13) if one not in under]
    together = [rules.members(one, under) for one in heads]
    assert set().union(*together) == set(range(1, 13))
    assert sum(map(len, together)) == 12
    assert all(rules.chain(one, under)[-1] == head for head, some in zip(heads, together, strict=True) for one in some)


@given(groupings(), st.randoms(use_true_random=False))
def test_grouping_is_undone_in_any_order(under, chance):
    left = dict(under)
    order = sorted(under)
    chance.shuffle(order)
    for one in order:
        inside = rules.members(one, left)
        del left[one]
        assert rules.members(one, left) == inside
    assert left == {}


def test_a_question_is_not_grouped_under_itself_or_what_is_below_it():
    assert rules.makes_circle(1, 1, {})
    assert rules.makes_circle(1, 3, {3: 2, 2: 1})
    assert not rules.makes_circle(3, 1, {2: 1})


standings = st.builds(rules.standing, st.booleans(), st.booleans(), st.integers(0, 10**6), st.integers(1, 10**9 - 1))


@given(standings, standings)
def test_the_place_on_the_page_sorts_as_the_list_does(one, other):
    assert (one < other) == (rules.place(one) < rules.place(other))
    assert rules.place(one) < 2**53


def test_waiting_questions_come_first_then_the_most_supported_then_the_earliest():
    waits, few, answered = rules.standing(False, False, 9, 4), rules.standing(False, False, 9, 5), rules.standing(
        False, True, 40, 1)
    assert waits < few < answered < rules.standing(True, True, 99, 2)
