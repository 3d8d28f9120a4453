"""From empty and from every earlier revision to the newest, on databases with rows in every table."""

import ast
from operator import itemgetter

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from civic_forum.app import ROOT
from civic_forum.platform import migrations
from civic_forum.platform.base import db

from . import filling, shape

SCRIPTS = ScriptDirectory(str(ROOT / "migrations"))
REVISIONS = sorted(script.revision for script in SCRIPTS.walk_revisions())


def test_the_revisions_are_one_line_and_only_go_forward():
    assert len(REVISIONS) >= 2 and SCRIPTS.get_heads() == [REVISIONS[-1]]
    for script in SCRIPTS.walk_revisions():
        assert not script.is_branch_point and not hasattr(script.module, "downgrade")


def test_a_revision_does_not_depend_on_code_that_changes():
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in getattr(node, "names", [])] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.startswith("civic_forum")], path.name


def test_an_empty_database_becomes_what_the_models_say(bare):
    migrations.upgrade()
    assert migrations.current() == migrations.newest() == {REVISIONS[-1]}
    assert migrations.differences() == []
    assert bare.test_client().get("/readyz").status_code == 200


@pytest.mark.in_turns(of=5)
def test_revisions_and_models_make_the_same_tables_word_by_word(open_site, address, tmp_path, request):
    with open_site(address).app_context():
        migrations.upgrade()
        with db.engine.connect() as connection:
            by_revisions = shape.of(connection)
    with open_site(address).app_context():
        with db.engine.begin() as connection:
            db.drop_all()
            clear(connection)
        db.create_all()
        with db.engine.connect() as connection:
            by_models = shape.of(connection)
    assert len(by_models) > 150
    assert dict(sorted(by_revisions.items())) == dict(sorted(by_models.items()))


def clear(connection):
    connection.exec_driver_sql("DROP TABLE alembic_version")


BOXES = {"participation", "ballot_cast", "ballot_box", "participated", "leaf", "head", "paper_sheet", "paper_batch",
         "paper_entry", "confirmation", "objection", "kiosk_pass"}
"""The tables that the tenth revision takes out of a marked sample: the ballot boxes of the first edition."""
ABOUT = ("poll", "forum")
"""The tables in which the nineteenth revision makes of `agenda_id` one kind of thing among others."""
LEFT_OUT = {"box_id", "tie_order", "lot", "lot_drawn_at"}
"""The columns for the box of a vote, and for the rule of ties before the draw."""
COUNTED = {"is_resident", "began_on", "eligibility", "marks_forgotten_at"}
"""The columns that the thirty-third revision counts anew, and that the forty-first, the forty-fifth and the
forty-seventh take away."""
SEALED = ("opinion_participant", "opinion_response", "opinion_map", "opinion_paper_typing")
"""The forty-seventh revision seals them."""
STEPS, NOTICES = "poll_step", "vote_notice"
"""The forty-sixth revision makes of each row of the first one of the second."""
KIOSKS = {"opinion_kiosk"}
"""Those that clerks started by themselves, which the forty-seventh revision ends."""
LETTERS = "opinion_letter"
"""The fifty-fifth revision takes their numbers, and lays them in the order of their hashes."""
SEATED = {"committee_member", "award_juror"}
"""The seventy-fourth revision makes memberships of them (test_one_table_of_memberships.py)."""
AWARDS = {"award_round", "award_nominee", "award_score"}
"""The ninety-eighth revision makes calls of them (test_awards_are_calls.py), behind those that were there."""
INTO = {"call", "call_application", "call_application_step", "call_opening", "call_conflict", "call_score", "question",
        "submission", "answer_sheet", "site_version"}
VERSIONS = {"site_version"}
"""Begun anew by the eighteenth revision: nothing that was kept in memory outlives an upgrade."""


