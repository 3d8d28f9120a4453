"""What features above tell those below about themselves, by the kind of thing concerned.

Filled while the application is put together, read-only afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ThreadKind:
    """Who may read and write below a thing: predicates (actor, owner_id) → reason or None."""

    why_not_read: Callable
    why_not_write: Callable
    """What the thing itself has against more comments; that one needs an account is decided by comments."""
    url: Callable
    """Address of the page that shows the thread, from the owner's id."""
    titles: Callable = lambda owner_ids: {}
    """list of owner ids → {owner_id: title} of those that everybody may read, in one query"""


@dataclass(frozen=True)
class AttachmentKind:
    """Who may read the files of a thing: a predicate (actor, owner_id) → reason or None."""

    why_not_read: Callable


@dataclass(frozen=True)
class Reportable:
    """What can be reported to the moderators: what it says, and where it stands."""

    label: Callable
    url: Callable
    find: Callable
    """The thing with this id, or None where the actor cannot see it: (actor, id)."""


@dataclass(frozen=True)
class PersonalData:
    """What a feature keeps about a user: for the download, and for leaving."""

    collect: Callable
    """user → a JSON-able value"""
    erase: Callable
    """(user, session) → None, inside the transaction of leaving"""


@dataclass(frozen=True)
class DeskEntry:
    """A kind of work on the desk: shown to whom the permission allows."""

    permission: str
    label: object
    endpoint: str
    count: Callable
    """user → how many wait, or None where nothing is counted"""


@dataclass(frozen=True)
class Navigation:
    label: object
    endpoint: str
    order: int


@dataclass(frozen=True)
class SearchResult:
    """What the search page shows of a found text beside the text itself."""

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
    navigation: dict[str, Navigation] = field(default_factory=dict)
    searchable: dict[str, Callable] = field(default_factory=dict)
    """kind of search entry → function(list of ref ids) → {ref_id: SearchResult}"""
    sections: dict[str, list[Callable]] = field(default_factory=dict)
    """name of a page → functions(subject) that give a section of it, or None

    On the first page and that of a proposal a section is an object with a `template` that shows it as `section`;
    on the first page one may be a `hero` (the template of the navy panel) besides. `proposal` (its id) stands beside
    the text of a proposal, `proposal.body` (the record, the steps of its journey) beneath it.
    """


registries = Registries()
