"""axe-core on a page that is open in Chromium."""

from pathlib import Path

from .chromium import scripts_allowed

SOURCE = Path(__file__).parents[1] / "browser" / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

RUN = """async (standard) => {
  const found = await axe.run(document, {
    runOnly: { type: 'tag', values: standard }, resultTypes: ['violations'] });
  return found.violations.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })) }));
}"""


def violations(page, standard=STANDARD):
    """What axe-core finds against WCAG 2.2 AA, as sentences; an empty list is what we want.

    The text of axe goes in through the debugger, which a strict CSP does not stop. A page without
    JavaScript is looked at as it was loaded: scripts are allowed only while axe runs, and none of
    the page's own are run by that.
    """
    with scripts_allowed(page):
        page.evaluate(SOURCE.read_text())
        found = page.evaluate(RUN, standard)
    return [f"{rule['id']}: {rule['help']} at {node['target']}: {node['failureSummary']}"
            for rule in found for node in rule["nodes"]]
