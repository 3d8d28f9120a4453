"""Every choice that is allowed, and no other, for each kind of ballot."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.ballots.rules.choices import BoxRule, Group, Kind, Money, NotAccepted, Refusal

SIX = BoxRule(Kind.APPROVAL, 18, 6)
ONE = BoxRule(Kind.APPROVAL, 3, 1)
EXACTLY = BoxRule(Kind.APPROVAL, 4, 2, exactly=True)
ANSWERS = BoxRule(Kind.YES_NO, 3)
POINTS = BoxRule(Kind.POINTS, 3, 10)
GROUPS = (Group((1, 2, 4), 1, 2), Group((3, 5), 0, 1))
GROUPED = BoxRule(Kind.APPROVAL, 5, 3, groups=GROUPS)
WITHIN = BoxRule(Kind.APPROVAL, 5, 5, money=Money(100, (60, 50, 40, 0, 100)))
BOTH = BoxRule(Kind.APPROVAL, 5, 3, True, GROUPS, Money(120, (60, 50, 40, 0, 30)))
RULES = [SIX, ONE, EXACTLY, ANSWERS, POINTS, GROUPED, WITHIN, BOTH]


def reason(rule, choice):
    with pytest.raises(NotAccepted) as refused:
        rule.check(choice)
    return refused.value.reason


def selection_reason(rule, selection):
    with pytest.raises(NotAccepted) as refused:
        rule.encode(selection)
    return refused.value.reason


def accepts(rule, choice):
    try:
        rule.check(choice)
    except NotAccepted:
        return False
    return True


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_read_as_it_was_written(rule):
    assert BoxRule.from_json(rule.to_json()) == rule


def test_a_rule_says_exactly_only_where_it_is_so():
    assert SIX.to_json() == {"kind": "approval", "options": 18, "limit": 6}
    assert EXACTLY.to_json() == {"kind": "approval", "options": 4, "limit": 2, "exactly": 1}
    assert ANSWERS.to_json() == {"kind": "yes_no", "options": 3}


def test_groups_and_money_are_written_where_there_are_any():
    groups = [{"options": [1, 2, 4], "min": 1, "max": 2}, {"options": [3, 5], "min": 0, "max": 1}]
    assert GROUPED.to_json() == {"kind": "approval", "options": 5, "limit": 3, "groups": groups}
    assert WITHIN.to_json()["money"] == {"limit": 100, "costs": [60, 50, 40, 0, 100]}


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"kind": "ranking", "options": 3},
        {"kind": "yes_no", "options": 3, "limit": 1},
        {"kind": "yes_no", "options": 0},
        {"kind": "yes_no", "options": 1001},
        {"kind": "yes_no", "options": True},
        {"kind": "approval", "options": 3},
        {"kind": "approval", "options": 3, "limit": 4},
        {"kind": "approval", "options": 3, "limit": 0},
        {"kind": "approval", "options": 3, "limit": 2, "exactly": 0},
        {"kind": "approval", "options": 3, "limit": 2, "exactly": True},
        {"kind": "approval", "options": "3", "limit": 2},
        {"kind": "approval", "options": 3, "limit": None},
        {"kind": "approval", "options": 3, "limit": 2, "more": 1},
        {"kind": "points", "options": 3, "limit": 10, "exactly": 1},
        {"kind": "points", "options": 3, "limit": 65536},
        {"kind": "points", "options": 2, "limit": 3, "money": {"limit": 5, "costs": [1, 1]}},
        {"kind": "yes_no", "options": 2, "groups": [{"options": [1, 2], "min": 0, "max": 1}]},
        {"kind": "approval", "options": 2, "limit": 1, "groups": []},
        {"kind": "approval", "options": 2, "limit": 1, "groups": {}},
        {"kind": "approval", "options": 2, "limit": 1, "groups": None},
        {"kind": "approval", "options": 2, "limit": 1, "groups": [[1, 2]]},
        {"kind": "approval", "options": 2, "limit": 1, "groups": [{"options": [1], "min": 0, "max": 1}]},
        {"kind": "approval", "options": 2, "limit": 1, "groups": [{"options": [1, 2, 2], "min": 0, "max": 1}]},
        {"kind": "approval", "options": 2, "limit": 1, "groups": [{"options": [1, 2], "min": 0, "max": 3}]},
        {"kind": "approval", "options": 2, "limit": 1, "groups": [{"options": [1, 2], "min": 0, "max": 0}]},
        {"kind": "approval", "options": 2, "limit": 1, "groups": [{"options": [1, 2], "min": 1, "max": True}]},
        {"kind": "approval", "options": 2, "limit": 1, "groups": [{"options": [1, 2], "min": 0}]},
        {"kind": "approval", "options": 2, "limit": 1, "groups": [{"options": [1, 2], "min": 2, "max": 2}]},
        {"kind": "approval", "options": 2, "limit": 2, "exactly": 1,
         "groups": [{"options": [1, 2], "min": 0, "max": 1}]},
        {"kind": "approval", "options": 2, "limit": 1, "money": None},
        {"kind": "approval", "options": 2, "limit": 1, "money": {"limit": 5}},
        {"kind": "approval", "options": 2, "limit": 1, "money": {"limit": 5, "costs": [1]}},
        {"kind": "approval", "options": 2, "limit": 1, "money": {"limit": 0, "costs": [0, 0]}},
        {"kind": "approval", "options": 2, "limit": 1, "money": {"limit": 5, "costs": [-1, 1]}},
        {"kind": "approval", "options": 2, "limit": 1, "money": {"limit": 5, "costs": [1.0, 1]}},
        {"kind": "approval", "options": 2, "limit": 1, "money": {"limit": 5, "costs": [6, 7]}},
        {"kind": "approval", "options": 2, "limit": 2, "exactly": 1, "money": {"limit": 5, "costs": [3, 3]}},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(value):
    with pytest.raises(ValueError):
        BoxRule.from_json(value)


@pytest.mark.parametrize("options", [(), (1, 1)])
def test_a_group_has_options_and_each_once(options):
    with pytest.raises(ValueError, match="a group of nothing, or with an option twice"):
        Group(options, 0, 1)


def test_a_selection_becomes_two_bytes_an_option():
    assert ONE.encode({2: 1}).hex() == "00000000010000"
    assert ANSWERS.encode({1: 1, 2: 2, 3: 3}).hex() == "00000100020003"
    assert POINTS.encode({3: 10}).hex() == "0000000000000a"


@pytest.mark.parametrize(
    ("rule", "selection", "expected"),
    [
        (ONE, {}, Refusal.NONE_CHOSEN),
        (ONE, {1: 1, 2: 1}, Refusal.TOO_MANY),
        (ONE, {4: 1}, Refusal.UNKNOWN_OPTION),
        (ONE, {0: 1}, Refusal.UNKNOWN_OPTION),
        (ONE, {1: 2}, Refusal.UNKNOWN_VALUE),
        (ONE, {1: -1}, Refusal.UNKNOWN_VALUE),
        (ONE, {1: 65_536}, Refusal.UNKNOWN_VALUE),
        (EXACTLY, {1: 1}, Refusal.NOT_EXACTLY),
        (EXACTLY, {1: 1, 2: 1, 3: 1}, Refusal.NOT_EXACTLY),
        (EXACTLY, {}, Refusal.NONE_CHOSEN),
        (ANSWERS, {1: 1, 2: 1}, Refusal.UNANSWERED),
        (ANSWERS, {1: 1, 2: 1, 3: 4}, Refusal.UNKNOWN_VALUE),
        (POINTS, {1: 5, 2: 6}, Refusal.TOO_MANY),
        (POINTS, {}, Refusal.NONE_CHOSEN),
        (GROUPED, {3: 1}, Refusal.TOO_FEW_OF_GROUP),
        (GROUPED, {1: 1, 2: 1, 4: 1}, Refusal.TOO_MANY_OF_GROUP),
        (GROUPED, {1: 1, 3: 1, 5: 1}, Refusal.TOO_MANY_OF_GROUP),
        (GROUPED, {1: 1, 2: 1, 3: 1, 5: 1}, Refusal.TOO_MANY),
        (GROUPED, {}, Refusal.NONE_CHOSEN),
        (WITHIN, {1: 1, 2: 1}, Refusal.OVER_MONEY),
        (WITHIN, {5: 1, 3: 1}, Refusal.OVER_MONEY),
        (BOTH, {1: 1, 2: 1, 3: 1}, Refusal.OVER_MONEY),
        (BOTH, {1: 1, 3: 1}, Refusal.NOT_EXACTLY),
    ],
)
def test_each_refusal_has_its_reason(rule, selection, expected):
    assert selection_reason(rule, selection) is expected


@pytest.mark.parametrize("rule", RULES)
def test_the_explicit_blank_is_always_accepted_and_says_nothing_else(rule):
    blank = rule.blank_choice()
    assert rule.is_blank(blank)
    assert reason(rule, blank[:-1] + b"\x01") is Refusal.BLANK_WITH_CHOICES
    assert reason(rule, b"\x02" + blank[1:]) is Refusal.UNKNOWN_VALUE
    assert reason(rule, blank + b"\x00") is Refusal.WRONG_LENGTH
    assert reason(rule, b"") is Refusal.WRONG_LENGTH


@pytest.mark.parametrize("rule", RULES)
def test_a_sealed_withdrawal_is_no_ballot(rule):
    assert not accepts(rule, bytes(rule.length))


def test_three_times_blank_is_a_ballot_and_not_the_explicit_blank():
    assert not ANSWERS.is_blank(ANSWERS.encode({1: 3, 2: 3, 3: 3}))


@given(st.sampled_from(RULES), st.data())
def test_every_byte_string_is_accepted_exactly_when_the_text_says_so(rule, data):
    """Against the sentences of the specification, said a second time in another way."""
    first = data.draw(st.integers(0, 2))
    number = st.integers(0, data.draw(st.sampled_from([1, 5])))
    values = data.draw(st.lists(number, min_size=rule.options, max_size=rule.options))
    in_groups = all(group.least <= sum(values[number - 1] for number in group.options) <= group.most
                    for group in rule.groups)
    within_money = not rule.money or sum(cost for cost, value in zip(rule.money.costs, values, strict=True)
                                         if value) <= rule.money.limit
    by_kind = {
        Kind.APPROVAL: set(values) <= {0, 1} and 1 <= values.count(1) <= (rule.limit or 0)
        and (not rule.exactly or values.count(1) == rule.limit) and in_groups and within_money,
        Kind.YES_NO: set(values) <= {1, 2, 3},
        Kind.POINTS: 1 <= sum(values) <= (rule.limit or 0),
    }
    allowed = set(values) == {0} if first == 1 else first == 0 and by_kind[rule.kind]
    choice = bytes([first]) + b"".join(value.to_bytes(2, "big") for value in values)
    assert accepts(rule, choice) is allowed


def test_all_choices_of_a_small_ballot_by_hand():
    rule = BoxRule(Kind.APPROVAL, 2, 1)
    written = [bytes(parts) for parts in product(range(3), range(2), range(3), range(2), range(3))]
    assert [choice.hex() for choice in written if accepts(rule, choice)] == ["0000000001", "0000010000", "0100000000"]


def test_totals_of_each_kind():
    approval = SIX.tally([SIX.encode({1: 1, 18: 1}), SIX.encode({1: 1}), SIX.blank_choice()])
    assert (approval.ballots, approval.blank) == (3, 1)
    assert approval.options[0] == {"option": 1, "votes": 2}
    assert approval.options[17] == {"option": 18, "votes": 1}
    answers = ANSWERS.tally([ANSWERS.encode({1: 1, 2: 2, 3: 3}), ANSWERS.encode({1: 1, 2: 1, 3: 1})])
    assert answers.options == [
        {"option": 1, "yes": 2, "no": 0, "blank": 0},
        {"option": 2, "yes": 1, "no": 1, "blank": 0},
        {"option": 3, "yes": 1, "no": 0, "blank": 1},
    ]
    points = POINTS.tally([POINTS.encode({1: 4, 2: 6}), POINTS.encode({2: 1})])
    assert points.options == [{"option": 1, "points": 4}, {"option": 2, "points": 7}, {"option": 3, "points": 0}]


def test_nothing_uncanonical_is_counted():
    with pytest.raises(NotAccepted):
        SIX.tally([SIX.blank_choice(), bytes(SIX.length)])


@given(st.lists(st.dictionaries(st.integers(1, 3), st.just(1), min_size=1, max_size=2)), st.integers(0, 5))
def test_totals_are_sums_in_whatever_order_ballots_come(selections, blanks):
    rule = BoxRule(Kind.APPROVAL, 3, 2)
    choices = [rule.encode(selection) for selection in selections] + [rule.blank_choice()] * blanks
    totals = rule.tally(choices)
    assert totals == rule.tally(reversed(choices))
    assert (totals.ballots, totals.blank) == (len(choices), blanks)
    for option in totals.options:
        assert option["votes"] == sum(option["option"] in selection for selection in selections)


def test_the_group_that_is_over_its_limits_is_named():
    with pytest.raises(NotAccepted) as refused:
        GROUPED.encode({1: 1, 3: 1, 5: 1})
    assert refused.value.group == 1


@st.composite
def limited(draw):
    """A rule with groups and money, of few options; None where no choice would be accepted."""
    options, exactly = draw(st.integers(2, 6)), draw(st.booleans())
    cut = draw(st.integers(1, options - 1))
    groups = tuple(Group(numbers, least := draw(st.integers(0, len(numbers))),
                         draw(st.integers(max(1, least), len(numbers))))
                   for numbers in (tuple(range(1, cut + 1)), tuple(range(cut + 1, options + 1))))
    costs = st.lists(st.integers(0, 30), min_size=options, max_size=options)
    money = Money(draw(st.integers(1, 60)), tuple(draw(costs)))
    limit = draw(st.integers(1, options))
    allowed = [chosen for chosen in (
        tuple(at for at, marked in enumerate(marks, start=1) if marked) for marks in product((0, 1), repeat=options))
        if 1 <= len(chosen) <= limit and (not exactly or len(chosen) == limit)
        and all(group.least <= len(set(group.options) & set(chosen)) <= group.most for group in groups)
        and sum(money.costs[at - 1] for at in chosen) <= money.limit]
    return {"kind": "approval", "options": options, "limit": limit, "exactly": exactly, "groups": groups,
            "money": money}, allowed


@given(limited())
def test_of_all_marks_those_within_every_limit_are_accepted_and_a_rule_without_any_is_none(made):
    parts, allowed = made
    try:
        rule = BoxRule(**parts)
    except ValueError:
        assert allowed == []
        return
    accepted = []
    for marks in product((0, 1), repeat=rule.options):
        choice = b"\0" + b"".join(bytes((0, mark)) for mark in marks)
        if accepts(rule, choice):
            accepted.append(rule.chosen(choice))
    assert accepted == allowed != []
    assert min(sum(rule.money.costs[at - 1] for at in chosen) for chosen in accepted) == rule.cheapest()
    assert BoxRule.from_json(rule.to_json()) == rule
