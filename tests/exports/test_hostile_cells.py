"""Every address that gives out a table, found by the map of addresses: no cell of it is run."""

import ast
import re
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from civic_forum.accounts.models import AccessRecord
from civic_forum.budgets.rules import ProjectState
from civic_forum.commitments.rules import EntryKind
from civic_forum.exports.rules import Format
from civic_forum.exports.tables import TABLES
from civic_forum.plans import services
from civic_forum.plans.rules import Action
from civic_forum.platform import clock
from civic_forum.platform.question_rows import QuestionType
from tests import factories
from tests.budgets import making
from tests.budgets.results.published import published as published_envelope
from tests.commitments.making import accepted, told
from tests.plans.making import plan
from tests.platform.test_spreadsheets import RUN, cells_of_xlsx
from tests.polls.test_results import published as published_poll
from tests.polls.test_results import options, votes
from tests.running.turns import some
from tests.surveys.making import over, survey
from tests.surveys.test_results import publish

from .making import MARK, everything, rows, spoil

pytestmark = pytest.mark.both

ROOT = Path(__file__).resolve().parents[2]
GIVES_TABLE = re.compile(r"\.csv$|xlsx|/exports")
ASKED = {"/polls/<slug>/result.csv", "/desk/audit/exports", "/desk/access-log/exports", "/data/<name>.csv",
         "/desk/exports", "/desk/exports/<name>", "/forums/<slug>/ledger.csv",
         "/budgets/<slug>/<any(projects, results):what>.csv",
         "/budgets/<slug>/<any(projects, results):what>.xlsx", "/budgets/<slug>/<envelope>/result.csv",
         "/budgets/<slug>/<envelope>/result.xlsx", "/desk/commitments/money.xlsx",
         "/figures.csv", "/plans/<slug>/<number>.csv", "/sheets/<kind>/<key>.<any(pdf,hwpx,xlsx):ending>",
         "/surveys/<slug>/results.<any(csv, xlsx):kind>"}
"""Each is asked below; `/desk/exports` is only the list of them, the ledger of a forum is asked with its page,
and `/figures.csv` holds no text that anybody typed."""
READER = "civic_forum/attachments/formats/tables.py"
HOSTILE = ['=HYPERLINK("http://x","y")', "+HYPERLINK(1)", "-HYPERLINK(1)", "@HYPERLINK(1)", "\tHYPERLINK(1)",
           "＝HYPERLINK(1)", " =HYPERLINK(1)", 'x";=HYPERLINK(1)', "\r\n=HYPERLINK(1)"]


def test_every_address_that_gives_a_table_is_asked_here(sqlite_app):
    found = {re.sub(r"<(?:\w+|int\(max=999\)):(\w+)>", r"<\1>", rule.rule) for rule in sqlite_app.url_map.iter_rules()}
    assert {rule for rule in found if GIVES_TABLE.search(rule)} == ASKED


@pytest.mark.in_turns(of=10)
def test_only_one_module_writes_tables():
    """So that a new export cannot forget it: nothing else imports a writer, or calls itself CSV or XLSX."""
    writers = []
    for path in sorted((ROOT / "civic_forum").rglob("*.py")):
        if path.name == "spreadsheets.py" or "sample_data" in path.parts or path == ROOT / READER:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = {ast.Attribute: "attr", ast.Import: "names", ast.ImportFrom: "module"}.get(type(node))
            value = getattr(node, name) if name else None
            imported = [one.name for one in value] if isinstance(value, list) else [value]
            base = getattr(getattr(node, "value", None), "id", None)
            if {"xlsxwriter", "openpyxl"} & set(imported) or base == "csv" and value in ("writer", "DictWriter"):
                writers.append(f"{path.relative_to(ROOT)}: {value}")
    assert writers == []


def test_one_module_reads_spreadsheets_and_writes_none():
    imported = re.findall(r"from (openpyxl.*) import (.*)", (ROOT / READER).read_text("utf-8"))
    assert imported == [("openpyxl", "load_workbook"), ("openpyxl.cell.read_only", "EMPTY_CELL")]


