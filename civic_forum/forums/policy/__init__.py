"""Permissions at a forum. Each subject has its module; all build on `acting`."""

from . import (acting, becoming, captions, chat, decisions, floor, minutes, mutes, preparing, pulses, questions,
               registering, tables)

__all__ = ["acting", "becoming", "captions", "chat", "decisions", "floor", "minutes", "mutes", "preparing", "pulses",
           "questions", "registering", "tables"]
