"""A whole round over three envelopes on the real server, from the desk to the record that is counted again."""

import json
import re
import subprocess
import sys
import zipfile
from collections import Counter

import pytest
import sqlalchemy as sa

import config
from civic_forum.ballots.box import closing as draws
from civic_forum.ballots.counting.publication import VERIFIER
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.counting.counting import count
from civic_forum.budgets.counting.election import Election
from civic_forum.budgets.counting.outcome import Count
from civic_forum.budgets.rules import ProjectState
from tests.faults import towns
from tests.servers import axe, chromium

from .whole_round import ENVELOPES, HERE, ON_PAPER, PROJECTS, Town, Whole

pytestmark = [pytest.mark.servers, pytest.mark.thorough, pytest.mark.in_turns(of=10, together="a whole round")]
SLUGS = [slug for slug, _name, _amount in ENVELOPES]
PROGRAM = config.ROOT / "bin" / "civic-forum"


@pytest.fixture(scope="module", params=[100, pytest.param(500, marks=pytest.mark.long)])
def whole(tmp_path_factory, request):
    """The round after its publication, with the record of every envelope as a visitor downloaded it."""
    folder = tmp_path_factory.mktemp("whole")
    town = Town(folder / "data", voters=request.param)
    with towns.running(town) as site:
        budget_round = Whole(town, site.url)
        try:
            budget_round.go()
            budget_round.records = {slug: folder / f"{slug}.zip" for slug in SLUGS}
            for slug, path in budget_round.records.items():
                budget_round.save(path, f"{HERE}/{slug}/record.zip")
            yield budget_round
        finally:
            budget_round.leave()


def text_at(whole, path: str) -> str:
    visitor = whole.visitor()
    status, _headers, text = visitor.get(path)
    visitor.leave()
    assert status == 200, (path, status)
    return text


def result(whole, slug: str) -> dict:
    return json.loads(text_at(whole, f"{HERE}/{slug}/result.json"))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_ballot_is_counted_as_it_was_cast_online_and_on_paper(whole, slug):
    found, cast, voters = result(whole, slug), whole.ballots[slug], len(whole.town.voters)
    assert found["turnout"]["total"] == voters and found["paper"]["counted"] == ON_PAPER - 1
    assert found["ballots"] == len(cast) == voters - 1 and found["blank"] == cast.count(())
    votes = Counter(number for ballot in cast for number in ballot)
    assert {one["option"]: one["votes"] for one in found["totals"]} == {
        number: votes[number] for number in range(1, whole.sizes[slug] + 1)}


@pytest.mark.parametrize("slug", SLUGS)
def test_the_record_passes_the_verifier(whole, slug):
    done = subprocess.run([sys.executable, "-I", "-S", str(VERIFIER), str(whole.records[slug])], capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("slug", SLUGS)
def test_the_command_counts_the_record_again_with_the_same_outcome(whole, slug):
    done = subprocess.run([str(PROGRAM), "budget", "count", str(whole.records[slug]), "--json"], capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stderr
    again, signed = json.loads(done.stdout), result(whole, slug)["outcome"]["count"]
    for name in ("selected", "cost", "budget", "voters", "rounds", "not_selected", "ties"):
        assert again[name] == signed[name], name


def drawn(path, codes) -> list[str] | None:
    """Projects in the order of the draw of a record; None where no tie needed one."""
    with zipfile.ZipFile(path) as archive:
        draw, heads = (json.loads(archive.read(name)) for name in ("draw.json", "heads.json"))
    return [codes[one] for one in draws.order(bytes.fromhex(heads[1]["root"]), draw, sorted(codes))] if draw else None


@pytest.mark.parametrize("slug", SLUGS)
def test_it_is_the_outcome_of_the_ballots_that_people_meant(whole, slug):
    signed = Count.from_json(result(whole, slug)["outcome"]["count"])
    rows = whole.town.read(sa.select(Project.number, Project.code, Project.cost).join(Project.envelope)
                           .where(Project.number.is_not(None), sa.text("envelope.slug = :slug").bindparams(slug=slug)))
    codes = {number: code for number, code, _cost in rows}
    amount = {one: money for one, _name, money in ENVELOPES}[slug]
    meant = Election.of(amount, {code: cost for _number, code, cost in sorted(rows)},
                        [[codes[number] for number in ballot] for ballot in whole.ballots[slug]],
                        lot=drawn(whole.records[slug], codes))
    assert count(meant, signed.rules).selected == signed.selected != ()
    states = dict(whole.town.read(sa.select(Project.code, Project.state).where(Project.code.in_(codes.values()))))
    assert {code for code, state in states.items() if state is ProjectState.CHOSEN} == set(signed.selected)


def test_forty_projects_were_reviewed_and_the_pages_say_what_became_of_each(whole):
    states = Counter(state for (state,) in whole.town.read(sa.select(Project.state)))
    assert sum(states.values()) == PROJECTS and states[ProjectState.NOT_ELIGIBLE] == 4
    assert states[ProjectState.CHOSEN] + states[ProjectState.NOT_CHOSEN] == PROJECTS - 4
    page = text_at(whole, f"{HERE}/results")
    assert len(re.findall(r'<p class="why">[^<]+</p>', page)) == states[ProjectState.NOT_CHOSEN]


@pytest.mark.browser
@pytest.mark.parametrize("width", [chromium.PHONE, chromium.DESKTOP])
@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_the_result_is_for_everybody_s_eyes(whole, browser, width, javascript):
    page = chromium.new_window(browser, width=width, javascript=javascript)
    code = result(whole, "whole")["outcome"]["count"]["not_selected"][0]["project"]
    for path in ("/results", "/whole/results", f"/whole/results/{code}", "/whole/results/recount"):
        page.goto(f"{whole.url}{HERE}{path}")
        assert axe.violations(page) == [], path
        assert chromium.overflow(page) == 0, path
    page.context.close()