def as_moved(table: str, row: dict) -> dict:
    """A row of any revision as the newest one names its columns."""
    if "second_factor_at" in row:
        return {"proved_at" if name == "second_factor_at" else name: value for name, value in row.items()}
    if table == "outcome" and row["decision"] == "declined" and row["promised_on"] is not None:
        return row | {"decision": "differently"}
    if table == "plan" and "name" in row:
        year, name = row["year"], row["name"]
        return {"id": row["id"], "year": year, "title": name if str(year) in name else f"{year}년 {name}"}
    if "name_en" in row:
        kept = {name: cell for name, cell in row.items() if name != "name_en"}
        earlier = [[korean, {"en": english}, end] for korean, english, end in row.get("earlier", ())]
        return kept | {"words": {"en": row["name_en"]}} | ({"earlier": earlier} if "earlier" in row else {})
    if table not in ABOUT or "agenda_id" not in row:
        return row
    about = row["agenda_id"]
    kept = {name: value for name, value in row.items() if name != "agenda_id"}
    return kept | {"about_kind": "agenda" if about else None, "about_id": about}


@pytest.mark.in_turns
@pytest.mark.parametrize("revision", [revision if revision in (REVISIONS[0], REVISIONS[-2])
                                      else pytest.param(revision, marks=pytest.mark.long) for revision in REVISIONS])
def test_rows_of_every_earlier_revision_are_there_in_the_newest(bare, revision):
    migrations.upgrade(revision)
    with db.engine.begin() as connection:
        filling.fill(connection)
        before = filling.rows(connection)
    assert all(len(rows) >= filling.ROWS for name, rows in before.items() if name != "proposal_tally")

    migrations.upgrade()

    assert migrations.differences() == []
    with db.engine.connect() as connection:
        after = filling.rows(connection)
        assert filling.found(connection) == [1]
    if revision < "0051":  # test_sealed_answers.py looks into what is sealed
        for name in SEALED:
            assert len(after.get(name, ())) == len(before.get(name, ())) or name == "opinion_response", name
            before.pop(name, None)
    emptied, left_out = (BOXES, LEFT_OUT | COUNTED) if revision < "0010" else (set(), COUNTED)
    if revision < "0018":
        emptied = emptied | VERSIONS
    if revision < "0046":
        assert len(after[NOTICES]) == len(before.get(NOTICES, ())) + len(before.get(STEPS, ()))
        emptied, after[NOTICES] = emptied | {STEPS}, after[NOTICES][:len(before.get(NOTICES, ()))]
    if revision < "0050":
        emptied = emptied | KIOSKS
    if LETTERS in before and revision < "0055":
        before[LETTERS] = sorted(({name: row[name] for name in row if name != "id"} for row in before[LETTERS]),
                                 key=itemgetter("hash"))
    if revision < "0074":
        there = before.get("membership", [])
        emptied, after["membership"] = emptied | SEATED, after["membership"][:len(there)]
        for row in before.get("committee_mark", ()):
            row["member_id"] += len(there)
    if revision < "0099":  # test_registrations.py looks into what is new
        after["submission"] = after["submission"][:len(before.get("submission", ()))]
        for row, old in zip(after["forum_registration"], before.get("forum_registration", ())):
            row["submission_id"] = old.get("submission_id")
    if revision < "0098":
        emptied = emptied | AWARDS
        after |= {table: after[table][:len(before[table])] for table in INTO.intersection(before)}
    for table, old in before.items():
        rows = [as_moved(table, row) for row in old]
        if table in emptied:
            assert not after.get(table), table
            continue
        kept = [{name: row[name] for name in rows[0] if name not in left_out} for row in after[table]]
        assert kept == [{name: row[name] for name in row if name not in left_out} for row in rows], table
    assert bare.test_client().get("/readyz").status_code == 200


@pytest.mark.in_turns(of=10)
def test_a_database_without_rows_walks_as_well(bare):
    for revision in REVISIONS:
        migrations.upgrade(revision)
        assert migrations.current() == {revision}
    assert migrations.differences() == []


