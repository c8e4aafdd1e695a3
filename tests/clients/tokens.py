"""A token server of Authlib's, and a receiver that takes its tokens, pass doo's scenarios about tokens: with the
client's credentials in the form, by HTTP Basic, and with a signed assertion. Each refuses the other ways. And it passes
Waitwhile's, whose assertion is all that is shown.

    python tokens.py STANDIN
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion, JWTBearerGrant
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from flask import Flask, request
from joserfc import jwk
from werkzeug.serving import make_server

(standin,) = sys.argv[1:]
# Authlib wants HTTPS, which a receiver on this machine does not need.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
logging.getLogger("werkzeug").setLevel(logging.ERROR)
# By HTTP Basic, id and secret are encoded as in a form first (RFC 6749, section 2.3.1). Authlib does not decode them,
# so the secret must be the same in both.
FORM_SECRET, SECRET = "s3cr3t & more: 100% ä", "s3cr3t-0042_more"


class Client(ClientMixin):
    def __init__(self, id, secret, method):
        self.id, self.secret, self.method = id, secret, method

    def get_client_id(self):
        return self.id

    def get_allowed_scope(self, scope):
        return scope if scope in ("", "webhooks") else ""

    def check_client_secret(self, secret):
        return self.secret == secret

    def check_endpoint_auth_method(self, method, endpoint):
        return method == self.method

    def check_grant_type(self, grant_type):
        return grant_type == "client_credentials"


class Anybody(Client):
    def __init__(self):
        super().__init__("waitwhile", None, None)

    def check_grant_type(self, grant_type):
        return grant_type == JWTBearerGrant.GRANT_TYPE


class Token(TokenMixin):
    def __init__(self, token):
        self.token, self.ends = token, time.time() + token["expires_in"]

    def get_scope(self):
        return self.token.get("scope", "")

    def is_expired(self):
        return time.time() >= self.ends

    def is_revoked(self):
        return False


ASSERTION = JWTBearerClientAssertion.CLIENT_AUTH_METHOD


class Grant(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", ASSERTION]


# Keys are made anew for each run. Authlib takes no EdDSA by default; tokens.mjs tries that.
KEYS = {
    "RSA": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "P-256": ec.generate_private_key(ec.SECP256R1()),
}


def private(kind, form=PrivateFormat.PKCS8):
    return KEYS[kind].private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def public(kind):
    pem = KEYS[kind].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return (jwk.RSAKey if kind == "RSA" else jwk.ECKey).import_key(pem)


def secret_of(method):
    return SECRET if method == "client_secret_basic" else FORM_SECRET


def receiver(method, scope, kind=None):
    """A server whose clients show their credentials in this way, and whose webhooks need this scope."""
    app, tokens, asked, used = Flask("receiver"), {}, [], set()
    clients = {"doo": Client("doo", secret_of(method), method)}

    def save(token, request):
        tokens[token["access_token"]] = Token(token)

    tokens_of = AuthorizationServer(app, query_client=clients.get, save_token=save)
    tokens_of.register_grant(Grant)

    class ClientAssertion(JWTBearerClientAssertion):
        def get_audiences(self):
            return [url + "/oauth/token"]

        def validate_jti(self, claims, jti):
            return jti not in used and not used.add(jti)

        def resolve_client_public_key(self, client):
            return public(kind)

    class AssertionGrant(JWTBearerGrant):
        def resolve_issuer_client(self, issuer):
            return Anybody() if issuer == "waitwhile" else None

        def resolve_client_public_key(self, client):
            return public(kind)

        def get_audiences(self):
            return ["hooks"]

        def authenticate_user(self, subject):
            return subject if subject == "someone" else None

        def has_granted_permission(self, client, user):
            return True

    tokens_of.register_client_auth_method(ASSERTION, ClientAssertion())
    tokens_of.register_grant(AssertionGrant)

    class Validator(BearerTokenValidator):
        def authenticate_token(self, token):
            return tokens.get(token)

    protector = ResourceProtector()
    protector.register_token_validator(Validator())

    @app.post("/oauth/token")
    def issue():
        asked.append(request.form.to_dict())
        return tokens_of.create_token_response()

    @app.post("/hooks/<trigger>")
    @protector(scope)
    def hook(trigger):
        return {}

    server = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return url, asked


SETTINGS = """receiver:
  url: URL
