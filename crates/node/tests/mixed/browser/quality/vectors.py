"""The page signs, hashes and reads keys as the Rust crates and Python do: all three share the test vectors."""
from harness import HERE

CRATES = HERE.parents[2]
FILES = {
    "signatures": CRATES / "wallet/tests/data/signatures.json",
    "keys": CRATES / "wallet/tests/data/keys.json",
    "floats": CRATES / "ledger-core/tests/data/floats.json",
    "blocks": CRATES / "ledger-core/tests/data/blocks.json",
}
SCRIPT = (HERE / "browser/quality/vectors.js").read_text()
KINDS = {"address", "secret", "verified", "signed", "signed in a worker", "number", "canonical text", "hash", "wallet", "no wallet",
         "fingerprint", "good key", "bad key"}


def run(view, checks):
    view.open()
    found = view.browser.run(SCRIPT, {name: path.read_text() for name, path in FILES.items()})
    for kind in sorted(KINDS | found["counts"].keys()):
        with checks.that(f"test vectors: {kind}: {found['counts'].get(kind, 0)} cases"):
            failures = [each for each in found["failures"] if each.startswith(f"{kind}, ")]
            assert found["counts"].get(kind) and not failures, "\n".join(failures or found["failures"])
    with checks.that("test vectors: the page runs all of them"):
        assert all(each.split(", ")[0] in KINDS for each in found["failures"]), found["failures"]
