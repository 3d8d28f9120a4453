"""A town in which everything that anybody ever wrote is hostile: many texts on each page."""

from datetime import timedelta

from civic_forum.accounts.models import AccessRecord
from civic_forum.attachments.models import Attachment
from civic_forum.comments.models import Comment
from civic_forum.comments.rules import LONGEST, Stance
from civic_forum.platform import clock, plain_text, rich_text
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.proposals.models import ProposalVersion
from civic_forum.proposals.rules import TITLE_MOST, State
from civic_forum.search import operations as search
from tests import factories
from tests.hostile.files import NAMES
from tests.hostile.strings import RUNNING, STRINGS

WORD = "가로등"
"""In every text, so that a search finds all of them."""
TOGETHER = 16
TEXTS = [hostile.text for hostile in STRINGS]
SCRIPTS = [hostile.text for hostile in RUNNING]


def cut(text: str, most: int, lines: bool = False) -> str:
    """As a form would store it, were it short enough."""
    return plain_text.clean(text, lines=lines)[:most]


class HostileTown:
    def __init__(self):
        self.town, now = factories.Town(), clock.now()
        self.people = [self.town.user(nickname=cut(text, 40) or "이웃") for text in SCRIPTS]
        self.reader = self.people[0]
        self.clerk = self.town.clerk(nickname=cut(SCRIPTS[1], 40))
        self.administrator = self.town.administrator(nickname=cut(SCRIPTS[2], 40))
        self.moderator = self.town.moderator(nickname=cut(SCRIPTS[3], 40))
        for person in self.people[:40]:
            person.email, person.neighbourhood_id = f'"{person.id}<b>"@example.org', self.town.neighbourhood().id
        self.proposals = self._proposals(now)
        self.comments = self._comments(now)
        self._files(now)
        self._papers(now)
        db.session.commit()

    def _proposals(self, now) -> list:
        """One for each group of texts: the title is one of them, the body all of them."""
        made = []
        for place in range(0, len(TEXTS), TOGETHER):
            group = TEXTS[place:place + TOGETHER]
            most = 9_000 // len(group)
            body = "\n\n".join(cut(text, most, lines=True) for text in group) + f"\n\n{WORD}"
            html = rich_text.render(body)
            state = (State.GATHERING, State.HELD, State.DRAFT, State.WITHDRAWN)[(place // TOGETHER) % 4]
            made.append(self.town.proposal(
                author=self.reader if state is State.DRAFT else self.people[place % len(self.people)], state=state,
                title=cut(group[0], TITLE_MOST) or WORD, problem=body, wish=body, problem_html=html, wish_html=html,
                excerpt=cut(rich_text.excerpt(html, 120), 200), reason=cut(group[-1], 500), version=2, edited_at=now,
                published_at=None if state in (State.DRAFT, State.HELD) else now,
                draft_key=f"{place:032x}" if state is State.DRAFT else None))
            for version, text in ((1, body[::-1]), (2, body)):
                db.session.add(ProposalVersion(proposal_id=made[-1].id, version=version, title=cut(group[-1], 100),
                                               problem=text, wish=text, edited_by_id=self.reader.id, at=now))
        for number, text in enumerate(TEXTS):
            body = cut(text, 5_000, lines=True)
            listed = self.town.proposal(author=self.people[number % len(self.people)], problem=body,
                                        title=cut(text, TITLE_MOST) or WORD, excerpt=cut(text, 200))
            search.put(db.session, "proposal", listed.id, title=f"{WORD} {cut(text, 90)}", body=f"{WORD} {body}",
                       at=now + timedelta(seconds=number))
        return made

    def _comments(self, now) -> list:
        """One for each text, below the first proposal."""
        thread = self.proposals[0].thread_id
        made = []
        for number, text in enumerate(TEXTS):
            source = cut(text, LONGEST, lines=True) or WORD
            made.append(Comment(
                thread_id=thread, author_id=self.people[number % len(self.people)].id, stance=Stance.NOTE,
                source=source, html=rich_text.render(source), at=now + timedelta(seconds=number)))
        db.session.add_all(made)
        db.session.flush()
        for comment in made:
            search.put(db.session, "comment", comment.id, title="", body=f"{WORD} {comment.source}", at=comment.at)
        return made

    def _files(self, now) -> None:
        names = [cut(one.name, 150) for one in NAMES] + [cut(text, 140) + ".hwp" for text in SCRIPTS]
        owner = self.proposals[0].attachment_set_id
        db.session.add_all(Attachment(
            key=f"file{place}", set_id=owner, position=place, name=name or "x", media_type="image/jpeg", size=10,
            is_picture=place % 2 == 0, description=cut(SCRIPTS[place % len(SCRIPTS)], 300), digest="0" * 64,
            thumbnail_digest="0" * 64, width=10, height=10, added_by_id=self.reader.id, added_at=now)
            for place, name in enumerate(names))

    def _papers(self, now) -> None:
        """Texts of staff, and records about them."""
        self.access = factories.saved(AccessRecord(by_id=self.administrator.id, user_id=self.reader.id, reason=WORD,
                                                   at=now))
        db.session.add_all(AccessRecord(by_id=self.people[place].id, user_id=self.people[place].id,
                                        reason=cut(text, 200), at=now) for place, text in enumerate(SCRIPTS))
        db.session.add_all(AuditEntry(at=now, actor_id=self.people[place].id, action="accounts.signed_up",
                                      subject=cut(text, 80), details={cut(text, 60): cut(text, 300)})
                           for place, text in enumerate(SCRIPTS))
