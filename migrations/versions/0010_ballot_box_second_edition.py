"""The second edition of the ballot box: a voter has one row, promises lie beside it, heads name the ballots that count.

What the first edition wrote cannot be read any more. In a marked sample its boxes go, and their votes are prepared
anew; elsewhere a box that was opened stops the upgrade, and one that was not is prepared anew.

Revision: 0010
After: 0009
"""

from secrets import token_bytes

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_BOXES = ("kiosk_pass", "paper_entry", "paper_batch", "objection")
AT_ONCE = 1_000


def upgrade() -> None:
    refuse_opened()
    empty()
    taking_part()
    ended()
    of_desks()
    salts()
    draws()


def refuse_opened() -> None:
    opened = op.get_bind().execute(sa.text("SELECT count(*) FROM ballot_box WHERE opened_at IS NOT NULL")).scalar_one()
    if opened and not current_app.config["SAMPLE"]:
        raise SystemExit(
            f"{opened} ballot box(es) of the first edition were opened here, which this version of the "
            "site cannot read. Publish them with the version that opened them, keep their records, and start "
            "this version on a new data directory. Nothing was changed."
        )


def empty() -> None:
    op.execute("UPDATE poll SET box_id = NULL")
    op.execute("UPDATE envelope SET box_id = NULL")
    for table in ("participation", "ballot_cast", "participated", "leaf", "head", "paper_sheet", "confirmation"):
        op.drop_table(table)
    for table in (*OF_BOXES, "ballot_box"):
        op.execute(f"DELETE FROM {table}")


def taking_part() -> None:
    op.create_table(
        "voter",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("row_key", sa.LargeBinary(32), nullable=False),
        sa.Column("channel", sa.SmallInteger(), nullable=False),
        sa.Column("paper", NUMBER, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("box_id", "row_key", name="pk_voter"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "promise",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("name", sa.LargeBinary(16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("box_id", "name", name="pk_promise"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "participated",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("person", sa.LargeBinary(32), nullable=False),
        sa.Column("channel", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("box_id", "person", name="pk_participated"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_participated_box_id"),
        sqlite_with_rowid=False,
    )


def ended() -> None:
    op.create_table(
        "leaf",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("tracker", sa.String(14), nullable=False),
        sa.PrimaryKeyConstraint("box_id", "number", name="pk_leaf"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_leaf_box_id"),
        sa.CheckConstraint("type IN ('ballot', 'paper', 'objection')", name=op.f("ck_leaf_type_is_known")),
    )
    op.create_index("ix_leaf_tracker", "leaf", ["tracker"])
    op.create_table(
        "head",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("live_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
        sa.PrimaryKeyConstraint("box_id", "number", name="pk_head"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_head_box_id"),
    )
    op.create_table(
        "live_token",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("token", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("box_id", "token", name="pk_live_token"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_live_token_box_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "count",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("voters", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
        sa.PrimaryKeyConstraint("box_id", "number", name="pk_count"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_count_box_id"),
    )


def of_desks() -> None:
    op.create_table(
        "paper_sheet",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("neighbourhood_id", NUMBER, nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("by_post", sa.Boolean(), nullable=False),
        sa.Column("withdrew", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("box_id", "number", name="pk_paper_sheet"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_paper_sheet_box_id"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_paper_sheet_neighbourhood_id"),
        sa.CheckConstraint(
            "state IN ('issued', 'returned', 'spoiled', 'taken_back')", name=op.f("ck_paper_sheet_state_is_known")
        ),
    )
    op.create_table(
        "confirmation",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(32), nullable=False),
        sa.Column("proposed_by_id", NUMBER, nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_by_id", NUMBER, nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("note", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_confirmation"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_confirmation_box_id"),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["user.id"], name="fk_confirmation_confirmed_by_id"),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name="fk_confirmation_proposed_by_id"),
        sa.CheckConstraint(
            "action IN ('open', 'close_early', 'count_anyway', 'draw', 'export_key', 'destroy_key', 'publish')",
            name=op.f("ck_confirmation_action_is_known"),
        ),
    )
    op.create_index("ix_confirmation_box_id", "confirmation", ["box_id"])
    op.create_index("uq_confirmation_pending", "confirmation", ["box_id", "action"], unique=True,
                    sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"))


def salts() -> None:
    """Every entry of a roll gets its own; the table is made anew, because SQLite knows no column without a default."""
    connection = op.get_bind()
    entries = connection.execute(sa.text("SELECT * FROM roll_entry")).mappings().all()
    op.drop_table("roll_entry")
    table = op.create_table(
        "roll_entry",
        sa.Column("roll_id", NUMBER, nullable=False),
        sa.Column("person", sa.LargeBinary(32), nullable=False),
        sa.Column("neighbourhood_id", NUMBER, nullable=True),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("struck_at", sa.DateTime(), nullable=True),
        sa.Column("struck_reason", sa.String(300), nullable=True),
        sa.Column("struck_by_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("roll_id", "person", name="pk_roll_entry"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_roll_entry_neighbourhood_id"),
        sa.ForeignKeyConstraint(["roll_id"], ["electoral_roll.id"], name="fk_roll_entry_roll_id"),
        sa.ForeignKeyConstraint(["struck_by_id"], ["user.id"], name="fk_roll_entry_struck_by_id"),
        sqlite_with_rowid=False,
    )
    names = ", ".join(column.name for column in table.columns)
    values = ", ".join(f":{column.name}" for column in table.columns)
    written = sa.text(f"INSERT INTO roll_entry ({names}) VALUES ({values})")
    for start in range(0, len(entries), AT_ONCE):
        some = entries[start:start + AT_ONCE]
        connection.execute(written, [dict(entry) | {"salt": token_bytes(16)} for entry in some])


def draws() -> None:
    """A draw that nobody in the office makes decides ties, in place of numbers and of lots drawn beforehand."""
    with op.batch_alter_table("ballot_box") as box:
        box.add_column(sa.Column("tied_at", sa.DateTime(), nullable=True))
    with op.batch_alter_table("envelope") as envelope:
        envelope.drop_column("lot")
        envelope.drop_column("lot_drawn_at")
    with op.batch_alter_table("budget_round") as batch:
        batch.drop_constraint(op.f("ck_budget_round_tie_order_is_known"), type_="check")
        batch.drop_column("tie_order")
        batch.add_column(sa.Column("draw", sa.String(40), nullable=False, server_default="lottery"))
        batch.create_check_constraint(op.f("ck_budget_round_draw_is_known"), "draw IN ('lottery', 'dice')")
    with op.batch_alter_table("budget_round") as batch:
        batch.alter_column("draw", existing_type=sa.String(40), existing_nullable=False, server_default=None)
