"""Nobody gets a running count: two votes that differ in their choices alone look the same to everybody."""

import re
from secrets import token_bytes

import pytest

from civic_forum.accounts.rules import Role
from civic_forum.ballots import cli as ballots_cli
from civic_forum.ballots import identities
from civic_forum.ballots.queries import boxes
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.ballots.services import casting
from civic_forum.ballots.steps.casting import CastForm
from civic_forum.kernel.base import db
from civic_forum.polls import cli as polls_cli
from tests.polls import making

from .asking import CONVERTER, rule_of

VOTERS = 23
FEATURES = ("polls", "poll_desk", "ballots")
PERSONAL = re.compile(r"[0-9a-f]{16,}|[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}|\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)?"
                      r"|\d+:\d\d(:\d\d)?"
                      r"|이웃 \d+|content=\"[^\"]+\"|value=\"[\w.-]{40,}\"|\d+ KB|\?v=\w+")
"""Keys, trackers, moments and tokens: what two votes never share."""
GROUPS = {"poll": polls_cli.poll, "ballots": ballots_cli.ballots, "roll": ballots_cli.roll}
COMMANDS = (["poll", "list"], ["poll", "record", "SLUG", "nowhere.zip"], ["poll", "close-due"],
            ["ballots", "head", "SLUG"], ["ballots", "head", "SLUG", "--json"],
            ["ballots", "proof", "SLUG", "0", "--json"], ["roll", "show", "ROLL", "--json"])


@pytest.fixture
def alike(town):
    """Two polls of the same words; in one everybody chose the first option, in the other the second."""
    voters = [making.voter(town) for _one in range(VOTERS)]
    polls = []
    for option in (1, 2):
        poll = making.opened(town, voters=0, options=making.options(3), title="공터에 무엇을 둘까요?")
        box = boxes.by_id(poll.box_id)
        for user in voters:
            casting.cast(box.id, identities.of_person(user.person), CastForm(
                box.fingerprint, token_bytes(16), 0, boxes.rule_of(box).encode({option: 1})), Channel.ONLINE)
        polls.append(poll)
    db.session.rollback()
    return voters[0], polls


def normal(text: str, poll) -> str:
    for own in (poll.slug, f"poll:{poll.id}", f'"roll": {poll.roll_id}'):
        text = text.replace(own, "…")
    return PERSONAL.sub("…", text).replace("<li", "\n<li").replace("  ", "")


def addresses(app):
    """Every page about one vote."""
    return sorted({rule_of(rule) for rule in app.url_map.iter_rules() if "GET" in rule.methods
                   and {"slug", "box"} & rule.arguments and rule.endpoint.split(".")[0] in FEATURES})


def test_no_page_differs_by_what_people_chose(app, town, browse, alike):
    voter, polls = alike
    cast = {"visitor": None, "voter": voter, "moderator": town.moderator(), "official": town.official(),
            "clerk": town.clerk(), "observer": town.staff(Role.OBSERVER), "administrator": town.administrator()}
    seen = 0
    for address in addresses(app):
        for name, actor in cast.items():
            answers = []
            for poll in polls:
                path = CONVERTER.sub(lambda found, poll=poll: {
                    "slug": poll.slug, "box": poll.box_id.hex(), "part": "terms"}.get(found[1], "1"), address)
                answer = browse(actor).get(path, query_string={"old": 0, "new": 0})
                answers.append((answer.status_code, normal(answer.get_data(as_text=True), poll)))
            (status, one), (other_status, other) = answers
            differ = [pair for pair in zip(sorted(one.splitlines()), sorted(other.splitlines()), strict=False)
                      if pair[0] != pair[1]]  # each ballot has its own order of options
            assert (status, differ, len(one)) == (other_status, [], len(other)), f"{name} at {address}"
            seen += status == 200
    assert seen > 50


def test_no_command_does(app, alike):
    _voter, polls = alike
    for words in COMMANDS:
        said = []
        for poll in polls:
            names = {"SLUG": poll.slug, "ROLL": str(poll.roll_id)}
            asked = [names.get(word, word) for word in words[1:]]
            answer = app.test_cli_runner().invoke(GROUPS[words[0]], asked)
            said.append((answer.exit_code, type(answer.exception), normal(answer.output, poll)))
            db.session.rollback()
        if "list" in words:
            of_each = [[line for line in answer.output.splitlines() if poll.slug in line] for poll in polls]
            assert of_each[0] and [normal(line, polls[0]) for line in of_each[0]] == [
                normal(line, polls[1]) for line in of_each[1]]
        else:
            assert said[0] == said[1], words
