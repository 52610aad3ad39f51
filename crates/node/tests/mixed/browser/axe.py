"""axe-core, which finds accessibility faults of a page."""
from harness import HERE

FILE = HERE.parents[3] / ".ci/page/node_modules/axe-core/axe.min.js"
VIOLATIONS = "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then(({violations}) => done(violations.map(" \
    "({id, nodes}) => `${id}: ${nodes[0].html.slice(0, 200)}`)))"


def is_installed():
    if not FILE.exists():
        print(f"skipped: accessibility: {FILE} is not installed")
    return FILE.exists()


def violations(browser):
    """What axe finds in the page that is open."""
    browser.run(FILE.read_text() + "; arguments[0]()")
    return browser.run(VIOLATIONS)
