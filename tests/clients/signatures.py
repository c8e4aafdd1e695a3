"""Lets the libraries of senders, or of others, verify what `standin send --as` signs, also as a sender of the user's own.

Each request is sent to a listener here, and verified with the right key and with a wrong one. Then
`standin verify` checks the same request with both keys. Requests that a library for Node verifies are
written to a file for `signatures.mjs`.

    python signatures.py STANDIN FILE
"""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import standardwebhooks
import stripe
import svix
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sendgrid.helpers.eventwebhook import EventWebhook
from slack_sdk.signature import SignatureVerifier
from square.utils.webhooks_helper import verify_signature
from twilio.request_validator import RequestValidator

standin, for_node = sys.argv[1:]
folder = Path(tempfile.mkdtemp())
heard = []


class Listener(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        heard.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Listener)
threading.Thread(target=server.serve_forever, daemon=True).start()
URL = f"http://127.0.0.1:{server.server_port}/hooks?of=one"
JSON = '{"type": "made", "name": "Åsa", "object": "event", "amount": 1.50}\n'.encode()
FORM = b"To=%2B15550001111&From=%2B15550002222&Body=Hello+%C3%85sa&Empty=&MediaUrl=b&MediaUrl=a&MediaUrl=a"


def run(*arguments, key, name="STANDIN_TEST_KEY", more=None):
    """Runs the program with keys that only its environment has."""
    environment = {"PATH": os.environ["PATH"], name: key, **(more or {})}
    done = subprocess.run([standin, *arguments], env=environment, cwd=folder, capture_output=True, text=True)
    said = done.stdout + done.stderr
    for secret in [key, *(more or {}).values()]:
        lines = [line for line in secret.splitlines() if len(line) > 7 and not line.startswith("-----")]
        assert not any(line in said for line in lines), f"{arguments}: a key is shown"
    return done.returncode, said


def sent(sender, key, *arguments, body=JSON, more=None):
    """Sends a body as this sender, and gives what came: the path, the headers, the body."""
    (folder / "body").write_bytes(body)
    options = ["--key-env", "STANDIN_TEST_KEY", *arguments]
    code, said = run("send", "--as", sender, "--body", "body", "--url", URL, *options, key=key, more=more)
    assert code == 0, said
    path, headers, came = heard.pop()
    assert came == body
    value = next((value for name, value in headers.items() if "signature" in name.lower() or "hmac" in name.lower()))
    assert value not in said, f"{sender}: the signature is shown"
    return path, headers, came


def checked(sender, key, wrong, request, content_type=None):
    """What `standin verify` says of it, with both keys."""
    path, headers, body = request
    (folder / "body").write_bytes(body)
    given = [f"{name}: {value}" for name, value in headers.items()]
    options = [option for one in given for option in ("--header", one)]
    url = URL.split("/hooks")[0] + path
    for one, wanted in ((key, 0), (wrong, 1)):
        arguments = ["verify", "--as", sender, "--body", "body", "--url", url, "--key-env", "STANDIN_TEST_KEY"]
        code, said = run(*arguments, *options, key=one)
        assert code == wanted, f"{sender}: {code}: {said}"


def accepts(verify):
    """Whether a library accepts a request."""
    try:
        return verify() is not False
    except (
        InvalidSignature,
        standardwebhooks.WebhookVerificationError,
        stripe.SignatureVerificationError,
        svix.WebhookVerificationError,
    ):
        return False


count = 0


def held(sender, library, verify, key, wrong, request):
    """The library takes the request with the right key alone, and so does Standin."""
    global count
    assert accepts(lambda: verify(request, key)), f"{library} refuses what {sender} signs"
    assert not accepts(lambda: verify(request, wrong)), f"{library} takes a wrong key for {sender}"
    checked(sender, key, wrong, request)
    print(f"{sender}: {library} accepts it, and refuses it with a wrong key")
    count += 1


def shared(letter):
    return "whsec_" + base64.b64encode(letter * 24).decode()


