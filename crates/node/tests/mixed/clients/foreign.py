"""Servers on this machine that are not nodes."""
import socketserver
import threading
from contextlib import contextmanager


@contextmanager
def answering(answer):
    """A server that answers each connection and hangs up. `answer` is bytes, or a function from path to bytes."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            request = self.rfile.readline() if callable(answer) or answer.startswith(b"HTTP") else b""
            while self.rfile.readline().strip() if request else False:
                pass
            try:
                self.wfile.write(answer(request.split()[1].decode()) if callable(answer) else answer)
            except ConnectionError:
                pass  # the client hung up

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def http(status, body=b"", **headers):
    """Formats an HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines + ["", ""]).encode() + body
