"""Before the close nobody learns a count: what everybody sees stays the same when every ballot says something else."""

import re

import pytest

from civic_forum.accounts.rules import Role
from civic_forum.ballots import identities
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.platform.base import db
from tests import limits
from tests.ballots.boxes import form_of
from tests.budgets.making import voter

from .scene import opened

OURS = ("budgets", "budget_desk", "ballots", "site", "desk", "accounts", "search", "feeds")
EVERY_TIME_ANEW = re.compile(
    r'name="(?:[\w-]+\.)?(?:csrf_token|form_key|state|mine)"[^>]*value="[^"]*"|'
    r'value="[^"]*"[^>]*name="(?:[\w-]+\.)?(?:csrf_token|form_key|state|mine)"|data-now="[^"]*"|'
    r'<dd class="num" data-\w+>\d+</dd>|\d+일 \d+시간 남음|\d+시간 \d+분 남음|value="\d{4}-\d\d-\d\dT\d\d:\d\d"')


def addresses(app, made) -> list[str]:
    """Of every page that can be asked for about this round, and of those that need no more than an address."""
    one = made.envelopes[1]
    known = {"slug": made.slug, "envelope": one.slug, "box": one.box_id.hex(), "fingerprint": one.box.fingerprint.hex(),
             "number": 1, "code": "A01", "tracker": "0000-0000-0000", "part": "terms", "project": "A01"}
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in rule.methods and rule.endpoint.partition(".")[0] in OURS and rule.arguments <= set(known):
                found.append(app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments}))
    return sorted(found)


def cast_all(made, users, chosen: tuple[tuple[int, ...], ...]) -> None:
    for one, numbers in zip(made.envelopes, chosen, strict=True):
        rule = boxes.rule_of(one.box)
        for user in users:
            person = identities.candidates(user)[0]
            form = form_of(one.box, person, rule.encode(dict.fromkeys(numbers, 1)))
            casting.cast(one.box_id, person, form, Channel.ONLINE)
            db.session.rollback()


def seen(browsers, where) -> dict[tuple[str, str], tuple[int, str]]:
    answers = {}
    limits.forget()
    for who, browser in browsers.items():
        for address in where:
            answer = browser.get(address)
            answers[who, address] = answer.status_code, EVERY_TIME_ANEW.sub("", answer.get_data(as_text=True))
            answer.close()
    return answers


@pytest.mark.in_turns(of=10)
@pytest.mark.thorough
def test_no_page_of_any_role_changes_when_every_ballot_does(app, town, browse):
    everybody = {"visitor": None, "voter": voter(town), "moderator": town.moderator(), "official": town.official(),
                 "clerk": town.clerk(), "observer": town.staff(Role.OBSERVER), "administrator": town.administrator()}
    users = [voter(town) for _one in range(4)] + [everybody["voter"]]
    made = opened(town, voters=6)
    where = addresses(app, made)
    here = f"/budgets/{made.slug}"
    assert {here, f"{here}/ballot", f"{here}/ballot/all", f"{here}/envelope-2", f"{here}/projects/A01"} <= set(where)
    cast_all(made, users, ((1,), (1, 2)))
    browsers = {who: browse(user) for who, user in everybody.items()}
    seen(browsers, where)  # what a first visit alone shows is over
    before = seen(browsers, where)
    cast_all(made, users, ((2, 3, 4), (2, 3, 4, 5)))
    after = seen(browsers, where)
    assert [key for key in before if before[key] != after[key]] == []
    assert {status for status, _text in before.values()} >= {200, 403, 404}