@pytest.mark.in_turns(of=10)
def test_the_second_revision_counts_the_proposals_that_are_there(bare):
    migrations.upgrade("0001")
    with db.engine.begin() as connection:
        filling.fill(connection)
        proposals = filling.rows(connection)["proposal"]
    migrations.upgrade("0002")
    with db.engine.connect() as connection:
        after = filling.rows(connection)
    counted = {row["state"]: row["total"] for row in after["proposal_tally"]}
    states = [row["state"] for row in proposals]
    assert counted == {state: states.count(state) for state in states} and len(counted) > 1
    assert {(row["department_id"], row["as_moderator"]) for row in after["comment"]} == {(None, False)}
    with db.engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text("INSERT INTO comment (id, thread_id, author_id, stance, source, html, support_count,"
                                   " at) VALUES (9, 1, 1, 'note', '', '', 0, '2030-05-01')"))


@pytest.mark.in_turns(of=10)
def test_the_fifth_revision_leaves_no_title_of_a_proposal_in_the_steps_of_others(bare):
    migrations.upgrade("0004")
    written = [("took_up", "가린 제목", "/proposals/2030-0007", "2030-0007"),
               ("let_go", "가린 제목", "/proposals/2030-0007", "2030-0007"),
               ("agenda_relation", "가린 제목", "/proposals/2030-12345", "2030-12345"),
               ("agenda_let_go", None, "/proposals/2030-0008", "2030-0008"), ("took_up", "이유", None, "이유"),
               ("merged", "같은 뜻이에요.", "/proposals/2030-0007", "같은 뜻이에요."), ("edited", "오타", None, "오타")]
    with db.engine.begin() as connection:
        filling.fill(connection)
        for n, (step, evidence, link, _after) in enumerate(written, filling.ROWS + 1):
            connection.execute(sa.text("INSERT INTO journey_entry (id, journey_id, step, at, evidence, link, details)"
                                       " VALUES (:id, 1, :step, '2030-05-01 09:00:00.000000', :evidence, :link, '{}')"),
                               {"id": n, "step": step, "evidence": evidence, "link": link})
        before = filling.rows(connection)["journey_entry"][:filling.ROWS]
    migrations.upgrade()
    with db.engine.connect() as connection:
        after = filling.rows(connection)["journey_entry"]
    assert after[:filling.ROWS] == before
    assert [row["evidence"] for row in after[filling.ROWS:]] == [expected for *_given, expected in written]


@pytest.mark.in_turns(of=10)
def test_the_tenth_revision_refuses_a_site_where_a_box_was_opened(bare):
    migrations.upgrade("0009")
    with db.engine.begin() as connection:
        filling.fill(connection)
        before = filling.rows(connection)
    bare.config["SAMPLE"] = False
    with pytest.raises(SystemExit, match="2 ballot box.* were opened here"):
        migrations.upgrade()
    with db.engine.begin() as connection:
        assert filling.rows(connection) == before and migrations.current() == {"0009"}
        for table in ("participation", "ballot_cast"):
            connection.execute(sa.text(f"DELETE FROM {table}"))
        connection.execute(sa.text("UPDATE ballot_box SET opened_at = NULL"))
    migrations.upgrade()
    assert migrations.differences() == []


@pytest.mark.in_turns(of=10)
def test_the_tenth_revision_gives_every_entry_of_a_roll_a_salt_of_its_own(bare):
    migrations.upgrade("0009")
    with db.engine.begin() as connection:
        filling.fill(connection)
    migrations.upgrade()
    with db.engine.connect() as connection:
        salts = {row["salt"] for row in filling.rows(connection)["roll_entry"]}
    assert len(salts) == filling.ROWS and {len(salt) for salt in salts} == {16}


