"""One interface for whatever leaves the site: where a channel reaches somebody, and what it sends them.

The site itself is a channel too, but nothing leaves by it: its pages read the notices.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import InstrumentedAttribute

from civic_forum.accounts.models import User
from civic_forum.platform.outbox import Carrier, Letter

from . import letters
from .letters import News, Reader
from .rules import Channel, Frequency


@dataclass(frozen=True)
class Way:
    address: InstrumentedAttribute
    """Where a user is reached."""
    carrier: Carrier
    write: Callable[[Reader, Sequence[News], Frequency], Letter]
    """What leaves for news that go together, in the language that is spoken now."""


WAYS = {
    Channel.MAIL: Way(User.confirmed_email, Carrier.MAIL, letters.mail),
    Channel.SMS: Way(User.confirmed_mobile, Carrier.SMS, letters.short_message),
}
