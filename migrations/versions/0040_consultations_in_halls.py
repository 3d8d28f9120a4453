"""A consultation stands in the hall of a forum, and tables write statements for it.

Revision: 0040
After: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EVENTS = (
    "'forum.opened', 'forum.closed', 'forum.changed', 'screen.shown', 'programme.started', "
    "'programme.ended', 'programme.extended', 'floor.opened', 'floor.closed', 'floor.set', "
    "'floor.asked', 'floor.withdrawn', 'floor.passed', 'floor.moved', 'floor.turn_started', "
    "'floor.turn_extended', 'floor.turn_ended', 'question.asked', 'question.supported', "
    "'question.grouped', 'question.ungrouped', 'question.answered', 'question.reopened', "
    "'question.hidden', 'question.shown', 'pulse.opened', 'pulse.answered', 'pulse.counted', "
    "'pulse.word_out', 'pulse.closed', 'consultation.put', 'consultation.taken', "
    "'consultation.answered', 'consultation.written', 'consultation.computed', 'chat.said', "
    "'chat.hidden', 'chat.shown', 'chat.set', 'people.muted', 'people.unmuted', 'people.came', "
    "'caption.written', 'caption.corrected', 'decision.made', 'decision.changed', 'table.seated', "
    "'table.moved', 'table.opened', 'table.closed', 'table.said', 'table.handed', 'table.projected', "
    "'note.written', 'note.changed', 'note.grouped'")
KNOWN = {"statement": ("origin", "'seed', 'resident', 'imported', 'table'"), "forum_event": ("kind", EVENTS)}


def upgrade() -> None:
    with op.batch_alter_table("forum") as changed:
        changed.add_column(sa.Column("consultation_id", NUMBER))
        changed.add_column(sa.Column("consultation_told", NUMBER, nullable=False, server_default="0"))
        changed.create_foreign_key(op.f("fk_forum_consultation_id"), "consultation", ["consultation_id"], ["id"])
        changed.create_index(op.f("ix_forum_consultation_id"), ["consultation_id"])
    with op.batch_alter_table("forum") as changed:
        changed.alter_column("consultation_told", existing_type=NUMBER, existing_nullable=False, server_default=None)
    for table, (column, values) in KNOWN.items():
        with op.batch_alter_table(table) as changed:
            known = op.f(f"ck_{table}_{column}_is_known")
            changed.drop_constraint(known, type_="check")
            changed.create_check_constraint(known, f"{column} IN ({values})")
