"""Reading the pages of the desk in a test."""

from lxml import html


def form_of(page, address: str, action: str | None = None) -> dict[str, object]:
    """Fields that the large form of a page, or the one to an address with this end, would send as it stands."""
    tree = html.fromstring(page.get(address).text)
    form, = (tree.xpath("//main//form[contains(@class, 'form')]")[:1] if action is None else
             [one for one in tree.xpath("//main//form") if (one.get("action") or "").endswith(action)])
    found: dict[str, object] = {}
    for name, value in form.form_values():
        before = found.get(name)
        found[name] = value if before is None else [*before, value] if isinstance(before, list) else [before, value]
    return found
