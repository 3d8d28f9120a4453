"""Lengths that somebody sees on the line: the same for every choice of a poll."""

import itertools
import json
import random

import pytest
from lxml import html

from civic_forum.ballots.rules.choices import NEITHER, NO, YES, BoxRule, Kind
from tests.polls.making import opened, options, voter
from tests.polls.test_ballot_page import JSON, ballot
from tests.servers import in_process

SMALL = [("choose_one", 1, 3), ("up_to_k", 2, 4), ("exactly_k", 2, 4), ("yes_no_each", 1, 2)]
MANY = 40


def choices(rule: BoxRule):
    """Every choice that the rule allows, the explicit blank among them."""
    if rule.kind is Kind.YES_NO:
        for answers in itertools.product((YES, NO, NEITHER), repeat=rule.options):
            yield rule.encode(dict(enumerate(answers, 1)))
    else:
        for number in range(rule.limit if rule.exactly else 1, rule.limit + 1):
            for chosen in itertools.combinations(range(1, rule.options + 1), number):
                yield rule.encode(dict.fromkeys(chosen, 1))
    yield rule.blank_choice()


def some_of_eighteen():
    rule = BoxRule(Kind.APPROVAL, 18, 6)
    drawn = random.Random(5)
    yield rule.blank_choice()
    for number in [1, 6] + [drawn.randint(1, 6) for _one in range(MANY - 2)]:
        yield rule.encode(dict.fromkeys(drawn.sample(range(1, 19), number), 1))


def sizes(client, poll, choice):
    """Of the request, the answer and each of its headers."""
    body = json.dumps(ballot(client, poll) | {"choice": choice.hex()})
    answer = client.post(f"/polls/{poll.slug}/casts", data=body, content_type="application/json",
                         headers=JSON | {"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, answer.text
    headers = tuple(sorted((name, len(value)) for name, value in answer.headers.items()))
    receipt = {name: len(str(value)) for name, value in answer.json["receipt"].items()}
    return len(body), len(answer.data), headers, tuple(receipt.items()), len(answer.json["file"])


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("kind", "most", "how_many"), SMALL)
def test_every_choice_of_a_small_poll_has_one_length(town, browse, kind, most, how_many):
    ada = voter(town)
    poll = opened(town, kind=kind, max_choices=most, options=options(how_many))
    client = browse(ada)
    rule = BoxRule.from_json(json.loads(poll.box.rule))
    seen = {sizes(client, poll, choice) for choice in choices(rule)}
    assert len(seen) == 1


@pytest.mark.in_turns(of=5)
def test_six_of_eighteen_look_like_none(town, browse):
    """By some voters: nobody changes more than twenty times an hour."""
    voters = [voter(town) for _one in range(3)]
    poll = opened(town, kind="up_to_k", max_choices=6, options=options(18))
    clients = itertools.cycle([browse(one) for one in voters])
    assert len({sizes(next(clients), poll, choice) for choice in some_of_eighteen()}) == 1


@pytest.mark.in_turns(of=5)
def test_the_page_of_a_receipt_has_one_length_too(town, browse):
    """Without script the request may tell; what comes back does not."""
    ada = voter(town)
    poll = opened(town, kind="up_to_k", max_choices=3, options=options(6))
    client = browse(ada)
    client.get(f"/polls/{poll.slug}/ballot")
    seen = set()
    for chosen in ({"blank": "1"}, {"option": ["1"]}, {"option": ["2", "4"]}, {"option": ["1", "5", "6"]}):
        answer = client.post(f"/polls/{poll.slug}/casts", data=ballot(client, poll) | chosen)
        assert answer.status_code == 200
        seen.add(len(answer.data))
    assert len(seen) == 1


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("kind", ["choose_one", "up_to_k", "yes_no_each"])
def test_the_last_look_without_script_has_one_length_too(town, browse, kind):
    ada = voter(town)
    costs = [one | {"cost": 5_000 * 31 ** number} for number, one in enumerate(options(4))]
    poll = opened(town, kind=kind, max_choices=3 if kind == "up_to_k" else 1, options=costs)
    client, seen = browse(ada), set()
    ways = {"choose_one": [{"option": "blank"}, {"option": "1"}, {"option": "4"}],
            "up_to_k": [{"blank": "1"}, {"option": ["1"]}, {"option": ["2", "4"]}, {"option": ["1", "2", "3"]}],
            "yes_no_each": [{"blank": "1"}, {f"answer-{number}": "1" for number in range(1, 5)},
                            {f"answer-{number}": str(number % 3 + 1) for number in range(1, 5)}]}
    for chosen in ways[kind]:
        answer = client.post(f"/polls/{poll.slug}/casts", data=ballot(client, poll) | chosen | {"look": "1"})
        assert answer.status_code == 200 and "이대로 투표할까요?" in answer.text and "Set-Cookie" not in answer.headers
        seen.add(len(answer.data))
        page = html.fromstring(answer.text)
        fields = [(one.get("name"), one.get("value")) for one in page.xpath("//main//input[@type='hidden']")]
        kept = {name: [value for one, value in fields if one == name] for name, _value in fields}
        receipt = client.post(f"/polls/{poll.slug}/casts", data=kept)
        assert receipt.status_code == 200 and "투표했어요" in receipt.text
    assert len(seen) == 1


@pytest.fixture
def on_the_line(sqlite_app, town, window, monkeypatch):
    """A window of a voter at the ballot of a poll, and what its requests and answers weigh, header and body."""
    monkeypatch.setitem(sqlite_app.config, "WTF_CSRF_ENABLED", True)

    def begin(**facts):
        ada = voter(town)
        poll = opened(town, **facts)
        with in_process.served(sqlite_app) as address:
            page = window()
            in_process.sign_in(page, sqlite_app, address, ada)
            yield page, f"{address}/polls/{poll.slug}/ballot"

    return begin


class Line:
    """Reports of Chromium on the requests to the route of casts."""

    def __init__(self, page):
        self.sent, self.came, self.known = {}, {}, set()
        line = page.context.new_cdp_session(page)
        line.on("Network.requestWillBeSent", self.is_sent)
        line.on("Network.requestWillBeSentExtraInfo", self.has_headers)
        line.on("Network.loadingFinished", self.is_done)
        line.send("Network.enable")

    def is_sent(self, event):
        if event["request"]["url"].endswith("/casts"):
            self.known.add(event["requestId"])
            self.sent.setdefault(event["requestId"], []).append(len(event["request"]["postData"]))

    def has_headers(self, event):
        size = sum(len(name) + len(value) for name, value in event["headers"].items())
        self.sent.setdefault(event["requestId"], []).append(size)

    def is_done(self, event):
        self.came[event["requestId"]] = event["encodedDataLength"]

    def weights(self):
        return {(tuple(sorted(self.sent[one])), self.came.get(one)) for one in self.known}


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_in_chromium_nothing_on_the_line_tells_what_was_chosen(on_the_line):
    for page, address in on_the_line(kind="up_to_k", max_choices=3, options=options(6)):
        line = Line(page)
        picks = [["#blank"], ["#option-1"], ["#option-6"], ["#option-2", "#option-3"],
                 ["#option-1", "#option-4", "#option-5"]]
        for chosen in picks:
            page.goto(address)
            for one in chosen:
                page.locator(one).check()
            page.locator("[data-next]").click()
            page.locator("[data-cast]").click()
            page.wait_for_selector(".receipt-page")
            page.wait_for_load_state("networkidle")
        assert len(line.known) == len(picks) and len(line.weights()) == 1, line.weights()
        assert all(came for _sent, came in line.weights())
