"""Duties to say what follows published votes: those of which no outcome was told yet run from their publication.

Revision: 0077
After: 0076
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

KINDS = "'threshold', 'formal', 'second_review', 'step', 'mayor', 'later', 'follow_up'"
CHECKS = {"kind_is_known": f"kind IN ({KINDS})",
          "department_of_no_proposal": "(about_id IS NULL) = (department_id IS NULL) OR "
                                       "kind = 'follow_up' AND about_id IS NOT NULL"}
SEOUL = timedelta(hours=9)
DECIDES = """(poll.about_kind = 'agenda' AND poll.about_id = agenda.id OR EXISTS (
    SELECT 1 FROM agenda_next WHERE agenda_next.agenda_id = agenda.id AND agenda_next.kind = 'poll'
    AND agenda_next.slug = poll.slug))"""
"""Joins a vote and the agendas about which it decides."""
OWED = f"""
    SELECT poll.id, poll.answer_days, ballot_box.published_at, coalesce(
        (SELECT agenda.lead_department_id FROM agenda WHERE agenda.lead_department_id IS NOT NULL AND {DECIDES}
         ORDER BY agenda.id DESC LIMIT 1),
        (SELECT outcome.department_id FROM outcome WHERE outcome.subject = 'poll' AND outcome.subject_id = poll.id
         ORDER BY outcome.id LIMIT 1)) AS department_id
    FROM poll JOIN ballot_box ON ballot_box.id = poll.box_id
    WHERE ballot_box.published_at IS NOT NULL AND poll.rehearsal_of_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM outcome WHERE outcome.published_at IS NOT NULL AND (
            outcome.subject = 'poll' AND outcome.subject_id = poll.id OR outcome.subject = 'agenda' AND EXISTS (
                SELECT 1 FROM agenda WHERE agenda.id = outcome.subject_id AND {DECIDES})))
    ORDER BY poll.id"""
DUTY = sa.table("duty", *(sa.column(name, of) for name, of in (
    ("about_kind", sa.String()), ("about_id", sa.BigInteger()), ("department_id", sa.BigInteger()),
    ("kind", sa.String()), ("started_at", sa.DateTime()), ("days", sa.Integer()), ("working_days", sa.Boolean()),
    ("due_on", sa.Date()))))


def upgrade() -> None:
    with op.batch_alter_table("duty") as changed:
        for name, condition in CHECKS.items():
            changed.drop_constraint(op.f(f"ck_duty_{name}"), type_="check")
            changed.create_check_constraint(op.f(f"ck_duty_{name}"), condition)
    owed = sa.text(OWED).columns(published_at=sa.DateTime())
    for poll_id, days, published_at, department_id in op.get_bind().execute(owed).all():
        op.get_bind().execute(DUTY.insert().values(
            about_kind="poll", about_id=poll_id, department_id=department_id, kind="follow_up",
            started_at=published_at, days=days, working_days=False,
            due_on=(published_at + SEOUL).date() + timedelta(days=days)))
