"""Programs that are no nodes, on a port of this machine."""
import socketserver
import threading
from contextlib import contextmanager


@contextmanager
def answering(answer):
    """A server that sends `answer` to whoever connects and hangs up: bytes, or a function from the path to bytes."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            request = self.rfile.readline() if callable(answer) or answer.startswith(b"HTTP") else b""
            while self.rfile.readline().strip() if request else False:
                pass
            try:
                self.wfile.write(answer(request.split()[1].decode()) if callable(answer) else answer)
            except ConnectionError:
                pass  # whoever asked does not wait any more

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def http(status, body=b"", **headers):
    """An answer in HTTP."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines + ["", ""]).encode() + body
