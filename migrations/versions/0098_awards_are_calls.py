"""Rounds of awards are calls for a prize: nominated proposals, jurors, scores, places, reasons.

Revision: 0098
After: 0097
"""

from datetime import timedelta
from fractions import Fraction
from secrets import randbelow, token_bytes
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0098"
down_revision = "0097"
branch_labels = None
depends_on = None

SEOUL = timedelta(hours=9)
"""Moments are kept in UTC, days are those of the district."""
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SHOWN = "scores_shown IN ('names', 'jurors', 'few', 'mean')"
OLD = ("award_score", "award_nominee", "award_round")
NEW = ("call", "call_application", "call_application_step", "call_opening", "call_score", "question", "submission",
       "answer_sheet")
TEXT = "구청이 하기로 한 제안 가운데 심사위원이 뽑은 제안이에요."
DAMM = ("0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134", "8945362017",
        "9438617205", "2581436790")
JURORS = """SELECT j.id FROM membership m JOIN "user" j ON j.id = m.user_id JOIN "user" a ON a.id = :author
 WHERE m.about_kind = 'award_round' AND m.about_id = :round AND (j.id = a.id OR j.person_id = a.person_id)"""


def upgrade() -> None:
    widen()
    connection, known = op.get_bind(), sa.MetaData()
    known.reflect(connection, only=(*OLD, *NEW), resolve_fks=False)
    tables = known.tables
    for row in connection.execute(sa.select(tables["award_round"]).order_by(tables["award_round"].c.id)).all():
        Moved(connection, tables, row).move()
    if connection.scalar(sa.select(sa.exists().where(tables["call"].c.kind == "prize"))):
        connection.execute(sa.text("INSERT INTO site_version (name, number) SELECT 'call', 1"
                                   " WHERE NOT EXISTS (SELECT 1 FROM site_version WHERE name = 'call')"))
    for table in OLD:
        op.drop_table(table)


