"""Every SELECT on duties and answers, by what asks."""

from .cases import AnswerCase, answer, answers_of, case, in_hand, open_duty, versions

__all__ = ["AnswerCase", "answer", "answers_of", "case", "in_hand", "open_duty", "versions"]
