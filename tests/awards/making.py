"""Rounds of awards, ready-made."""

from datetime import timedelta

from civic_forum.awards import queries, services
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from tests.answers.making import on_the_table, published

CRITERIA = ["새로움", "도움이 되는 정도"]
WHY = "여러 동네에 도움이 돼요."
REASON = "적은 돈으로 바로 할 수 있어요."


def answered(town, **facts):
    """A proposal that the office accepted."""
    official = town.official()
    proposal = on_the_table(town, official, **facts)
    published(proposal, official, town.official())
    return proposal


def begun(by, *, name="올해의 제안", days=10, winners=1):
    return services.begin(2030, name, CRITERIA, winners, local(clock.now()).date() + timedelta(days=days), by=by)


class Round:
    """A round with two nominees and a jury of three, on its way to being scored."""

    def __init__(self, town, *, scoring=True, **facts):
        self.town, self.moderator = town, town.moderator()
        self.proposals = [answered(town, title="정류장에 의자를 놓아 주세요"), answered(town)]
        self.jury = [town.moderator(), town.official(), town.clerk()]
        self.id = begun(self.moderator, **facts).id
        self.nominees = [services.nominate(self.id, one.number, WHY, by=self.moderator).id for one in self.proposals]
        for juror in self.jury:
            services.choose_juror(self.id, juror.id, by=self.moderator)
        if scoring:
            services.begin_scoring(self.id, by=self.moderator)

    def score(self, *points):
        """All jurors give these to the first nominee, and less to the second."""
        for juror in self.jury:
            services.score(self.nominees[0], points or (9, 9), by=juror)
            services.score(self.nominees[1], (1, 2), by=juror)
        return self

    def publish(self):
        panel = queries.panel(self.id)
        services.publish(self.id, dict.fromkeys(panel.awarded_ids, REASON), by=self.moderator)
        db.session.expire_all()
        return self
