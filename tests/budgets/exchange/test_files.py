"""Files that a round gives to take home, and the commands that bring elections in and out."""

import csv
import io
import json
from fractions import Fraction

import pytest

from civic_forum.ballots.published import records as record_files
from civic_forum.budgets import cli
from civic_forum.budgets.formats.pabulib.making import election_of
from civic_forum.budgets.formats.pabulib.parsing import read
from civic_forum.budgets.models import Envelope
from civic_forum.budgets.rules import ProjectState
from civic_forum.budgets.results import exchange
from civic_forum.budgets.trials import queries as trial_queries
from civic_forum.budgets.trials import rules as trial_rules
from civic_forum.budgets.counting.counting import count
from civic_forum.budgets.counting.settings import Completion, CountingRules, Rule
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from tests.budgets import making
from tests.budgets.commands.test_counting import WORKED
from tests.budgets.results.published import published
from tests.platform.test_spreadsheets import cells_of_xlsx

from .records import zipped

COSTS = [50_000_000, 40_000_000, 30_000_000]
BALLOTS = [(1, 2), (1,), (1, 3), (2, 3), (2,), (), (3,)] * 3
SHARES = CountingRules(Rule.EQUAL_SHARES, completion=Completion.ADD1, step=Fraction(100))


def with_record(town, *, publishes="ballots", rules=None, **given) -> Envelope:
    """An envelope that is published, with a record as far as a recount reads it."""
    envelope = published(town, COSTS, BALLOTS, publishes=publishes, rules=rules, **given)
    box = envelope.box
    whole = BALLOTS if publishes == "ballots" else None
    record_files.public(box).write_bytes(zipped(json.loads(box.definition), json.loads(box.result), whole))
    return envelope


def address(envelope, what):
    return f"/budgets/{envelope.round.slug}/{envelope.slug}/{what}"


@pytest.mark.parametrize("rules", [CountingRules(), SHARES])
def test_a_file_of_whole_ballots_counts_like_the_record(town, browse, rules):
    envelope = with_record(town, rules=rules)
    signed = json.loads(envelope.box.result)["outcome"]["count"]
    answer = browse().get(address(envelope, "election.pb"))
    assert answer.status_code == 200 and f"{envelope.slug}.pb" in answer.headers["Content-Disposition"]
    file = read(answer.data)
    assert count(election_of(file), rules).to_json() == signed
    assert file.meta["currency"] == "KRW" and file.meta["instance"] == str(envelope.round.year)
    assert CountingRules.from_json(json.loads(file.meta["counting_rules"])) == rules
    assert [name for name, selected in zip(file.ids, file.projects.column("selected"), strict=True)
            if selected == "1"] == sorted(signed["selected"])


def test_a_file_of_totals_says_so_and_holds_no_ballot(town, browse):
    envelope = with_record(town, publishes="totals")
    file = read(browse().get(address(envelope, "election.pb")).data)
    assert file.ballots == () and "not published" in file.meta["comment"] and file.meta["num_ballots"] == "21"
    assert list(file.projects.column("votes")) == ["9", "9", "9"]


def test_the_order_of_ballots_tells_nothing(town):
    envelope = with_record(town)
    ballots = [ballot.projects for ballot in exchange.election(envelope, unit="Geumcheon-gu").ballots]
    assert ballots == sorted(ballots) and len(ballots) == 21


def test_nothing_is_given_before_the_publication(town, browse):
    budget_round = making.new_round(town, phase=making.Phase.VOTING)
    making.project(town, budget_round)
    assert browse().get(f"/budgets/{budget_round.slug}/envelope-1/election.pb").status_code == 409
    assert browse().get(f"/budgets/{budget_round.slug}/nothing/election.pb").status_code == 404
    table = list(
        csv.reader(io.StringIO(browse().get(f"/budgets/{budget_round.slug}/results.csv").data.decode("utf-8-sig")))
    )
    assert len(table) == 1


@pytest.mark.both
def test_a_hidden_title_is_nowhere(town, browse):
    envelope = with_record(town)
    budget_round = envelope.round
    db.session.query(making.Project).filter_by(envelope_id=envelope.id, number=2).one().hidden_at = clock.now()
    db.session.commit()
    for what in (f"{envelope.slug}/election.pb", "projects.csv", "results.csv"):
        said = browse().get(f"/budgets/{budget_round.slug}/{what}").data.decode()
        assert "2번 사업" not in said and "가린 사업" in said and "1번 사업" in said
        assert said.count("앉아 쉴 의자") == (2 if what == "projects.csv" else 0)


