"""The site or its PostgreSQL is killed while people answer a consultation, again and again."""

import random
from collections import Counter, defaultdict

import pytest

from bench.answering import ask, given
from civic_forum.opinions.rules import VALUES
from tests.servers import site as real_site

from . import clusters
from .test_kill_casting import VOTERS, Voter, kill_database, kill_site, vote_while

PEOPLE, STATEMENTS = 100, 12
OPEN = {"CIVIC_FORUM_LIMIT_DEVICES": "100000"}


class Answerer(Voter):
    """Answers for its people in turn; an answer that nobody acknowledged is sent again until somebody does."""

    def __init__(self, asked, people, chance):
        super().__init__(asked, people, chance)
        self.kept = defaultdict(dict)

    def cast(self):
        if self.url is None:
            return
        again = self.sending is not None
        if not again:
            self.sending = next(self.people), self.chance.randint(1, STATEMENTS), self.chance.choice(VALUES)
        who, statement, value = self.sending
        status, _form = self.ask(self.made.answer(who, statement, value))
        if status == 503:
            return
        if status == 200:
            self.kept[who][statement] = value
            self.receipts.append(self.sending)
            self.repeated += again
        else:
            self.refused.append(status)
        self.sending = None


def answered_while(asked, site, times, kill):
    people = [Answerer(asked, range(first, PEOPLE, VOTERS), random.Random(first)) for first in range(VOTERS)]
    return vote_while(asked, site, times, kill, people)[0]


def nothing_is_lost_or_doubled(people, data, **settings):
    """Each person is one participant, with the newest answer of each statement that was acknowledged."""
    kept = defaultdict(dict)
    for (participant, statement), value in given(data, **settings).items():
        kept[participant][statement] = value
    said = [answers for one in people for answers in one.kept.values()]
    assert Counter(map(str, map(sorted, map(dict.items, kept.values())))) == Counter(
        map(str, map(sorted, map(dict.items, said))))
    assert [one.refused for one in people] == [[]] * VOTERS


def on_sqlite(data, times, _doomed):
    asked = ask(data, PEOPLE, STATEMENTS)
    with real_site.running(data, "--empty", **OPEN) as site:
        people = answered_while(asked, site, times, lambda _n, go_to: kill_site(site, go_to))
    nothing_is_lost_or_doubled(people, data)
    return people


def on_postgresql(data, times, doomed):
    with clusters.running() as cluster:
        at = {"DATABASE_URL": cluster.url}
        asked = ask(data, PEOPLE, STATEMENTS, **at)
        with real_site.running(data, "--empty", CIVIC_FORUM_DATABASE_URL=cluster.url, **OPEN) as site:
            kill = {"site": lambda go_to: kill_site(site, go_to),
                    "PostgreSQL": lambda _go_to: kill_database(site, cluster)}
            people = answered_while(asked, site, times, lambda _n, go_to: kill[doomed](go_to))
        nothing_is_lost_or_doubled(people, data, **at)
    return people


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("run, doomed", [
    (on_sqlite, "site"), (on_postgresql, "site"), (on_postgresql, "PostgreSQL")])
def test_no_answer_is_lost_or_doubled_whatever_is_killed(tmp_path, run, doomed):
    assert sum(one.repeated for one in run(tmp_path / "data", 2, doomed)), "nobody was cut off"
