"""Helpers that tests of many features share: records read again, days and moments, texts and forms of pages."""

import re
from datetime import timedelta
from io import BytesIO

import sqlalchemy as sa
from lxml import html
from PIL import Image

from civic_forum.accounts.models import User
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.platform.outbox import OutgoingMail


def user(user_id):
    return db.session.get(User, user_id)


def commit(statement):
    """Change the database by this statement alone."""
    db.session.execute(statement)
    db.session.commit()


def let_go():
    """Close every connection of this process."""
    db.session.remove()
    db.engine.dispose()


def again(record):
    """The record as it stands in the database by now."""
    db.session.rollback()
    return db.session.get(type(record), record.id, populate_existing=True)


def rows(table):
    """All of them, the oldest first."""
    db.session.rollback()
    return list(db.session.scalars(sa.select(table).order_by(table.id)))


def many(table):
    """The number of its rows."""
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(table))


def letters():
    return rows(OutgoingMail)


def touched(user, *, confirmed=False):
    """Somebody whose account staff has changed just now."""
    db.session.rollback()
    db.session.execute(sa.update(User).where(User.id == user.id).values(
        staff_act_at=clock.now(), staff_act_confirmed=confirmed))
    db.session.commit()
    return again(user)


def today():
    return day(0)


def day(number=1):
    """The day so many days from today."""
    return local(clock.now()).date() + timedelta(days=number)


def stamp(moment):
    """As the field of a moment holds it."""
    return f"{local(moment):%Y-%m-%dT%H:%M}"


def main_of(answer):
    """The words of the main part of a page."""
    return " ".join(html.fromstring(answer.text).xpath("//main")[0].text_content().split())


def words_of(answer):
    """Words of the whole page."""
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", answer.get_data(as_text=True)))


def form_of(page, address):
    """Fields of the form of this page, as it stands."""
    form = html.fromstring(page.get(address).text).xpath("//main//form[contains(@class, 'form')]")[0]
    return dict(form.form_values())


def picture():
    data = BytesIO()
    Image.new("RGB", (60, 40), "green").save(data, "PNG")
    data.seek(0)
    return data
