"""Answers of a participant are one sealed row, under a key for each consultation that is made here, in the keys
directory. What results and typings keep is sealed as well; nothing plain stays behind.

Revision: 0051
After: 0050
"""

import hmac
import json
import os
import struct
from collections import defaultdict
from contextlib import suppress

import sqlalchemy as sa
from alembic import op
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from flask import current_app

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ROOMS, FILLED = (256, 1_024, 4_096, 10_240), 0.75
AGES = ("14-18", "19-39", "40-64", "65+")
CODES = {1: 1, -1: 2, 0: 3}
CONSULTATION = sa.table("consultation", *map(sa.column, ("id", "announced_at", "room")))
STATEMENT = sa.table("statement", *map(sa.column, ("id", "consultation_id", "number")))
BEFORE = sa.table("opinion_participant", *map(sa.column, (
    "id", "consultation_id", "mark", "basis", "neighbourhood_id", "age_band", "group_name", "x", "y", "is_counted")))
RESPONSE = sa.table("opinion_response", *map(sa.column, ("participant_id", "statement_id", "value")))
MAP = sa.table("opinion_map", sa.column("id"), sa.column("consultation_id"), sa.column("number"),
               sa.column("kept", sa.JSON()))
TYPING = sa.table("opinion_paper_typing", *map(sa.column, ("id", "consultation_id", "sheet", "by_id", "answers")))
BASES = ("verified", "account", "device", "link", "kiosk", "paper", "imported")


def upgrade() -> None:
    bind = op.get_bind()
    op.add_column("consultation", sa.Column("room", NUMBER, nullable=False, server_default="256"))
    op.add_column("consultation", sa.Column("key_destroyed_at", sa.DateTime()))
    op.execute("UPDATE consultation SET key_destroyed_at = marks_forgotten_at")
    op.drop_column("consultation", "marks_forgotten_at")
    rooms = _rooms(bind)
    keys = {number: _key(number) for number in rooms}
    people, answers = _people(bind, keys, rooms)
    maps = [{"number": row.id, "sealed": _kept(keys[row.consultation_id], row)}
            for row in bind.execute(sa.select(MAP)).all()]
    typings = [{"number": row.id, "sealed": _sealed(
        keys[row.consultation_id], "typed", row.answers.encode(), row.consultation_id, row.sheet, row.by_id)}
        for row in bind.execute(sa.select(TYPING)).all()]
    op.drop_table("opinion_response")
    op.drop_table("opinion_participant")
    _make_tables()
    _insert(bind, "opinion_participant", people)
    _insert(bind, "opinion_tally", [{"consultation_id": one, "answers": many} for one, many in answers.items()])
    for table, column, kind, rows in (("opinion_map", "kept", sa.JSON(), maps),
                                      ("opinion_paper_typing", "answers", sa.String(200), typings)):
        _change(bind, table, column, kind)
        if rows:
            plain = sa.table(table, sa.column("id"), sa.column(column))
            bind.execute(plain.update().where(plain.c.id == sa.bindparam("number")).values(
                {column: sa.bindparam("sealed")}), rows)


def _rooms(bind) -> dict[int, int]:
    """Room of each consultation that was announced, or has anything to seal."""
    highest = dict(bind.execute(sa.select(STATEMENT.c.consultation_id, sa.func.max(STATEMENT.c.number)).group_by(
        STATEMENT.c.consultation_id)).all())
    with_rows = sa.union(*(sa.select(table.c.consultation_id) for table in (BEFORE, MAP, TYPING)))
    rooms = {number: next((room for room in ROOMS if highest.get(number, 0) <= FILLED * room), ROOMS[-1])
             for number in bind.scalars(sa.select(CONSULTATION.c.id).where(sa.or_(
                 CONSULTATION.c.announced_at.is_not(None), CONSULTATION.c.id.in_(with_rows)))).all()}
    for number, room in rooms.items():
        bind.execute(CONSULTATION.update().where(CONSULTATION.c.id == number).values(room=room))
    return rooms


