"""The pages of forums. Each subject has its module; all hang on the blueprints of one."""

from . import (becoming, captions, chat, closing, decisions, desk, desk_parts, desk_people, floor, hall, ledger, live,
               minutes, notes, programme, public, pulses, questions, record, registering, table_pieces, tables)
from .blueprint import bp

__all__ = ["becoming", "bp", "captions", "chat", "closing", "decisions", "desk", "desk_parts", "desk_people",
           "floor", "hall", "ledger", "live", "minutes", "notes", "programme", "public", "pulses", "questions",
           "record", "registering", "table_pieces", "tables"]
