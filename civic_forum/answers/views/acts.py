"""Pages of acts of authors and the office on a proposal besides writing: each has a short form."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


from civic_forum.blocks.pages import attempt, saved
from civic_forum.platform.errors import Denied, Refusal
from civic_forum.platform.forms import Form
from civic_forum.platform.web import visitor

from ..forms import FilingForm
from ..queries import AnswerCase


@dataclass(frozen=True)
class Act:
    form: type[Form]
    predicate: Callable
    carry_out: Callable
    """(id of the proposal, form, who acts) → None"""
    title: object
    lead: object
    done: object


def any_of(acts: Iterable[str]) -> str:
    """The part of an address that is one of these."""
    return f"any({','.join(map(repr, acts))})"


def carried_out(act: Act, case: AnswerCase, page: Callable[[AnswerCase, Act, Form], str], back: str):
    """Do what was sent and go on to `back`; or show its form again with what is wrong with it."""
    form = act.form()

    def carry_out() -> None:
        form.refuse_personal_numbers()
        act.carry_out(case.proposal.id, form, visitor())

    def again(refusal: Refusal):
        form.refuse(refusal)
        if refusal.field and isinstance(form, FilingForm):
            form.refuse_the_rest()
        return page(case, act, form)

    return attempt(carry_out, again, lambda _made: saved(str(act.done), back), through=Denied)