def widen() -> None:
    with op.batch_alter_table("call") as changed:
        changed.add_column(sa.Column("prizes", sa.JSON(), nullable=False, server_default="[]"))
        changed.drop_constraint(op.f("ck_call_scores_shown_is_known"), type_="check")
        changed.create_check_constraint(op.f("ck_call_scores_shown_is_known"), SHOWN)
    with op.batch_alter_table("call") as changed:
        changed.alter_column("prizes", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    with op.batch_alter_table("call_application") as changed:
        changed.add_column(sa.Column("proposal_id", NUMBER, nullable=True))
        changed.add_column(sa.Column("prize", sa.String(40), nullable=True))
        changed.create_foreign_key("fk_call_application_proposal_id", "proposal", ["proposal_id"], ["id"])
        changed.create_unique_constraint("uq_call_application_call_id_proposal_id", ["call_id", "proposal_id"])
        changed.create_index("ix_call_application_proposal_id", ["proposal_id"])


class Moved:
    """A round on its way."""

    def __init__(self, connection: sa.Connection, tables: Any, row: Any) -> None:
        self.connection, self.tables, self.row = connection, tables, row
        nominee, score = tables["award_nominee"], tables["award_score"]
        self.nominees = connection.execute(
            sa.select(nominee).where(nominee.c.round_id == row.id).order_by(nominee.c.id)).all()
        self.scores = connection.execute(sa.select(score, nominee.c.round_id).join(
            nominee, nominee.c.id == score.c.nominee_id).where(nominee.c.round_id == row.id).order_by(
            score.c.at, score.c.nominee_id, score.c.juror_id)).all()
        self.is_prepared = row.state == "nominating"
        self.closed = max(row.created_at, *(each.at for each in self.nominees), row.created_at) + timedelta(seconds=1)
        self.decided = (row.published_at or self.closed) if row.state == "published" else None
        self.slug = f"awards-{row.id}"

    def put(self, table: str, **values: Any) -> int:
        return self.connection.execute(self.tables[table].insert().values(**values)).inserted_primary_key[0]

    def move(self) -> None:
        self.call = self.call_of()
        self.question = self.put(
            "question", about_kind="call", about_id=self.call, number=1, type="text", label="추천하는 까닭", help="",
            needed=True, most=500, options=[], reader="office")
        applications = {each.id: self.nominated(each) for each in self.nominees}
        opened = set()
        for each in self.scores:
            if each.juror_id not in opened:
                self.connection.execute(self.tables["call_opening"].insert().values(
                    call_id=self.call, juror_id=each.juror_id, at=each.at))
                opened.add(each.juror_id)
            self.connection.execute(self.tables["call_score"].insert().values(
                application_id=applications[each.nominee_id], juror_id=each.juror_id, points=each.points, note="",
                at=each.at))
        self.connection.execute(sa.text("UPDATE membership SET about_kind = 'call', about_id = :call"
                                        " WHERE about_kind = 'award_round' AND about_id = :round"),
                                {"call": self.call, "round": self.row.id})
        for table, column in (("journey_entry", "link"), ("notice", "url")):
            self.connection.execute(sa.text(f"UPDATE {table} SET {column} = :new WHERE {column} = :old"),
                                    {"new": f"/calls/{self.slug}/results", "old": f"/awards/{self.row.id}"})

    def call_of(self) -> int:
        row, open_at = self.row, None if self.is_prepared else self.row.created_at
        closed = None if self.is_prepared else self.closed
        return self.put(
            "call", slug=self.slug, version=1, kind="prize", title=f"{row.year}년 {row.name}", text=TEXT, elsewhere="",
            themes=[], applicants="person", residents_only=False, who_else="", most_each=1, reserves=0, prizes=[
                {"name": f"{place}위", "won": 0, "count": 1} for place in range(1, row.winners + 1)],
            opens_at=open_at, closes_at=closed, has_review=False, has_scores=True, has_lot=False,
            criteria=[{"text": text, "points": 10} for text in row.criteria], scores_shown="few",
            scores_until=row.scores_until, created_by_id=row.created_by_id, created_at=row.created_at,
            announced_at=open_at, scoring_at=closed, released_at=self.decided, decided_at=self.decided)

    def nominated(self, nominee: Any) -> int:
        proposal = self.connection.execute(sa.text("SELECT title, author_id, state, hidden_at FROM proposal"
                                                   " WHERE id = :id"), {"id": nominee.proposal_id}).one()
        submission = self.put("submission", kind="call_application", number=self.number(nominee.at),
                              owner_id=proposal.author_id, made_at=nominee.at, handed_in_at=nominee.at,
                              withdrawn_at=nominee.declined_at)
        self.put("answer_sheet", submission_id=submission, about_kind="call", about_id=self.call, version=1,
                 answers={f"q{self.question}": nominee.why}, saved_at=nominee.at,
                 over_on=self.decided and (self.decided + SEOUL).date())
        is_read = proposal.hidden_at is None and nominee.declined_at is None
        application = self.put(
            "call_application", call_id=self.call, submission_id=submission, mark=token_bytes(32), channel="desk",
            place=1 if nominee.declined_at is None else -1, title=proposal.title if is_read else "",
            proposal_id=nominee.proposal_id, prize=nominee.place and f"{nominee.place}위", reason=nominee.reason,
            decided_at=self.decided, **self.result(nominee, proposal), **self.mean(nominee))
        self.put("call_application_step", application_id=application, step="complete", passed=True, reason="",
                 at=nominee.at, by_id=nominee.by_id)
        if not self.is_prepared:
            for juror in self.connection.scalars(sa.text(JURORS), {
                    "author": proposal.author_id, "round": self.row.id}).all():
                self.connection.execute(sa.text(
                    "INSERT INTO call_conflict (application_id, juror_id, reason, at, is_late) VALUES"
                    " (:application, :juror, '내가 쓴 제안이에요.', :at, :late)").bindparams(
                    sa.bindparam("at", type_=sa.DateTime()), sa.bindparam("late", type_=sa.Boolean())), {
                    "application": application, "juror": juror, "at": self.closed, "late": False})
        return application

    def result(self, nominee: Any, proposal: Any) -> dict[str, Any]:
        if nominee.declined_at is not None:
            return {"state": "withdrawn"}
        if self.decided is None:
            return {"state": "received"}
        if nominee.place is not None and nominee.place <= self.row.winners:
            return {"state": "chosen", "won": 0}
        if nominee.place is not None:
            return {"state": "not_chosen", "why_not": "no_place"}
        is_gone = proposal.hidden_at is not None or proposal.state == "withdrawn"
        return {"state": "out", "why_not": "not_eligible"} if is_gone else {"state": "not_chosen", "why_not": "other"}

    def mean(self, nominee: Any) -> dict[str, int]:
        """As it was published: of those with a place."""
        sums = [sum(each.points) for each in self.scores if each.nominee_id == nominee.id]
        if self.decided is None or nominee.place is None or not sums:
            return {}
        mean = Fraction(sum(sums), len(sums))
        return {"mean_top": mean.numerator, "mean_bottom": mean.denominator}

    def number(self, at: Any) -> str:
        """A random receipt number that nobody has."""
        month = f"{at + SEOUL:%y%m}"
        while True:
            serial, interim = str(100_000 + randbelow(900_000)), 0
            for digit in month + serial:
                interim = int(DAMM[interim][int(digit)])
            number = f"{month}-{serial}-{interim}"
            submission = self.tables["submission"]
            if not self.connection.scalar(sa.select(sa.exists().where(submission.c.number == number))):
                return number
