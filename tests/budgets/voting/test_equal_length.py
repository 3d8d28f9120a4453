"""Lengths that somebody sees on the line: the same for every choice in an envelope, and in all of them."""

import itertools
import json
import random

from civic_forum.ballots import queries as boxes
from civic_forum.ballots.rules.choices import BoxRule, NotAccepted
from tests.budgets.making import voter

from .scene import JSON, all_ballots, ballot, opened


def choices(rule: BoxRule):
    """Every choice that the rule allows, the explicit blank among them."""
    for number in range(1, rule.limit + 1):
        for chosen in itertools.combinations(range(1, rule.options + 1), number):
            try:
                yield rule.encode(dict.fromkeys(chosen, 1))
            except NotAccepted:
                continue
    yield rule.blank_choice()


def some(rule: BoxRule, how_many: int) -> list[bytes]:
    """The blank, one of each size and others drawn at random."""
    found = list(choices(rule))
    return [found[-1], found[0], *random.Random(7).sample(found, how_many)]


def weigh(answer) -> tuple:
    assert answer.status_code == 200, answer.text
    assert "Set-Cookie" not in answer.headers and answer.headers["Cache-Control"] == "no-store"
    return len(answer.data), tuple(sorted((name, len(value)) for name, value in answer.headers.items()))


def test_every_choice_of_an_envelope_has_one_length(town, browse):
    ada = voter(town)
    budget_round, client, seen = opened(town), browse(ada), set()
    where = f"/budgets/{budget_round.slug}/envelope-2/casts"
    for choice in some(boxes.rule_of(budget_round.envelopes[1].box), 18):
        body = json.dumps(ballot(client, budget_round, 1) | {"choice": choice.hex()})
        answer = client.post(where, data=body, content_type="application/json",
                             headers=JSON | {"Accept-Encoding": "gzip"})
        seen.add((len(body), weigh(answer)))
    assert len(seen) == 1


def test_all_envelopes_at_once_have_one_length_whatever_is_chosen_in_each(town, browse):
    ada = voter(town)
    budget_round, client, seen = opened(town), browse(ada), set()
    ways = [some(boxes.rule_of(one.box), 8) for one in budget_round.envelopes]
    for pair in zip(*ways, strict=True):
        forms = all_ballots(client, budget_round)
        body = json.dumps({one.slug: forms[one.slug] | {"choice": choice.hex()}
                           for one, choice in zip(budget_round.envelopes, pair, strict=True)})
        answer = client.post(f"/budgets/{budget_round.slug}/casts", data=body, content_type="application/json",
                             headers=JSON | {"Accept-Encoding": "gzip"})
        seen.add((len(body), weigh(answer)))
    assert len(seen) == 1


def test_the_page_of_receipts_has_one_length_too(town, browse):
    """Without script the request may tell; what comes back does not."""
    ada = voter(town)
    budget_round, client, seen = opened(town), browse(ada), set()
    first, second = [one.slug for one in budget_round.envelopes]
    all_ballots(client, budget_round)
    for chosen in ({f"{first}.blank": "1", f"{second}.blank": "1"},
                   {f"{first}.option": ["1"], f"{second}.option": ["1", "2"]},
                   {f"{first}.option": ["1", "2", "6"], f"{second}.option": ["2", "3", "4", "8"]}):
        forms = all_ballots(client, budget_round)
        hidden = {f"{slug}.{name}": value for slug, form in forms.items() for name, value in form.items()}
        answer = client.post(f"/budgets/{budget_round.slug}/casts",
                             data=hidden | chosen | {"together": [first, second]})
        seen.add(weigh(answer))
    assert len(seen) == 1
