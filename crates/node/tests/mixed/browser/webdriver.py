"""A headless Chromium, driven over chromedriver's HTTP interface (W3C WebDriver)."""
import re
import subprocess
from contextlib import contextmanager

import requests

STARTED = re.compile(r"started successfully on port (\d+)")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--no-proxy-server"]
SCRIPT_SECONDS = 30
TAB, ENTER, ESCAPE, DOWN, RIGHT = "\ue004", "\ue007", "\ue00c", "\ue015", "\ue014"


class Browser:
    def __init__(self, url):
        self.url, self.http = url, requests.Session()
        self.http.trust_env = False

    def call(self, method, path, body=None):
        answer = self.http.request(method, self.url + path, json=body, timeout=2 * SCRIPT_SECONDS).json()["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise RuntimeError(f"{answer['error']}: {answer['message'].splitlines()[0]}")
        return answer

    def open(self, address):
        """Goes to an address as if a person typed it."""
        self.call("POST", "/url", {"url": address})

    def address(self):
        return self.call("GET", "/url")

    def text(self):
        return self.run("arguments[0](document.body.innerText)")

    def run(self, script, *arguments):
        """Runs a script in the page. The script passes its result to its last argument."""
        return self.call("POST", "/execute/async", {"script": script, "args": list(arguments)})

    def press(self, *keys):
        """Presses keys one after another, as a person does."""
        strokes = [{"type": act, "value": key} for key in keys for act in ("keyDown", "keyUp")]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": strokes}]})

    def console(self):
        """The console's messages since the last call."""
        return self.call("POST", "/se/log", {"type": "browser"})

    def devtools(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})


@contextmanager
def chromium(driver, binary, profile, rules):
    """A browser with its own profile, which resolves names by `rules`."""
    process = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        port = next(match[1] for line in process.stdout if (match := STARTED.search(line)))
        flags = [*FLAGS, f"--user-data-dir={profile}", f"--host-resolver-rules={rules}"]
        wanted = {"goog:chromeOptions": {"binary": binary, "args": flags}, "goog:loggingPrefs": {"browser": "ALL"},
                  "timeouts": {"script": SCRIPT_SECONDS * 1000}}
        outside = Browser(f"http://127.0.0.1:{port}")
        session = outside.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        browser = Browser(f"{outside.url}/session/{session['sessionId']}")
        try:
            yield browser
        finally:
            browser.call("DELETE", "")
    finally:
        process.terminate()
        process.wait(10)
