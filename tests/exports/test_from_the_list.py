"""The list of proposals leads to the table of the same proposals."""

from lxml import html
import pytest

from civic_forum.proposals.rules import State

pytestmark = pytest.mark.both


def test_the_table_has_what_the_list_was_narrowed_to(town, browse):
    wanted = town.proposal(state=State.ANSWERED, title="답한 제안")
    town.proposal(title="공감을 모으는 제안")
    client = browse()
    [link] = html.fromstring(client.get("/proposals?state=answered&sort=supported").text).xpath(
        "//main//a[starts-with(@href, '/data/')]")
    assert link.get("href") == "/data/proposals.csv?state=answered"
    table = client.get(link.get("href"))
    assert table.status_code == 200 and table.text.count("\n") == 2 and wanted.number in table.text


def test_an_empty_list_leads_to_none(browse):
    page = browse().get("/proposals")
    assert page.status_code == 200 and "/data/proposals.csv" not in page.text