@pytest.mark.in_turns(of=10)
def test_the_nineteenth_revision_keeps_the_agenda_of_every_poll_and_forum(bare):
    before, after = filling.upgraded("0017")
    for table in ABOUT:
        linked = {row["id"]: row["agenda_id"] for row in before[table]}
        assert set(linked.values()) > {None}
        assert {row["id"]: (row["about_kind"], row["about_id"]) for row in after[table]} == {
            key: ("agenda", agenda) if agenda else (None, None) for key, agenda in linked.items()}
        for half in ("about_kind = 'agenda', about_id = NULL", "about_kind = NULL, about_id = 1"):
            with db.engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
                connection.execute(sa.text(f"UPDATE {table} SET {half}"))


@pytest.mark.in_turns(of=10)
def test_the_thirty_third_revision_counts_who_only_said_that_they_work_here_no_more(bare):
    migrations.upgrade("0032")
    with db.engine.begin() as connection:
        filling.fill(connection)
        connection.execute(sa.text("DELETE FROM affiliation"))
        connection.execute(sa.text('UPDATE "user" SET is_resident = true'))
        for n, (user, kind, how) in enumerate([(1, "work", "declared"), (2, "work", "desk"), (3, "live", "letter"),
                                               (3, "study", "declared")], 1):
            connection.execute(sa.text("INSERT INTO affiliation (id, user_id, neighbourhood_id, kind, how, at) VALUES"
                                       " (:n, :user, 1, :kind, :how, '2030-05-01 09:00:00.000000')"),
                               {"n": n, "user": user, "kind": kind, "how": how})
    migrations.upgrade()
    with db.engine.connect() as connection:
        found = filling.rows(connection)
    assert {row["id"]: bool(row["is_resident"]) for row in found["user"]} == {1: False, 2: True, 3: True, 4: False}


@pytest.mark.in_turns(of=10)
def test_the_thirty_fifth_revision_calls_refusals_with_a_promise_done_differently(bare):
    migrations.upgrade("0034")
    with db.engine.begin() as connection:
        filling.fill(connection)
        first, *others = [row["id"] for row in filling.rows(connection)["outcome"]]
        connection.execute(sa.text("UPDATE outcome SET decision = 'declined', promised_on = NULL"))
        connection.execute(sa.text("UPDATE outcome SET promised_on = '2030-12-31' WHERE id = :id"), {"id": first})
    migrations.upgrade()
    with db.engine.begin() as connection:
        found = {row["id"]: row["decision"] for row in filling.rows(connection)["outcome"]}
        connection.execute(sa.text("UPDATE answer SET outcome = 'differently'"))
    assert found == {first: "differently"} | dict.fromkeys(others, "declined")


@pytest.mark.in_turns(of=10)
def test_an_english_sentence_on_who_may_vote_stays_where_the_vote_is_open(bare):
    migrations.upgrade("0042")
    texts = {"en": {"title": "Shade", "eligibility": "Everybody"}}
    with db.engine.begin() as connection:
        filling.fill(connection)
        polls, rounds, boxes = (sa.table(
            name, sa.column("id"), sa.column("texts", sa.JSON), sa.column("box_id"),
            sa.column("opened_at", sa.DateTime)) for name in ("poll", "budget_round", "ballot_box"))
        for table in (polls, rounds):
            connection.execute(table.update().values(texts=texts))
        for table in (rounds, boxes):
            connection.execute(table.update().values(opened_at=filling.MAY_1))
        connection.execute(polls.update().where(polls.c.id == 1).values(box_id=None))
        connection.execute(boxes.update().where(boxes.c.id == sa.select(polls.c.box_id).where(
            polls.c.id == 2).scalar_subquery()).values(opened_at=None))
        connection.execute(rounds.update().where(rounds.c.id == 1).values(opened_at=None))
    migrations.upgrade()
    with db.engine.connect() as connection:
        left = {table.name: {row.id for row in connection.execute(sa.select(table.c.id, table.c.texts))
                             if "eligibility" in row.texts["en"]} for table in (polls, rounds)}
        assert left == {"poll": {4}, "budget_round": {2, 3, 4}}
        assert all(row.texts["en"]["title"] == "Shade" for row in connection.execute(sa.select(polls.c.texts)))
