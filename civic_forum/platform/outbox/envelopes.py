"""A row of the outbox as a letter or a short message that a carrier takes."""

from collections.abc import Callable
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from flask import current_app

from ..carriers import Carriers, TurnedAway
from ..mail_server import Policy
from .letters import Carrier, OutgoingMail


def leaving(mail: OutgoingMail) -> Callable[[Carriers], None]:
    """Function that gives it to its carrier once the row is let go. Raises TurnedAway for an address that is none."""
    return (_letter if mail.carrier is Carrier.MAIL else _short_message)(mail)


def _letter(mail: OutgoingMail) -> Callable[[Carriers], None]:
    message, user_id = message_of(mail), mail.user_id
    return lambda carriers: carriers.mail(message, user_id)


def _short_message(mail: OutgoingMail) -> Callable[[Carriers], None]:
    number, text, message_id, user_id = mail.recipient, mail.body, _id(mail), mail.user_id
    return lambda carriers: carriers.short_message(number, text, message_id, user_id)


def _id(mail: OutgoingMail) -> str:
    """The same however often it leaves."""
    return f"{mail.created_at:%Y%m%d%H%M%S%f}.{mail.id}@civic-forum.invalid"


def message_of(mail: OutgoingMail) -> EmailMessage:
    """Raises TurnedAway, for good, for an address that is none."""
    message = EmailMessage(policy=Policy())
    try:
        message["From"] = current_app.config["MAIL_FROM"]
        message["To"] = Address(addr_spec=mail.recipient)
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.created_at)
        message["Message-ID"] = f"<{_id(mail)}>"
        message["Auto-Submitted"] = "auto-generated"
        if mail.unsubscribe:
            message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(mail.body)
    except (MessageError, ValueError, IndexError) as wrong:  # how `email` refuses an address
        raise TurnedAway(type(wrong).__name__, for_good=True) from wrong
    return message