vendors:
  doo:
    deliver: /hooks/{trigger}
    oauth:
      endpoint: /oauth/token
      client_secret: "${STANDIN_TEST_SECRET}"
"""


WITH_ASSERTION = """receiver:
  url: URL
vendors:
  waitwhile:
    deliver: /hooks/waitwhile
    oauth:
      endpoint: /oauth/token
      assertion:
        private_key: "${STANDIN_TEST_SECRET}"
        iss: waitwhile
        sub: someone
        aud: hooks
"""

DOO = [f"features/doo/{name}.feature" for name in ("tokens", "token-secret", "token-cache")]


def check(url, keys, secret, settings=SETTINGS, features=DOO):
    folder = Path(tempfile.mkdtemp())
    lines = "".join(f"      {name}: {value}\n" for name, value in keys.items())
    text = settings.replace("URL", url) + lines
    if "private_key_jwt" in lines:
        text = text.replace("      client_secret: \"${STANDIN_TEST_SECRET}\"\n", "")
    (folder / "standin.yaml").write_text(text)
    command = [standin, "check", *features, "--json", "report.json", "--no-retry", "--seed", "1"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "STANDIN_TEST_SECRET": secret}
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert secret not in said + (folder / "report.json").read_text()
    totals = json.loads((folder / "report.json").read_text())["totals"]
    return done.returncode, totals, said


count = 0
for method, keys, scope in (
    ("client_secret_post", {}, None),
    ("client_secret_post", {"scope": "webhooks"}, ["webhooks"]),
    ("client_secret_basic", {"request_with": "basic"}, None),
    ("client_secret_basic", {"request_with": "basic", "scope": "webhooks"}, ["webhooks"]),
):
    url, asked = receiver(method, scope)
    code, totals, said = check(url, keys, secret_of(method))
    assert code == 0 and totals["failed"] == 0, f"{method}, {keys}: {totals}: {said}"
    judged = totals["passed"] + totals["passed_in_part"]
    assert judged > 20, f"{method}: {totals}"
    assert all(("client_secret" in form) <= (method == "client_secret_post") for form in asked)
    assert not scope or any(form.get("scope") == "webhooks" for form in asked)
    print(f"Authlib, {method}, {keys}: {judged} scenarios pass")
    count += 1

# Each kind of key, as a client's proof and as the right itself.
for kind in KEYS:
    url, asked = receiver(ASSERTION, None, kind)
    keys = {"request_with": "private_key_jwt", "assertion": '{ private_key: "${STANDIN_TEST_SECRET}" }'}
    code, totals, said = check(url, keys, private(kind))
    assert code == 0 and totals["failed"] == 0, f"private_key_jwt, {kind}: {totals}: {said}"
    judged = totals["passed"] + totals["passed_in_part"]
    assert judged > 20 and all("client_secret" not in form for form in asked), totals
    print(f"Authlib, private_key_jwt, {kind}: {judged} scenarios pass")

    url, asked = receiver(ASSERTION, None, kind)
    features = ["features/waitwhile/tokens.feature"]
    code, totals, said = check(url, {}, private(kind), WITH_ASSERTION, features)
    assert code == 0 and totals["failed"] == 0, f"assertion, {kind}: {totals}: {said}"
    judged = totals["passed"] + totals["passed_in_part"]
    assert judged > 25, totals
    print(f"Authlib, {JWTBearerGrant.GRANT_TYPE}, {kind}: {judged} scenarios pass, {totals['warned']} warn")
    count += 2

# Another key than the receiver knows.
url, _ = receiver(ASSERTION, None, "P-256")
code, totals, said = check(url, {}, private("RSA", PrivateFormat.TraditionalOpenSSL), WITH_ASSERTION, features)
assert code == 1 and "public key" in said, f"another key: {totals}: {said}"
count += 1

for method, keys in (("client_secret_basic", {}), ("client_secret_post", {"request_with": "basic"})):
    url, _ = receiver(method, None)
    code, totals, said = check(url, keys, secret_of(method))
    assert code == 1 and "oauth" in said, f"{method}, {keys}: {totals}: {said}"
    print(f"Authlib, {method}, {keys}: refused")
    count += 1
print(f"{count} passed, 0 failed")
