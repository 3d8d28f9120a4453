"""Before the close nobody learns a count: what everybody sees stays the same when every ballot says something else."""

import json
import re

import pytest

from civic_forum.accounts.rules import Role
from civic_forum.ballots import cli as ballots_cli
from civic_forum.ballots import identities
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.counting import publication
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.polls import cli as polls_cli

from tests.ballots.boxes import form_of
from .making import opened, options, voter

OURS = ("polls", "poll_desk", "ballots", "site", "desk", "accounts")
EVERY_TIME_ANEW = re.compile(
    r'name="(?:csrf_token|form_key|state|mine)"[^>]*value="[^"]*"|'
    r'value="[^"]*"[^>]*name="(?:csrf_token|form_key|state|mine)"|'
    r'data-now="[^"]*"|'
    r'<dd class="num" data-\w+>\d+</dd>|\d+일 \d+시간 남음|\d+시간 \d+분 남음|value="\d{4}-\d\d-\d\dT\d\d:\d\d"'
)

pytestmark = pytest.mark.thorough


def addresses(app, made) -> list[str]:
    """Of every page that can be asked for about this vote, and of those that need no more than an address."""
    known = {"slug": made.slug, "box": made.box_id.hex(), "number": 1, "part": "terms",
             "fingerprint": made.box.fingerprint.hex(), "tracker": "0000-0000-0000"}
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in rule.methods and rule.endpoint.partition(".")[0] in OURS and rule.arguments <= set(known):
                found.append(app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments}))
    return sorted(found)


@pytest.fixture
def everybody(town):
    return {"visitor": None, "voter": voter(town), "resident": town.resident(), "moderator": town.moderator(),
            "official": town.official(), "clerk": town.clerk(), "observer": town.staff(Role.OBSERVER),
            "administrator": town.administrator()}


def cast_all(made, users, chosen: tuple[int, ...]) -> None:
    rule = boxes.rule_of(made.box)
    for user in users:
        person = identities.candidates(user)[0]
        casting.cast(made.box_id, person, form_of(made.box, person, rule.encode(dict.fromkeys(chosen, 1))),
                     Channel.ONLINE)
        db.session.rollback()


def seen(browsers, where) -> dict[tuple[str, str], tuple[int, str]]:
    answers = {}
    for who, browser in browsers.items():
        for address in where:
            answer = browser.get(address)
            answers[who, address] = answer.status_code, EVERY_TIME_ANEW.sub("", answer.get_data(as_text=True))
            answer.close()
    return answers


@pytest.mark.in_turns(of=10)
def test_no_page_of_any_role_changes_when_every_ballot_does(app, town, browse, everybody):
    users = [voter(town) for _one in range(10)] + [everybody["voter"]]
    made = opened(town, voters=0, kind="up_to_k", max_choices=3, options=options(6))
    where = addresses(app, made)
    assert f"/polls/{made.slug}" in where and f"/desk/votes/{made.box_id.hex()}" in where and len(where) > 60
    cast_all(made, users, (1,))
    browsers = {who: browse(user) for who, user in everybody.items()}
    seen(browsers, where)  # what a first visit alone shows is over
    before = seen(browsers, where)
    cast_all(made, users, (2, 3, 4))
    after = seen(browsers, where)
    assert [key for key in before if before[key] != after[key]] == []
    assert {status for status, _text in before.values()} >= {200, 403, 404}


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("command", [(polls_cli.poll, "list"), (ballots_cli.ballots, "head")])
def test_no_command_tells_a_count(app, town, command):
    users = [voter(town) for _one in range(10)]
    made = opened(town, voters=0, kind="up_to_k", max_choices=3, options=options(6))
    group, name = command
    told = []
    for chosen in [(1,), (2, 3, 4)]:
        cast_all(made, users, chosen)
        result = app.test_cli_runner().invoke(group, [name, *([made.slug] if name == "head" else []), "--json"])
        assert result.exit_code == 0, result.output
        told.append(json.loads(result.output))
        db.session.rollback()
    assert told[0] == told[1]


def test_counting_and_publishing_before_the_close_are_refused(app, town):
    made = opened(town)
    for user in (town.moderator(), town.official(), town.administrator()):
        with pytest.raises(Refusal):
            publication.advance(made.box_id, copies="없음", by=user)
    db.session.rollback()
    assert boxes.by_id(made.box_id).counted_at is None
