"""Pages of what is over for ever: made once, and again only when something on them changes."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.sample_data.test_calls import RESIDENT, VISITOR, browser, large, made  # noqa: F401

ROUND = "round_id = (SELECT id FROM budget_round WHERE slug = '2026')"
PAGES = {
    "/polls/napulnapul-2020": ("poll", "question", "slug = 'napulnapul-2020'"),
    "/budgets/2026/results": ("envelope", "name", f"{ROUND} AND slug = 'cooperation'"),
    "/budgets/2026/cooperation/results": (
        "project", "title", "id = (SELECT min(project.id) FROM project JOIN envelope ON envelope.id = envelope_id "
                            "WHERE envelope.slug = 'cooperation' AND place_in_order = 1)"),
    "/forums/night-doksanro-2020": ("forum", "question", "slug = 'night-doksanro-2020'"),
    "/forums/night-doksanro-2020/record": (
        "caption", "text", "forum_id = (SELECT id FROM forum WHERE slug = 'night-doksanro-2020')"),
}
"""Page → table, column, and the row of it that stands on the page."""
SHOWN, LATER = "바로잡은 글이에요", timedelta(days=2)


def write(app, table, column, condition, text):
    """The text that stood there before."""
    with app.app_context():
        rows = db.metadata.tables[table]
        number, before = db.session.execute(
            sa.select(rows.c.id, rows.c[column]).where(sa.text(condition)).order_by(rows.c.id).limit(1)).one()
        db.session.execute(sa.update(rows).where(rows.c.id == number).values({column: text}))
        db.session.commit()
        db.session.remove()
    return before


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", [VISITOR, RESIDENT])
def test_it_is_made_again_by_its_own_change_alone(large, at, made, who, page):  # noqa: F811
    table, column, own = PAGES[page]
    moment, other = clock.now(), f"NOT ({own})"
    at(moment)
    with large.app_context():
        client = browser(large, who)
    assert SHOWN not in client.get(page).text
    for later in (timedelta(), LATER):
        at(moment + later)
        made.clear()
        before = write(large, table, column, other, SHOWN)
        assert SHOWN not in client.get(page).text and "_parts" not in made
        write(large, table, column, other, before)
    before = write(large, table, column, own, SHOWN)
    assert SHOWN in client.get(page).text and "_parts" in made
    write(large, table, column, own, before)
    assert SHOWN not in client.get(page).text
