"""axe-core on a page that is open in Chromium."""

from pathlib import Path

from playwright.sync_api import Error

from .chromium import overflow, scripts_allowed

SOURCE = Path(__file__).parents[1] / "browser" / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Of what axe can load before it looks, sounds and films are all that a rule here asks for: the one that reads the
# style sheets again is experimental, and axe leaves it out.
# What lies half under a bar that stays in the window can be scrolled from under it: the size of such targets is
# measured again while no bar stays. That bars cover nothing at the end of their page has tests of its own.
RUN = """async (standard) => {
  const options = { resultTypes: ['violations'], preload: { assets: ['media'] } };
  const found = (await axe.run(document, { runOnly: { type: 'tag', values: standard }, ...options })).violations;
  const place = found.findIndex(({ id }) => id === 'target-size');
  if (place >= 0) {
    const bars = [...document.querySelectorAll('body *')].filter((element) =>
      ['fixed', 'sticky'].includes(getComputedStyle(element).position));
    const before = bars.map((bar) => bar.style.position);
    for (const bar of bars) bar.style.position = 'static';
    const again = await axe.run(document, { runOnly: { type: 'rule', values: ['target-size'] }, ...options });
    found.splice(place, 1, ...again.violations);
    bars.forEach((bar, at) => { bar.style.position = before[at]; });
  }
  return found.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })) }));
}"""


def violations(page, standard=STANDARD):
    """The faults that axe-core finds against WCAG 2.2 AA, as sentences; an empty list is what we want.

    The text of axe goes in through the debugger, which a strict CSP does not stop. A page without
    JavaScript is looked at as it was loaded: scripts are allowed only while axe runs, and none of
    the page's own are run by that. Once in a page it stays there until the next one is loaded.
    """
    try:
        return _found(page, standard)
    except Error:  # on a slow machine a form that was sent a moment ago takes the page away from under axe
        page.wait_for_load_state()
        return _found(page, standard)


def _found(page, standard) -> list[str]:
    with scripts_allowed(page):
        if not page.evaluate("'axe' in window"):
            page.evaluate(SOURCE.read_text())
        found = page.evaluate(RUN, standard)
    return [f"{rule['id']}: {rule['help']} at {node['target']}: {node['failureSummary']}"
            for rule in found for node in rule["nodes"]]


def looks_right(page, address=""):
    """Hold a page against the rules of axe, and to the width of its window."""
    assert violations(page) == [], address or page.url
    assert overflow(page) == 0, address or page.url
