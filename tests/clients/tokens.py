"""A token server of Authlib's, and a receiver that takes its tokens, pass doo's scenarios about tokens: with the
client's credentials in the form, and by HTTP Basic. Each refuses the other way.

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
from flask import Flask, request
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


class Token(TokenMixin):
    def __init__(self, token):
        self.token, self.ends = token, time.time() + token["expires_in"]

    def get_scope(self):
        return self.token.get("scope", "")

    def is_expired(self):
        return time.time() >= self.ends

    def is_revoked(self):
        return False


class Grant(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]


def secret_of(method):
    return SECRET if method == "client_secret_basic" else FORM_SECRET


def receiver(method, scope):
    """A server whose clients show their credentials in this way, and whose webhooks need this scope."""
    app, tokens, asked = Flask("receiver"), {}, []
    clients = {"doo": Client("doo", secret_of(method), method)}

    def save(token, request):
        tokens[token["access_token"]] = Token(token)

    tokens_of = AuthorizationServer(app, query_client=clients.get, save_token=save)
    tokens_of.register_grant(Grant)

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
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}", asked


SETTINGS = """receiver:
  url: URL
vendors:
  doo:
    deliver: /hooks/{trigger}
    oauth:
      endpoint: /oauth/token
      client_secret: "${STANDIN_TEST_SECRET}"
"""


def check(url, keys, secret):
    folder = Path(tempfile.mkdtemp())
    lines = "".join(f"      {name}: {value}\n" for name, value in keys.items())
    (folder / "standin.yaml").write_text(SETTINGS.replace("URL", url) + lines)
    features = [f"features/doo/{name}.feature" for name in ("tokens", "token-secret", "token-cache")]
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

for method, keys in (("client_secret_basic", {}), ("client_secret_post", {"request_with": "basic"})):
    url, _ = receiver(method, None)
    code, totals, said = check(url, keys, secret_of(method))
    assert code == 1 and "oauth" in said, f"{method}, {keys}: {totals}: {said}"
    print(f"Authlib, {method}, {keys}: refused")
    count += 1
print(f"{count} passed, 0 failed")
