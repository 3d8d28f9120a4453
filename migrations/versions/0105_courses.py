"""Sessions of courses, who came to them, certificates; hours of a course, and hours that a call asks for.

Revision: 0105
After: 0104
"""

import sqlalchemy as sa
from alembic import op

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("call") as changed:
        for name in ("course_id", "course_hours", "hours"):
            changed.add_column(sa.Column(name, NUMBER, nullable=True))
        changed.create_foreign_key("fk_call_course_id", "call", ["course_id"], ["id"])
    op.create_table(
        "course_session",
        sa.Column("call_id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "forum_id", name="pk_course_session"),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_course_session_call_id"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_course_session_forum_id"))
    op.create_index("ix_course_session_forum_id", "course_session", ["forum_id"])
    op.create_table(
        "course_attendance",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("application_id", NUMBER, nullable=False),
        sa.Column("registration_id", NUMBER, nullable=True),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=True),
        sa.Column("noted_by_id", NUMBER, nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_course_attendance"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_course_attendance_forum_id"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["call_application.id"], name="fk_course_attendance_application_id"),
        sa.ForeignKeyConstraint(["registration_id"], ["forum_registration.id"],
                                name="fk_course_attendance_registration_id"),
        sa.ForeignKeyConstraint(["noted_by_id"], ["user.id"], name="fk_course_attendance_noted_by_id"),
        sa.UniqueConstraint("forum_id", "application_id", name="uq_course_attendance_forum_id_application_id"),
        sa.UniqueConstraint("registration_id", name="uq_course_attendance_registration_id"))
    op.create_index("ix_course_attendance_application_id", "course_attendance", ["application_id"])
    op.create_table(
        "course_certificate",
        sa.Column("application_id", NUMBER, nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("name_hash", sa.LargeBinary(32), nullable=True),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("application_id", name="pk_course_certificate"),
        sa.ForeignKeyConstraint(["application_id"], ["call_application.id"],
                                name="fk_course_certificate_application_id"),
        sa.UniqueConstraint("number", name="uq_course_certificate_number"))
