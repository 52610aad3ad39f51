"""The node's routes, read from docs/http-api.md. A Rust test keeps that table in step with the node."""
import re

from harness import HERE

HTTP_API = HERE.parents[3] / "docs/http-api.md"
ROW = re.compile(r"^\| \[`([A-Z ]+) (/[^`]*)`\]\([^)]*\) \| (\w+) \|", re.MULTILINE | re.IGNORECASE)
BODIES = {"/nodes/register": b'{"nodes": []}'}


def requests_of(access):
    """Method and path of every request with this access. HEAD is taken wherever GET is. /events is left out: it never ends."""
    found = []
    for methods, path, whose in ROW.findall(HTTP_API.read_text()):
        if whose == access and path != "/events":
            path = path.replace("{host:port}", "localhost:7001").replace("{which}", "latest").replace("{address}", "bob")
            path = path.replace("{file}", "index.html")
            names = methods.split(" or ")
            found += [(method, path) for method in names + ["HEAD"] * ("GET" in names)]
    assert found, f"{HTTP_API} lists no request for {access}"
    return found


def body_of(method, path):
    return BODIES.get(path, b"") if method == "POST" else None
