"""Registrations of features with those below them, by the kind of thing concerned.

Filled while the application is put together, read-only afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True)
class ThreadKind:
    """Permissions to read and write below a thing: predicates (actor, owner_id) → reason or None."""

    why_not_read: Callable
    why_not_write: Callable
    """What the thing itself has against more comments; that one needs an account is decided by comments."""
    url: Callable
    """Address of the page that shows the thread, from the owner's id."""
    titles: Callable = lambda owner_ids: {}
    """list of owner ids → {owner_id: title} of those that everybody may read, in one query"""


@dataclass(frozen=True)
class AttachmentKind:
    """Permission to read the files of a thing: a predicate (actor, owner_id) → reason or None."""

    why_not_read: Callable


@dataclass(frozen=True)
class Reportable:
    """A kind of thing that can be reported to the moderators: what it says, and where it stands."""

    label: Callable
    url: Callable
    find: Callable
    """The thing with this id, or None where the actor cannot see it: (actor, id)."""


@dataclass(frozen=True)
class PersonalData:
    """Personal data of a user in a feature: for the download, and for leaving."""

    collect: Callable
    """user → a JSON-able value"""
    erase: Callable
    """(user, session) → None, inside the transaction of leaving"""


@dataclass(frozen=True)
class DeskEntry:
    """A page of the desk on which somebody begins something; shown to whom the permission allows."""

    permission: str
    label: object
    endpoint: str


@dataclass(frozen=True)
class Waiting:
    """One thing that waits at the desk. The last day is in time."""

    id: int
    """Unlike that of any other thing of its kind."""
    due_on: date
    ref: str | None = None
    """What its address is made of: a number, a slug, an id."""
    title: str | None = None
    note: str | None = None
    """One more fact for the line: a department, how many, since when."""


@dataclass(frozen=True)
class DeskLine:
    """A waiting thing on the desk."""

    url: str
    """The page on which it is done: the second click is the doing."""
    title: str
    about: tuple[str, ...] = ()
    """Short facts behind the kind: number, department."""
    why: str | None = None
    """A sentence that says what is to be decided, where the title does not."""


@dataclass(frozen=True)
class DeskWork:
    """A kind of work that waits at the desk, merged with all others by the day it is due (`kernel.waiting`).

    `waiting` (Staff → Select, list of Waiting, or None for nobody's business) gives *only what this person can do*: an
    official's departments, a clerk's neighbourhoods, nothing of which the person was the first of two. `kernel.waiting
    .Staff` has `id`, `has(role)`, `department_ids()`, `neighbourhood_ids()` and `today`, and nothing else, because a
    Select is kept and asked again as long as these stay: it never holds a moment.

    - A Select is for what can grow. Exactly five columns, in this order: id, due, ref, title, note; the last three
      texts or NULL; no ORDER BY and no LIMIT. `due` is a plain column: a `date`, or an instant since when it waits, to
      which `within` is added. An index on (due, id), partial on what is open, serves the page; text that lies in
      another table comes by a scalar subquery, which counting leaves out.
    - A list is for what is never more than a few dozen, and has to be reckoned in Python.

    `lines` (list of Waiting → list of DeskLine, in the same order) puts those of one page into words; it may ask the
    database once, not once for each.
    """

    permission: str
    label: object
    """What is to be done, short enough for a filter: 답변 쓰기."""
    waiting: Callable
    lines: Callable
    within: timedelta | None = None
    """How long it may wait, where `due` is an instant."""


@dataclass(frozen=True)
class Navigation:
    label: object
    endpoint: str
    order: int


@dataclass(frozen=True)
class SearchResult:
    """Facts of a found text beside the text itself, for the search page."""

    url: str
    title: str | None = None
    """Only where the text in the index has none: what a comment is about."""
    about: tuple[str, ...] = ()
    """Words beneath: where, when, about what."""
    state: str | None = None
    word: str | None = None
    """What it is called, where that is not the state of a proposal."""


@dataclass
class Registries:
    threads: dict[str, ThreadKind] = field(default_factory=dict)
    attachments: dict[str, AttachmentKind] = field(default_factory=dict)
    reportable: dict[str, Reportable] = field(default_factory=dict)
    personal_data: dict[str, PersonalData] = field(default_factory=dict)
    rules: dict[str, object] = field(default_factory=dict)
    """a rule of moderation → its words: `hidden_rule` of what was hidden"""
    desk: dict[str, DeskEntry] = field(default_factory=dict)
    work: dict[str, DeskWork] = field(default_factory=dict)
    """kind of work → what waits of it; a kind is named `feature.what`"""
    navigation: dict[str, Navigation] = field(default_factory=dict)
    beside_user: dict[str, Callable] = field(default_factory=dict)
    """name → function(column of the user's id) → a scalar subquery: what every page says of the one who is signed in,
    read together with the user (`User.beside`)"""
    searchable: dict[str, Callable] = field(default_factory=dict)
    """kind of search entry → function(list of ref ids) → {ref_id: SearchResult}"""
    held: dict[str, Callable] = field(default_factory=dict)
    """name → function(now) → the condition of letters that wait in the outbox though they are due, or None"""
    rewritten: dict[str, Callable] = field(default_factory=dict)
    """how kinds of letters begin → function(ids of what it tells) → the Letter as things stand now, or None where
    nothing of it may leave any more"""
    coming: dict[str, Callable] = field(default_factory=dict)
    """what an agenda may lead to and the site has pages for (poll, forum, budget) → function(end of its address) → why
    there is no such page, or None"""
    beside: dict[str, dict[str, Callable]] = field(default_factory=dict)
    """name of a page (`home`, `proposal`, `agenda`) → name of a feature → function(id as SQL) → Select: what its
    section says, read together with what the page is about (`found.beside`)"""
    decided: list[Callable] = field(default_factory=list)
    """functions(all that the page of a proposal read of it) → `proposals.rules.Reached` or None: a decision by which it
    is decided"""
    counted_through: list[Callable] = field(default_factory=list)
    """functions(id of a proposal, id of a user) → [(number, title)] of other proposals through which a 공감 of theirs
    counts here already"""
    why_not_merge: list[Callable] = field(default_factory=list)
    """functions(id of a proposal to be merged, ids of others) → {id of another: why that one cannot carry it on}, so
    that it is said before somebody tries"""
    sections: dict[str, list[Callable]] = field(default_factory=dict)
    """name of a page → functions(subject) that give a section of it, or None

    On the first page and that of a proposal a section is an object with a `template` that shows it as `section`;
    on the first page one may be a `hero` (the template of the navy panel) besides; `home_beside` are those that are
    given what the first page read for them (`beside["home"]`), which costs no statement more. `proposal` stands
    beside the text of a proposal, `proposal.body` beneath it; these and `agenda` are given all that their page read
    of it (`Detail`).
    """


registries = Registries()
