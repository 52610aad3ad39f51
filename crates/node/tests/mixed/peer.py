"""A classic node in Python, against which the Rust node is checked.

Keeps everything in memory and checks only what the tutorial checks. With --port 0 the system picks the port; the first
line of output names it.
"""
import argparse
import base64
import hashlib
import json
import logging
import threading
import time
from urllib.parse import urlparse

import requests
from Crypto.Hash import MD5
from Crypto.PublicKey import RSA
from Crypto.Signature import pkcs1_15
from flask import Flask, jsonify, request
from werkzeug.serving import make_server

MEMBERS = ("sender", "recipient", "amount")


def block_hash(block):
    """SHA-256 of the block's canonical text: Python's own JSON with sorted keys."""
    return hashlib.sha256(json.dumps(block, sort_keys=True).encode()).hexdigest()


def solves(last, proof, difficulty):
    """Whether the proof solves the puzzle after the block `last`."""
    guess = f"{last['proof']}{proof}{block_hash(last)}".encode()
    return hashlib.sha256(guess).hexdigest().startswith("0" * difficulty)


def smallest_proof(last, difficulty):
    proof = 0
    while not solves(last, proof, difficulty):
        proof += 1
    return proof


def is_valid(chain, difficulty):
    """The tutorial's rule: any first block is valid, and each later one links to its parent."""
    return bool(chain) and all(
        block["previous_hash"] == block_hash(last) and solves(last, block["proof"], difficulty)
        for last, block in zip(chain, chain[1:])
    )


def message(sender, recipient, amount):
    return MD5.new(f"{sender}{recipient}{amount}".encode())


def sign(secret, sender, recipient, amount):
    key = RSA.import_key(base64.b64decode(secret))
    return base64.b64encode(pkcs1_15.new(key).sign(message(sender, recipient, amount))).decode()


def is_signed(sender, recipient, amount, signature):
    try:
        key = RSA.import_key(base64.b64decode(sender))
        pkcs1_15.new(key).verify(message(sender, recipient, amount), base64.b64decode(signature))
        return True
    except (ValueError, TypeError):
        return False


class Wallet:
    """A key pair in the network's form: base64 of PEM."""

    def __init__(self, secret=None):
        key = RSA.import_key(base64.b64decode(secret)) if secret else RSA.generate(2048)
        self.secret = base64.b64encode(key.export_key()).decode()
        self.address = base64.b64encode(key.public_key().export_key()).decode()

    def payment(self, recipient, amount):
        """A signed payment, as a node takes it."""
        payment = {"sender": self.address, "recipient": recipient, "amount": amount}
        return {**payment, "signature": sign(self.secret, *payment.values())}


class Node:
    """Chain, pool and neighbours."""

    def __init__(self, difficulty):
        self.difficulty = difficulty
        self.wallet = Wallet()
        self.chain, self.pool, self.neighbours = [], [], set()
        self.append(proof=1, previous_hash=1)

    def append(self, proof, previous_hash):
        self.chain.append({
            "index": len(self.chain) + 1,
            "timestamp": time.time(),
            "transactions": self.pool,
            "proof": proof,
            "previous_hash": previous_hash,
        })
        self.pool = []

    def mine(self):
        last = self.chain[-1]
        proof = smallest_proof(last, self.difficulty)
        self.pool.append({"sender": "0", "recipient": self.wallet.address, "amount": 1})
        self.append(proof, block_hash(last))
        return self.chain[-1]

    def resolve(self):
        """Switches to the longest valid chain of the neighbours. Returns whether that changed ours."""
        longest = self.chain
        for host in sorted(self.neighbours):
            try:
                chain = requests.get(f"http://{host}/chain", timeout=30).json()["chain"]
            except (requests.RequestException, ValueError, KeyError):
                continue
            if len(chain) > len(longest) and is_valid(chain, self.difficulty):
                longest = chain
        replaced = longest is not self.chain
        self.chain = longest
        return replaced


def application(node):
    app = Flask("peer")
    lock = threading.Lock()

    @app.get("/mine")
    def mine():
        with lock:
            block = node.mine()
        shown = ("index", "transactions", "proof", "previous_hash")
        return jsonify(message="New Block Created", **{name: block[name] for name in shown})

    @app.get("/transactions")
    def transactions():
        return jsonify(transactions=node.pool, length=len(node.pool))

    @app.post("/transactions/new")
    def new_transaction():
        body = request.get_json(force=True)
        if any(name not in body for name in (*MEMBERS, "signature")):
            return "Missing values", 400
        payment = {name: body[name] for name in MEMBERS}
        if not is_signed(**payment, signature=body["signature"]):
            return "Signature verification failure", 401
        with lock:
            node.pool.append(payment)
            return jsonify(message=f"Transaction will be added to Block {len(node.chain) + 1}"), 201

    @app.get("/chain")
    def chain():
        return jsonify(chain=node.chain, length=len(node.chain))

    @app.get("/nodes")
    def nodes():
        return jsonify(nodes=sorted(node.neighbours), length=len(node.neighbours))

    @app.post("/nodes/register")
    def register():
        addresses = request.get_json(force=True).get("nodes")
        if addresses is None:
            return "Error: Please supply a valid list of nodes", 400
        node.neighbours.update(urlparse(address).netloc or address for address in addresses)
        return jsonify(message="New nodes have been added", total_nodes=sorted(node.neighbours)), 201

    @app.get("/nodes/resolve")
    def resolve():
        with lock:
            if node.resolve():
                return jsonify(message="Our chain was replaced", new_chain=node.chain)
            return jsonify(message="Our chain is authoritative", chain=node.chain)

    @app.get("/secret")
    def secret():
        print("secret base64 output begins", node.wallet.secret, "secret base64 output ends", sep="\n", flush=True)
        return jsonify(message="secret sent in console...")

    return app


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-p", "--port", type=int, default=5000)
    options.add_argument("-d", "--difficulty", type=int, default=4)
    options.add_argument("--chain", help="a file with an answer to /chain, to start with its blocks")
    arguments = options.parse_args()
    node = Node(arguments.difficulty)
    if arguments.chain:
        with open(arguments.chain, encoding="utf-8") as file:
            node.chain = json.load(file)["chain"]

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", arguments.port, application(node), threaded=True)
    print(f"listening on 127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
