"""Signs distinct payments into a file, one JSON body a line."""
import base64
import json
import multiprocessing

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

SENDERS = 8
SHARE = 2_000


class Sender:
    def __init__(self, key):
        self.key = key
        pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.address = base64.b64encode(pem.strip()).decode()

    def pay(self, recipient, amount):
        message = f"{self.address}{recipient}{amount}".encode()
        signature = base64.b64encode(self.key.sign(message, padding.PKCS1v15(), hashes.MD5())).decode()
        payment = {"sender": self.address, "recipient": recipient, "amount": amount, "signature": signature}
        return json.dumps(payment)


def start(keys):
    global senders
    senders = [Sender(serialization.load_pem_private_key(key, None)) for key in keys]


def share(first):
    """Lines of SHARE payments from number `first` on. Each sender pays the next one, and no amount repeats."""
    lines = []
    for number in range(first, first + SHARE):
        sender, recipient = senders[number % SENDERS], senders[(number + 1) % SENDERS]
        lines.append(sender.pay(recipient.address, number + 1))
    return "\n".join(lines) + "\n"


def new_key():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )


def write_payments(path, count):
    """Signs at least `count` payments on all cores, and writes them to `path`."""
    keys = [new_key() for _ in range(SENDERS)]
    unfinished = path.with_suffix(".unfinished")
    with multiprocessing.Pool(initializer=start, initargs=(keys,)) as pool, unfinished.open("w") as file:
        for lines in pool.imap(share, range(0, count, SHARE)):
            file.write(lines)
    unfinished.rename(path)
