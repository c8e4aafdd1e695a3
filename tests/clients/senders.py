"""Receivers on the libraries of senders pass `standin check --as`, and the same receivers with a usual mistake
fail it by the rule that is about it.

    python senders.py STANDIN
"""

import base64
import hmac
import json
import os
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import standardwebhooks
import stripe
import svix
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sendgrid.helpers.eventwebhook import EventWebhook
from slack_sdk.signature import SignatureVerifier
from square.utils.webhooks_helper import verify_signature
from multidict import MultiDict
from twilio.request_validator import RequestValidator

(standin,) = sys.argv[1:]
BODY = '{"id": "evt_1", "object": "event", "type": "made", "name": "Åsa", "amount": 1.50}\n'.encode()
KEY = "whsec_" + base64.b64encode(b"r" * 24).decode()
PRIVATE = ec.generate_private_key(ec.SECP256R1())
PEM = PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLIC = base64.b64encode(
    PRIVATE.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()


def standard(url, headers, body):
    standardwebhooks.Webhook(KEY).verify(body, headers)


def ageless(url, headers, body):
    """Checks the signature by hand, and not the time."""
    webhook = standardwebhooks.Webhook(KEY)
    now = standardwebhooks.webhooks.datetime
    try:
        standardwebhooks.webhooks.Webhook._Webhook__verify_timestamp = lambda self, header: now.fromtimestamp(
            float(header), tz=standardwebhooks.webhooks.timezone.utc
        )
        webhook.verify(body, headers)
    finally:
        standardwebhooks.webhooks.Webhook._Webhook__verify_timestamp = TIMESTAMP


TIMESTAMP = standardwebhooks.webhooks.Webhook._Webhook__verify_timestamp


def svix_right(url, headers, body):
    svix.Webhook(KEY).verify(body, headers)


def stripe_right(url, headers, body):
    stripe.Webhook.construct_event(body, headers["stripe-signature"], KEY)


def stripe_parsed(url, headers, body):
    """A framework has read the body as JSON, and the handler writes it again."""
    stripe.Webhook.construct_event(json.dumps(json.loads(body)), headers["stripe-signature"], KEY)


def slack_right(url, headers, body):
    assert SignatureVerifier(KEY).is_valid_request(body, headers)


def slack_mute(url, headers, body):
    """Takes a challenge for an event."""
    slack_right(url, headers, body)


def square_right(url, headers, body):
    assert verify_signature(
        request_body=body.decode(),
        signature_header=headers["x-square-hmacsha256-signature"],
        signature_key=KEY,
        notification_url=url,
    )


def twilio_right(url, headers, body):
    assert RequestValidator(KEY).validate(url, body.decode(), headers["x-twilio-signature"])


def twilio_form(url, headers, body):
    """Twilio's usual webhook: a form. Its library takes the fields."""
    assert headers["content-type"].lower().startswith("application/x-www-form-urlencoded")
    fields = MultiDict(parse_qsl(body.decode(), keep_blank_values=True))
    assert RequestValidator(KEY).validate(url, fields, headers["x-twilio-signature"])


def slack_form(url, headers, body):
    """A slash command of Slack: a form, whose bytes are signed."""
    if headers["content-type"] != "application/json":
        assert headers["content-type"].lower().startswith("application/x-www-form-urlencoded")
    assert SignatureVerifier(KEY).is_valid_request(body, headers)


def sendgrid_right(url, headers, body):
    signature = headers["x-twilio-email-event-webhook-signature"]
    time = headers["x-twilio-email-event-webhook-timestamp"]
    assert EventWebhook(PUBLIC).verify_signature(body.decode(), signature, time)


def github_right(url, headers, body):
    right = "sha256=" + hmac.new(KEY.encode(), body, "sha256").hexdigest()
    assert hmac.compare_digest(right, headers["x-hub-signature-256"])


def github_pushes(url, headers, body):
    """Knows no ping."""
    github_right(url, headers, body)
    assert headers.get("x-github-event") != "ping"


def anything(url, headers, body):
    pass


def handler(verify):
    class Receiver(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.body()
            headers = {name.lower(): value for name, value in self.headers.items()}
            host = self.headers.get("host")
            try:
                verify(f"http://{host}{self.path}", headers, body)
                status = 401
                is_form = "form" in headers.get("content-type", "").lower()
                event = None if is_form else json.loads(body)
                status = 200
            except Exception:
                # Whatever a library thinks of it, the request is refused.
                event, status = None, 400
            # Slack's handshake; the others have none, or want no more than a 200.
            answer = str(event.get("challenge", "")) if isinstance(event, dict) and verify != slack_mute else ""
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(answer.encode())

        def body(self):
            if "content-length" in self.headers:
                return self.rfile.read(int(self.headers["content-length"]))
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        def log_message(self, *_):
            pass

        def log_error(self, *_):
            pass

    return Receiver


class Server(ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, *_):
        """Senders hang up."""


# SendGrid sends a list.
LIST = b'[{"email":"a@example.test","event":"open","sg_event_id":"ZGVmZXI"}]'


# Twilio's parameters of an incoming message.
FORM = (
    b"MessageSid=SM5f3b2a1c9d8e7f6a5b4c3d2e1f0a9b8c&AccountSid=AC0123456789abcdef0123456789abcdef"
    b"&From=%2B14155550142&To=%2B14155550199&Body=Gr%C3%BC%C3%9Fe+an+alle%21&NumMedia=0&FromCity=\n"
)
AS_FORM = ["--content-type", "application/x-www-form-urlencoded"]


def checked(sender, verify, key, *arguments):
    """The exit code, and the rules with a failure."""
    server = Server(("127.0.0.1", 0), handler(verify))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    folder = Path(tempfile.mkdtemp())
    form = AS_FORM[0] in arguments
    (folder / "event.json").write_bytes(FORM if form else LIST if sender == "sendgrid" else BODY)
    environment = {"PATH": os.environ["PATH"], "STANDIN_TEST_KEY": key, "HOME": str(folder)}
    command = [standin, "check", "--as", sender, "--key-env", "STANDIN_TEST_KEY", "--body", "event.json"]
    target = f"http://127.0.0.1:{server.server_port}"
    command += ["--deliver", "/hooks", "--target", target, "--json", "report.json", "--no-retry", *arguments]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    server.shutdown()
    said = done.stdout + done.stderr
    assert done.returncode in (0, 1), said
    assert key not in said
    scenarios = [one for feature in json.loads((folder / "report.json").read_text())["features"] for one in feature["scenarios"]]
    failed = [one for one in scenarios if one["failure"]]
    rules = {tag for one in failed for tag in one["tags"] if tag.startswith("rule:")}
    return done.returncode, {rule.removeprefix("rule:sender-") for rule in rules}, len(scenarios), said


count = 0
for sender, verify, key in (
    ("standard-webhooks", standard, KEY),
    ("svix", svix_right, KEY),
    ("stripe", stripe_right, KEY),
    ("slack", slack_right, KEY),
    ("github", github_right, KEY),
    ("square", square_right, KEY),
    ("twilio", twilio_right, KEY),
    ("sendgrid", sendgrid_right, PEM),
):
    code, rules, all, said = checked(sender, verify, key)
    assert code == 0 and not rules - {"future"}, f"{sender}: {rules}: {said}"
    print(f"{sender}: a receiver on its library passes {all} scenarios" + (f", but for {rules}" if rules else ""))
    count += 1

for sender, verify in (("twilio", twilio_form), ("slack", slack_form)):
    for more in ([], ["--id", "MessageSid"]):
        code, rules, all, said = checked(sender, verify, KEY, *AS_FORM, *more)
        assert code == 0 and not rules - {"future"}, f"{sender}: {rules}: {said}"
        print(f"{sender}: a receiver of forms on its library passes {all} scenarios")
        count += 1

for sender, verify, key, wanted in (
    ("standard-webhooks", ageless, KEY, {"age", "future"}),
    ("standard-webhooks", anything, KEY, {"age", "future", "id", "signatures", "time"}),
    ("stripe", stripe_parsed, KEY, {"signatures"}),
    ("stripe", anything, KEY, {"age", "future", "signatures", "time"}),
    ("square", anything, KEY, {"signatures"}),
    ("slack", slack_mute, KEY, {"challenge"}),
    ("github", github_pushes, KEY, {"ping"}),
    ("twilio", anything, KEY, {"signatures"}),
    ("twilio-form", anything, KEY, {"signatures"}),
):
    form = AS_FORM if sender.endswith("-form") else []
    code, rules, _, said = checked(sender.removesuffix("-form"), verify, key, "--strict", *form)
    assert code == 1 and wanted <= rules, f"{sender}, {verify.__name__}: {rules}: {said}"
    print(f"{sender}: {verify.__name__} fails {sorted(rules)}")
    count += 1
print(f"{count} passed, 0 failed")
