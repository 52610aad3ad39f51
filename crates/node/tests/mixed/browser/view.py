"""What a person does with the node's page: looks, clicks, types. Waits for what the page shows, not for a fixed time."""
import json

ERRORS = ("SEVERE",)
DARK = {"name": "prefers-color-scheme"}
WIDE, PHONE, SMALL, TABLET = (1440, 900), (390, 844), (360, 740), (721, 960)
VIEWS = ["#/", "#/block/latest", "#/address/bob", "#/pay", "#/network", "#/find?q=bob", "#/lab/hash", "#/lab/puzzle", "#/lab/block",
         "#/lab/chain", "#/lab/keys", "#/lab/fork", "#/lab/weaknesses"]


class View:
    """The page of one node in a browser."""

    def __init__(self, browser, node):
        self.browser, self.url = browser, node.url.replace("127.0.0.1", "localhost")
        self.width = None

    def open(self, fragment="#/"):
        """Opens a view as if its address were typed, and waits until it is drawn."""
        self.browser.open("about:blank")
        self.browser.open(f"{self.url}/{fragment}")
        self.until("document.querySelector('h1')")

    def go(self, fragment):
        """Goes to another view of the page that is open."""
        self.browser.run("location.hash = arguments[0]; arguments[1]()", fragment)

    def until(self, condition):
        """Waits in the page until a condition holds. Fails after the browser's limit for scripts."""
        script = f"const done = arguments[0]; const look = () => ({condition}) ? done(true) : setTimeout(look, 20); look()"
        try:
            self.browser.run(script)
        except RuntimeError as error:
            raise AssertionError(f"{condition}: {error}; the page shows:\n{self.text()[:2000]}") from None

    def shows(self, words):
        self.until(f"document.body.innerText.includes({json.dumps(words)})")

    def text(self):
        return self.browser.text()

    def value(self, expression):
        return self.browser.run(f"arguments[0]({expression})")

    def run(self, statement):
        self.browser.run(f"{statement}; arguments[0]()")

    def click(self, words):
        """Clicks the first button or link with these words, as soon as it can be pressed."""
        found = f"[...document.querySelectorAll('button, a')].find((each) => each.innerText.trim() === {json.dumps(words)} && !each.disabled)"
        self.until(found)
        self.run(f"{found}.click()")

    def press(self, selector):
        found = f"document.querySelector({json.dumps(selector)})"
        self.until(f"{found} && !{found}.disabled")
        self.run(f"{found}.click()")

    def type(self, selector, text):
        found = f"document.querySelector({json.dumps(selector)})"
        self.until(found)
        self.browser.run(f"const field = {found}; field.value = arguments[0]; field.dispatchEvent(new Event('input', {{bubbles: true}})); arguments[1]()", text)

    def size(self, size, dark=False):
        width, height = size
        self.width = width
        self.browser.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 720)
        self.browser.devtools("Emulation.setEmulatedMedia", features=[{**DARK, "value": "dark" if dark else "light"}])

    def fits(self):
        """Checks that the page is not wider than the window. A phone's `innerWidth` grows with a page that is too wide."""
        wide, window = self.value("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= (self.width or window), f"the page is {wide} pixels wide, and the window {self.width or window}"

    def script_errors(self):
        """The errors of scripts since the console was last read. Refused and lost requests do not count."""
        return [entry["message"] for entry in self.browser.console() if entry["level"] in ERRORS and entry["source"] != "network"]

    def errors(self):
        """All errors since the console was last read."""
        return [entry["message"] for entry in self.browser.console() if entry["level"] in ERRORS]
