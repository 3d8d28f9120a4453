"""Errors of the pages that a test opens: of their consoles and scripts, and what they load and do not get. They fail it
at its end; `page_errors` marks those that it makes on purpose.
"""

import re
from weakref import WeakSet

from playwright.sync_api import Error

REFUSED = "Failed to load resource: the server responded"
"""Words of Chromium for every answer of 400 and more, which is looked at by itself."""
FETCHED = "fetch", "xhr", "eventsource"
_contexts, _errors = WeakSet(), []


def listen(context):
    """Whatever pages of this context say from now on counts for the test that runs."""
    _contexts.add(context)
    context.on("console", _said)
    context.on("weberror", lambda thrown: _errors.append(f"thrown: {thrown.error}"))
    context.on("response", _answered)


def _said(message):
    if message.type == "error" and not message.text.startswith(REFUSED):
        _errors.append(f"{message.text} ({message.location['url']})")


def _answered(answer):
    """Pages and scripts show what is refused to them; something that is not there was no refusal. Files of tests are
    rows alone."""
    kind, status = answer.request.resource_type, answer.status
    if kind == "image" and "/attachments/" in answer.url:
        return
    if status >= 500 or status >= 400 and kind != "document" and (kind not in FETCHED or status == 404):
        _errors.append(f"{status} for the {kind} {answer.url}")


def unexpected(marks):
    """Errors since the last test that no pattern of these marks names."""
    for context in list(_contexts):
        try:
            context.cookies()  # whatever is on its way comes before the answer
        except Error:  # closed
            _contexts.discard(context)
    errors, patterns = _errors[:], [pattern for mark in marks for pattern in mark.args]
    _errors.clear()
    return [error for error in errors if not any(re.search(pattern, error) for pattern in patterns)]