def harmless(cells: list[str]) -> int:
    assert not [text for text in cells if text.startswith(RUN)]
    return sum(MARK in text for text in cells)


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("text", some(HOSTILE, 3))
def test_no_cell_of_any_table_is_run(town, browse, text):
    official, _filed = everything(town)
    administrator = town.administrator()
    factories.saved(AccessRecord(by_id=administrator.id, reason="이웃이 창구에 왔어요.", at=clock.now()))
    spoil(text)
    seen = {}
    for name, table in TABLES.items():
        asker = official if name == "formal" else administrator
        for kind in Format:
            answer = browse(asker).post(f"/desk/exports/{name}", buffered=True,
                                        data={"format": kind.value, "reason": text * 2})
            assert answer.status_code == 200, (name, answer.text)
            cells = cells_of_xlsx(answer.data)[0] if kind is Format.XLSX else [
                one for row in rows(answer) for one in row]
            seen[name] = harmless(cells)
        if not table.personal:
            harmless([one for row in rows(browse().get(f"/data/{name}.csv")) for one in row])
    assert [name for name, found in seen.items() if not found] == ["moderation"]
    for path in ("/desk/audit/exports", "/desk/access-log/exports"):
        harmless([one for row in rows(browse(administrator).post(path)) for one in row])


@pytest.mark.parametrize("text", some(HOSTILE[:4], 4))
def test_no_cell_of_the_result_of_a_poll_is_run(town, browse, text):
    three = options(3)
    three[1]["title"] = text
    poll = published_poll(town, votes(12, 20, 5), options=three)
    assert harmless([one for row in rows(browse().get(f"/polls/{poll.slug}/result.csv")) for one in row])


@pytest.mark.parametrize("text", some(HOSTILE[:4], 4))
def test_no_cell_of_a_budget_round_is_run(town, browse, text):
    place = town.neighbourhood("독산1동")
    place.name_ko = text
    budget_round = making.new_round(town, phase=making.Phase.CHOSEN)
    making.project(town, budget_round, state=ProjectState.NOT_ELIGIBLE, title=text)
    envelope = published_envelope(town, [50, 40, 30], [(1,), (2,)] * 5, amount=90, budget_round=budget_round,
                                  neighbourhood_id=place.id,
                                  text=text, place=text, scope=text)
    found = {}
    for name in ("projects", "results", f"{envelope.slug}/result"):
        page, address = browse(), f"/budgets/{budget_round.slug}/{name}"
        found[name] = harmless([one for row in rows(page.get(f"{address}.csv")) for one in row])
        assert harmless(cells_of_xlsx(page.get(f"{address}.xlsx", buffered=True).data)[0]) == found[name]
    assert all(found.values())


@pytest.mark.parametrize("text", some(HOSTILE[:4], 4))
def test_no_cell_of_the_money_of_commitments_is_run(town, browse, text):
    official, second = town.official(), town.official()
    one = accepted(town, official, second, title=f"{text} 정류장에 의자를 놓아 주세요")
    told(one, EntryKind.MONEY, {"total": None, "lines": [[2026, "city", text, 1_000, None, None]]}, official, second)
    page = browse(official).get("/desk/commitments/money.xlsx", buffered=True)
    assert harmless(cells_of_xlsx(page.data)[0]) == 2


@pytest.mark.parametrize("text", some(HOSTILE[:4], 4))
def test_no_cell_of_a_plan_is_run(town, browse, text):
    official = town.official()
    made = plan(official)
    actions = [Action(key="a1", number=1, title=f"{text} 함께 하는 일", section=text, need=text, lead=text)]
    services.write_actions(made.slug, 1, actions, seen=made.version, printed=None, by=official)
    answer = browse(official).get(f"/plans/{made.slug}/1.csv")
    assert harmless([one for row in rows(answer) for one in row])
    services.ask(made.slug, 1, by=official)
    sheet = load_workbook(BytesIO(browse().get(f"/sheets/plan/{made.slug}.xlsx").data)).active
    assert harmless([str(cell) for row in sheet.values for cell in row if cell is not None])


@pytest.mark.parametrize("text", some(HOSTILE[:4], 4))
def test_no_cell_of_the_results_of_a_survey_is_run(town, browse, text):
    official, other = town.official(), town.official()
    made = survey(official, asked=((QuestionType.CHOICE, text, {"options": [text, "아니요"]}),),
                  department_id=min(official.department_ids()))
    over(made)
    publish(made, official, other)
    for ending in ("csv", "xlsx"):
        answer = browse().get(f"/surveys/{made.slug}/results.{ending}", buffered=True)
        assert harmless(cells_of_xlsx(answer.data)[0] if ending == "xlsx" else [
            cell for row in rows(answer) for cell in row]), ending