def rows(answer) -> list[list[str]]:
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_projects_and_results_are_tables_in_two_forms(town, browse):
    budget_round = making.new_round(town, phase=making.Phase.CHOSEN)
    making.project(town, budget_round, state=ProjectState.NOT_ELIGIBLE)
    envelope = with_record(town, budget_round=budget_round)
    page, base = browse(), f"/budgets/{envelope.round.slug}"
    for what, wanted in (("projects", 4), ("results", 3)):
        header, *lines = rows(page.get(f"{base}/{what}.csv"))
        assert len(lines) == wanted and all(len(line) == len(header) for line in lines)
        sheet = page.get(f"{base}/{what}.xlsx", buffered=True)
        assert sheet.status_code == 200 and len(cells_of_xlsx(sheet.data)[0]) >= wanted * 4
    results = {line[2]: line for line in rows(page.get(f"{base}/results.csv"))[1:]}
    assert [results[code][1] for code in ("A02", "A03", "A04")].count("") == 1
    assert sum(line[8] != "" for line in results.values()) == 1


def test_a_long_list_of_projects_is_whole(town, browse, monkeypatch):
    monkeypatch.setattr(exchange, "AT_A_TIME", 2)
    budget_round = making.new_round(town)
    for _one in range(5):
        making.project(town, budget_round)
    found = rows(browse().get(f"/budgets/{budget_round.slug}/projects.csv"))
    assert [line[0] for line in found[1:]] == ["A01", "A02", "A03", "A04", "A05"]


@pytest.fixture
def run(app, town):
    def command(*arguments, code=0):
        db.session.rollback()
        result = app.test_cli_runner().invoke(cli.budget, [*map(str, arguments), "--json"])
        db.session.rollback()
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return json.loads(result.output)

    return command


def test_an_election_is_imported_whole_by_name(run, town, tmp_path, monkeypatch):
    town.official(sign_in_name="official")
    path = tmp_path / "Last Year (2025).pb"
    path.write_text(WORKED, "utf-8")
    said = run("import", path, "--by", "official", "--count", "--title", "지난해")
    assert said["trial"] == "last-year-2025" and said["counted"]
    found = trial_queries.by_slug("last-year-2025")
    assert found.title == "지난해" and found.result["counts"]["greedy"]["selected"] == ["bike", "gym"]
    monkeypatch.setattr(trial_rules, "SMALL", 0)
    waiting = run("import", path, "--by", "official", "--slug", "again")
    assert not waiting["counted"] and trial_queries.waiting() == [trial_queries.by_slug("again").id]


def test_people_without_the_right_and_wrong_files_are_refused(run, town, tmp_path):
    town.official(sign_in_name="official"), town.resident(sign_in_name="resident")
    path = tmp_path / "election.pb"
    path.write_text(WORKED, "utf-8")
    with pytest.raises(Denied):
        run("import", path, "--by", "resident")
    with pytest.raises(NotFound):
        run("import", path, "--by", "nobody")
    path.write_text(WORKED.replace("0;bike", "0;boat"), "utf-8")
    with pytest.raises(Refusal, match="번째 줄"):
        run("import", path, "--by", "official")
    assert trial_queries.listed(everything=True).items == []


def test_a_round_is_exported_into_a_new_file(run, town, tmp_path):
    envelope = with_record(town)
    other = with_record(town,
                        budget_round=making.new_round(town, phase=making.Phase.CHOSEN, envelopes=2,
                                                      publishes="ballots"))
    path = tmp_path / "out.pb"
    said = run("export", envelope.round.slug, path)
    assert said["ballots"] == 21 and read(path.read_bytes()).costs.keys() == {"A01", "A02", "A03"}
    with pytest.raises(Conflict):
        run("export", envelope.round.slug, path)
    two = other.round.slug
    with pytest.raises(Conflict, match=f"{two}/envelope-1"):
        run("export", two, tmp_path / "other.pb")
    assert run("export", f"{two}/envelope-1", tmp_path / "other.pb")["name"] == f"{two}/envelope-1"
    with pytest.raises(Conflict, match="아직"):
        run("export", f"{two}/envelope-2", tmp_path / "third.pb")
    assert not (tmp_path / "third.pb").exists()


def test_a_trial_is_exported_with_everything_that_its_file_held(run, town, tmp_path):
    town.official(sign_in_name="official")
    path, out = tmp_path / "trial.pb", tmp_path / "out.pb"
    whole = WORKED.replace("project_id;cost;name", "project_id;cost;name;colour").replace("Gym", "Gym;red").replace(
        "Bike path", "Bike path;").replace("Park", "Park;").replace("Play", "Play;").replace("Lib", 'Lib;"a;b"')
    path.write_bytes(b"\xef\xbb\xbf" + whole.replace("\n", "\r\n").encode())
    run("import", path, "--by", "official")
    assert run("export", "trials/trial", out)["ballots"] == 11 and out.read_text("utf-8") == whole
    assert run("export", "trial", tmp_path / "again.pb")["projects"] == 5
    with pytest.raises(NotFound):
        run("export", "trials/nothing", tmp_path / "third.pb")
    with pytest.raises(NotFound):
        run("export", "nothing/at/all", tmp_path / "third.pb")
