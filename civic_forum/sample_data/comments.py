"""Comments on a proposal of the sample district, and who supported them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from civic_forum.accounts.models import User
from civic_forum.comments import services as comments
from civic_forum.comments import steps as comment_steps
from civic_forum.comments.models import Comment, Thread
from civic_forum.comments.rules import Stance
from civic_forum.kernel import rich_text
from civic_forum.kernel.work import use_case
from civic_forum.proposals.rules import State

from .timeline import after, spread

if TYPE_CHECKING:
    from .proposals import SampleProposal


@dataclass
class SampleComments:
    """The comments of one paper on their way through the services."""

    paper: "SampleProposal"

    def happenings(self) -> list[tuple[datetime, Callable[[], object]]]:
        paper, made = self.paper, []
        for remark in paper.remarks:
            at = after(remark["time"], paper.created)
            made.append((at, lambda remark=remark: self._say(remark)))
            if remark["supports"]:
                at = max([at, *self._given_back(at)])
                last = min([at + timedelta(days=12), paper.loaded - timedelta(hours=2), *paper.closings(at)])
                names = paper.people.some(f"comment {remark['key']}", remark["supports"], at, but=remark["author"])
                made += [(moment, lambda remark=remark, name=name: self._agree(remark, name))
                         for moment, name in zip(spread(at, max(last, at), len(names)), names)]
        return made

    def _given_back(self, at: datetime) -> list[datetime]:
        """Moment at which what was merged at this one stood by itself again."""
        undone = self.paper.entry.get("apart_again")
        return [self.paper.moment(undone)] if undone and self.paper.moment(self.paper.entry["closed"][-1]) < at else []

    def _say(self, remark: dict) -> None:
        author = self.paper.people.user(remark["author"])
        if self.paper.record().state is State.MERGED:
            said = self._say_below_merged(remark, author)
        elif remark["reply_to"]:
            said = comments.reply(self.paper.ids[f"comment:{remark['reply_to']}"], text=remark["text"], by=author)
        else:
            said = comments.write(self.paper.thread_id, stance=Stance(remark["stance"]), text=remark["text"], by=author)
        self.paper.ids[f"comment:{remark['key']}"] = said.id

    def _say_below_merged(self, remark: dict, author: User) -> Comment:
        """One comment of the sample came while its proposal was merged for three days."""
        with use_case(None) as work:
            thread = work.session.get_one(Thread, self.paper.thread_id)
            return comment_steps.write(work, thread, author=author, stance=Stance(remark["stance"]),
                                       source=remark["text"], html=rich_text.render(remark["text"]), at=work.at)

    def _agree(self, remark: dict, name: str) -> None:
        comments.support(self.paper.ids[f"comment:{remark['key']}"], by=self.paper.people.user(name))
