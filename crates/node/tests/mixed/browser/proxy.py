"""A proxy that records each request to a node, with its headers and the answer.

The node sees every request come from its own machine, so only the headers can make it refuse one.
"""
import http.client
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PAGE = b"<!doctype html><title>a page</title><body>a page of another site</body>"


@dataclass
class Visit:
    method: str
    path: str
    by: str
    headers: dict
    status: int
    answer: dict


@contextmanager
def serving(handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


class Quiet(BaseHTTPRequestHandler):
    def handle(self):
        # Browsers hang up on what they cannot use, such as JSON for a video.
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, *_):
        pass

    def page(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)


class OtherSite(Quiet):
    """Another site, with one page."""
    do_GET = Quiet.page


def proxy(node_port, visits):
    """A recording proxy of a node. `/page` is the attacker's page, loaded before its name was rebound to the node."""
    class Proxy(Quiet):
        def pass_on(self):
            target = urlsplit(self.path)
            if target.path == "/page":
                return self.page()
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            inner = http.client.HTTPConnection("127.0.0.1", node_port, timeout=60)
            inner.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                inner.putheader(name, value)
            inner.endheaders(body)
            answer = inner.getresponse()
            text = answer.read()
            by = parse_qs(target.query).get("by", [""])[0]
            visits.append(Visit(self.command, target.path, by, dict(self.headers.items()), answer.status,
                                dict(answer.getheaders())))
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", answer.getheader("Content-Length", str(len(text))))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(text)
            return None

        do_GET = do_HEAD = do_POST = do_DELETE = do_OPTIONS = pass_on

    return Proxy
