"""Notices to the people of the sample while everything happens again: it is past, and no letter leaves for it."""

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from civic_forum.kernel.work import use_case
from civic_forum.notifications import services
from civic_forum.notifications.models import Delivery, Notice

READ_AFTER = timedelta(days=14)
"""What is older was read; the rest waits in the boxes of the sample accounts."""


def settle() -> None:
    services.forget(current_app.config["RETAIN_NOTICES_DAYS"])
    with use_case(None) as work:
        work.session.execute(sa.update(Delivery).where(Delivery.sent_at.is_(None)).values(sent_at=work.at))
        work.session.execute(sa.update(Notice).where(Notice.read_at.is_(None), Notice.at < work.at - READ_AFTER)
                             .values(read_at=work.at - READ_AFTER))
