"""Things in the fields of forms that find them (`civic_forum/blocks/pickers.py`)."""

from lxml import html


def chosen(field: str, name: str, kind: str = "") -> dict[str, str]:
    """Fields of a form once somebody chose the thing of this exact name; `kind`, where another field names it."""
    return {field: name, f"{field}-asked": f"{kind} {name}".strip(), f"{field}-choice": name}


def picked(page, address: str, sent: dict, field: str):
    """The answer to a form that is sent with words in a field, and again with the one thing that its page shows."""
    shown = page.post(address, data=sent)
    assert shown.status_code == 422, shown.status
    [asked] = html.fromstring(shown.text).xpath(f"//input[@name='{field}-asked']/@value")
    marked = f"//input[@type='radio'][@name='{field}-choice'][@checked]/@value"
    [value] = html.fromstring(shown.text).xpath(marked)
    return page.post(address, data=sent | {f"{field}-asked": asked, f"{field}-choice": value})