RIGHT, WRONG = shared(b"r"), shared(b"w")

for sender, library, module in (
    ("standard-webhooks", "standardwebhooks", standardwebhooks),
    ("svix", "svix", svix),
):
    verify = lambda request, key, module=module: module.Webhook(key).verify(request[2], request[1]) is not False
    held(sender, library, verify, RIGHT, WRONG, sent(sender, RIGHT))
    # While a key is being replaced, whoever has one of the two accepts the request.
    both = sent(sender, RIGHT, "--key-env", "OLDER", more={"OLDER": shared(b"o")})
    held(sender, f"{library}, two keys, the newer", verify, RIGHT, WRONG, both)
    held(sender, f"{library}, two keys, the older", verify, shared(b"o"), WRONG, both)


def stripe_verify(request, key):
    stripe.WebhookSignature.verify_header(request[2].decode(), request[1]["stripe-signature"], key, tolerance=300)


held("stripe", "stripe", stripe_verify, RIGHT, WRONG, sent("stripe", RIGHT))
both = sent("stripe", RIGHT, "--key-env", "OLDER", more={"OLDER": "whsec_older"})
held("stripe", "stripe, two keys, the older", stripe_verify, "whsec_older", WRONG, both)
old = sent("stripe", RIGHT, "--at", "2026-01-02T03:04:05Z")
assert not accepts(lambda: stripe_verify(old, RIGHT)), "stripe takes a request that is too old"


def slack_verify(request, key):
    return SignatureVerifier(key).is_valid_request(request[2], request[1])


held("slack", "slack_sdk", slack_verify, RIGHT, WRONG, sent("slack", RIGHT))


def square_verify(request, key):
    return verify_signature(
        request_body=request[2].decode(),
        signature_header=request[1]["x-square-hmacsha256-signature"],
        signature_key=key,
        notification_url=URL,
    )


held("square", "squareup", square_verify, RIGHT, WRONG, sent("square", RIGHT))


class Fields(dict):
    """The fields of a form, each with all its values, as frameworks hand them to Twilio's library."""

    def getlist(self, name):
        return self[name]


def twilio_verify(request, key):
    path, headers, body = request
    is_form = headers["content-type"].startswith("application/x-www-form-urlencoded")
    fields = Fields()
    if is_form:
        for name, value in parse_qsl(body.decode(), keep_blank_values=True):
            fields.setdefault(name, []).append(value)
    url = URL.split("/hooks")[0] + path
    return RequestValidator(key).validate(url, fields if is_form else body.decode(), headers["x-twilio-signature"])


form = sent("twilio", RIGHT, "--content-type", "application/x-www-form-urlencoded", body=FORM)
held("twilio", "twilio, a form", twilio_verify, RIGHT, WRONG, form)
held("twilio", "twilio, JSON", twilio_verify, RIGHT, WRONG, sent("twilio", RIGHT))

# Pairs of keys. Python's standardwebhooks knows none, so a library for cryptography checks those.


def pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def whsk(key, with_public):
    seed = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return "whsk_" + base64.b64encode(seed + (public if with_public else b"")).decode()


def ed25519_verify(request, key):
    public = next(one for one, text in pairs if text == key).public_key()
    headers, body = request[1], request[2]
    scheme, signature = headers["webhook-signature"].split(",")
    assert scheme == "v1a"
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    public.verify(base64.b64decode(signature), text)


one, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
for what, write in (
    ("PEM", pem),
    ("whsk_ and a seed", lambda key: whsk(key, False)),
    ("whsk_ and both halves", lambda key: whsk(key, True)),
):
    pairs = [(one, write(one)), (other, write(other))]
    request = sent("standard-webhooks-asymmetric", write(one))
    name = f"cryptography, {what}"
    held("standard-webhooks-asymmetric", name, ed25519_verify, write(one), write(other), request)


