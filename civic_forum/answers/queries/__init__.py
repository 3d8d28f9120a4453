"""Every SELECT on duties and answers, by what asks."""

from .cases import Case, answer, answers_of, case, open_duty, versions

__all__ = ["Case", "answer", "answers_of", "case", "open_duty", "versions"]
