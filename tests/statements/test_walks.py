"""Plans of the statements of a run."""

from . import walks

SENDER = "civic_forum.comments.queries.records.page"


def test_a_walk_of_a_table_that_grows_is_named_with_its_sender():
    keyed = "SELECT comment.id FROM comment WHERE comment.id = ?"
    whole = "SELECT comment.id FROM comment WHERE comment.html = ?"
    ordered = "SELECT comment.id FROM comment ORDER BY comment.id"
    assert walks.walks(dict.fromkeys((keyed, whole, ordered), SENDER)).keys() == {f"{SENDER} comment"}
    assert walks.walks({keyed: SENDER}) == {}


def test_short_tables_and_permitted_walks_are_not():
    assert walks.walks({"SELECT poll.id FROM poll": SENDER}) == {}
    assert walks.walks({"SELECT comment.id FROM comment": "civic_forum.sample_data.scale.add"}) == {}


def test_a_sender_is_the_innermost_function_of_a_feature():
    assert walks.sender(["civic_forum.platform.work.use_case", SENDER, "civic_forum.site.views.home"]) == SENDER
    assert walks.sender(["civic_forum.platform.jobs.run"]) == "civic_forum.platform.jobs.run"


def test_tables_that_stand_are_tables(sqlite_app):
    from civic_forum.platform.base import db
    assert walks.STANDS <= db.metadata.tables.keys()