def sendgrid_verify(request, key):
    public = next(one for one, text in pairs if text == key).public_key()
    public = base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    headers = request[1]
    signature = headers["x-twilio-email-event-webhook-signature"]
    time = headers["x-twilio-email-event-webhook-timestamp"]
    return EventWebhook(public).verify_signature(request[2].decode(), signature, time)


keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
pairs = [(key, pem(key)) for key in keys]
held("sendgrid", "sendgrid", sendgrid_verify, pem(keys[0]), pem(keys[1]), sent("sendgrid", pem(keys[0])))

# Senders of the user's own: one that is like Stripe, one that is GitHub in all but its name, and two that are
# like none. Python's standard library, or one for cryptography, checks these.
(folder / "standin.yaml").write_text("""
receiver: { url: "http://127.0.0.1:1" }
senders:
  my-stripe: { like: stripe, header: Acme-Signature, tolerance: 5m }
  my-github:
    header: X-Hub-Signature-256
    over: "{body}"
    value: "sha256={signature}"
    algorithm: hmac-sha256
    encoding: hex
    id_header: X-GitHub-Delivery
  acme:
    header: Acme-Signature
    over: "{method} {path}\\n{id}.{timestamp}.{body}"
    value: "id={id}, t={timestamp}, s={signature}"
    joined_by: ", "
    algorithm: hmac-sha512
    key_form: base64
    encoding: base64url
  pair:
    header: Pair-Signature
    over: "{timestamp}|{url}|{body}"
    algorithm: ed25519
    encoding: hex
    time_header: Pair-Time
""")


def own_stripe_verify(request, key):
    stripe.WebhookSignature.verify_header(request[2].decode(), request[1]["acme-signature"], key, tolerance=300)


def acme_verify(request, key):
    path, headers, body = request
    parts = [one.split("=", 1) for one in headers["acme-signature"].split(", ")]
    told = dict(parts[:2])
    text = f"POST {path}\n{told['id']}.{told['t']}.".encode() + body
    right = base64.urlsafe_b64encode(hmac.digest(base64.b64decode(key), text, hashlib.sha512)).decode().rstrip("=")
    return any(name == "s" and hmac.compare_digest(value, right) for name, value in parts[2:])


def pair_verify(request, key):
    public = next(one for one, text in pairs if text == key).public_key()
    headers, body = request[1], request[2]
    public.verify(bytes.fromhex(headers["pair-signature"]), f"{headers['pair-time']}|{URL}|".encode() + body)


held("my-stripe", "stripe", own_stripe_verify, RIGHT, WRONG, sent("my-stripe", RIGHT))
right, wrong, older = (base64.b64encode(letter * 24).decode() for letter in (b"r", b"w", b"o"))
held("acme", "Python's HMAC", acme_verify, right, wrong, sent("acme", right))
both = sent("acme", right, "--key-env", "OLDER", more={"OLDER": older})
held("acme", "Python's HMAC, two keys, the newer", acme_verify, right, wrong, both)
held("acme", "Python's HMAC, two keys, the older", acme_verify, older, wrong, both)
pairs = [(one, pem(one)), (other, pem(other))]
held("pair", "cryptography", pair_verify, pem(one), pem(other), sent("pair", pem(one)))

# For Node.
requests = []
for sender, arguments in (
    ("github", ["--header", "X-GitHub-Event: push"]),
    ("my-github", ["--header", "X-GitHub-Event: push"]),
    ("github-sha1", ["--header", "X-GitHub-Event: push"]),
    (
        "shopify",
        [
            "--header", "X-Shopify-Topic: orders/create",
            "--header", "X-Shopify-Shop-Domain: standin.myshopify.com",
            "--header", "X-Shopify-API-Version: 2026-10",
        ],
    ),
):  # fmt: skip
    request = sent(sender, RIGHT, *arguments)
    checked(sender, RIGHT, WRONG, request)
    requests.append({"sender": sender, "headers": request[1], "body": request[2].decode(), "right": RIGHT, "wrong": WRONG})
Path(for_node).write_text(json.dumps(requests))
print(f"{count} passed, 0 failed")
