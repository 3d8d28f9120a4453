"""Steps that came of votes of older sites."""

import pytest
import sqlalchemy as sa

from civic_forum.platform import migrations
from civic_forum.platform.base import db

from . import filling


@pytest.mark.in_turns(of=10)
def test_steps_of_a_vote_become_notices_with_the_options_that_were_chosen(bare):
    migrations.upgrade("0045")
    with db.engine.begin() as connection:
        filling.fill(connection)
        connection.execute(sa.text("UPDATE poll_step SET selected = '[5, 1]' WHERE id = 1"))
        connection.execute(sa.text("UPDATE poll_step SET selected = NULL, poll_id = 2 WHERE id = 2"))
        steps = filling.rows(connection)["poll_step"]
    migrations.upgrade("0046")
    with db.engine.connect() as connection:
        first, second = filling.rows(connection)["vote_notice"][filling.ROWS:][:2]
    assert (second["subject"], second["title"], second["text"], second["at"], second["by_id"]) == (
        "poll:2", *(steps[1][name] for name in ("step", "text", "at", "by_id")))
    assert first["text"] == f"{steps[0]['text']}\n\n하기로 한 항목: 5번, 1번"