def _key(number: int) -> bytes:
    """K, made unless an upgrade that was cut off made it."""
    folder = os.path.join(current_app.config["KEYS"], "opinions")
    path = os.path.join(folder, f"{number}.key")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    if not os.path.exists(path):
        with os.fdopen(os.open(f"{path}.part", os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            file.write(os.urandom(32))
            file.flush()
            os.fsync(file.fileno())
        os.replace(f"{path}.part", path)
        with suppress(OSError):
            at = os.open(folder, os.O_RDONLY)
            os.fsync(at)
            os.close(at)
    with open(path, "rb") as file:
        return file.read()


def _subkey(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, b"civic-forum/opinions/1/" + purpose.encode(), "sha256")


def _sealed(key: bytes, purpose: str, content: bytes, *place: bytes | int) -> bytes:
    nonce, parts = os.urandom(12), (one if isinstance(one, bytes) else one.to_bytes(8, "big") for one in place)
    return nonce + ChaCha20Poly1305(_subkey(key, purpose)).encrypt(nonce, content, b"opinion/1" + b"".join(parts))


def _kept(key: bytes, row) -> bytes:
    if not row.kept:
        return b""
    return _sealed(key, "kept", json.dumps(row.kept).encode(), row.consultation_id, row.number)


def _people(bind, keys: dict[int, bytes], rooms: dict[int, int]) -> tuple[list[dict], dict[int, int]]:
    """Sealed rows in the order of their keys, and the number of answers of each consultation that has some."""
    codes: dict[int, bytearray] = {}
    rows = bind.execute(sa.select(BEFORE)).all()
    for row in rows:
        codes[row.id] = bytearray(rooms[row.consultation_id] // 4)
    for who, number, value in bind.execute(sa.select(RESPONSE.c.participant_id, STATEMENT.c.number, RESPONSE.c.value)
                                           .join(STATEMENT, STATEMENT.c.id == RESPONSE.c.statement_id)):
        codes[who][(number - 1) // 4] |= CODES[value] << 2 * ((number - 1) % 4)
    answers: dict[int, int] = defaultdict(int)
    made = []
    for row in rows:
        key, number = keys[row.consultation_id], row.consultation_id
        name, basis = hmac.digest(_subkey(key, "row"), bytes(row.mark), "sha256")[:16], row.basis.encode()
        age = 1 + AGES.index(row.age_band) if row.age_band in AGES else 0
        head = struct.pack(">IIB", 1, row.neighbourhood_id or 0, age)
        point = struct.pack(">2sdd", (row.group_name or "").encode()[:2], row.x or 0.0, row.y or 0.0)
        given = sum(1 for byte in codes[row.id] for part in (0, 2, 4, 6) if byte >> part & 3)
        answers[number] += given
        made.append({"consultation_id": number, "row_key": name, "basis": row.basis, "is_empty": not given,
                     "is_counted": bool(row.is_counted), "place": _sealed(key, "place", point, number, name, basis),
                     "sealed": _sealed(key, "seal", head + bytes(codes[row.id]), number, name, basis)})
    return sorted(made, key=lambda row: (row["consultation_id"], row["row_key"])), answers


def _make_tables() -> None:
    op.create_table(
        "opinion_participant",
        sa.Column("consultation_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("row_key", sa.LargeBinary(16), nullable=False),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.Column("is_empty", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("consultation_id", "row_key", name="pk_opinion_participant"),
        sa.CheckConstraint(f"basis IN ({', '.join(map(repr, BASES))})",
                           name=op.f("ck_opinion_participant_basis_is_known")),
        sqlite_with_rowid=False)
    op.create_table(
        "opinion_tally",
        sa.Column("consultation_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("answers", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("consultation_id", name="pk_opinion_tally"),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name="fk_opinion_tally_consultation_id"))


def _insert(bind, name: str, rows: list[dict]) -> None:
    if rows:
        bind.execute(sa.insert(sa.table(name, *map(sa.column, rows[0]))), rows)


def _change(bind, table: str, column: str, kind: sa.types.TypeEngine) -> None:
    """Bytes in place of what was there: the table is written anew, so that its file does not hold it any more."""
    on_postgresql = bind.dialect.name == "postgresql"
    if on_postgresql:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE bytea USING ''::bytea")
    op.execute(f"UPDATE {table} SET {column} = ''")
    if not on_postgresql:
        with op.batch_alter_table(table) as changed:
            changed.alter_column(column, existing_type=kind, type_=sa.LargeBinary(), existing_nullable=False)
