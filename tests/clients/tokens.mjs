// Token servers for Node that know nothing of Standin: oidc-provider, and oauth2-mock-server, which gives a token to
// anybody. What each of them issues lets doo's webhooks pass, and `standin check` finds what each of them lets through.
//
//     node tokens.mjs STANDIN

import assert from 'node:assert';
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [standin] = process.argv.slice(2);
// The libraries are in the folder from which this runs.
const from = createRequire(pathToFileURL(`${process.cwd()}/package.json`));
const load = (name) => import(pathToFileURL(from.resolve(name)));

// Its hints for production would hide what is said here.
console.warn = console.info = () => {};
const { Provider } = await load('oidc-provider');
const { OAuth2Server } = await load('oauth2-mock-server');
const { createLocalJWKSet, jwtVerify } = await load('jose');

const SECRET = 's3cr3t-0042_more';
const FILES = ['tokens', 'token-secret', 'token-cache', 'token-refusals'].map((name) => `features/doo/${name}.feature`);
// Made anew for each run, by their algorithms.
const PAIRS = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const pem = (pair) => pair.privateKey.export({ type: 'pkcs8', format: 'pem' });

/** A server on a free port of this machine. */
const listening = (server) =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
  });

/** A receiver that asks `isRight` about the token of each webhook. */
const receiver = (isRight) =>
  createServer(async (request, response) => {
    request.resume();
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    const right = scheme === 'Bearer' && Boolean(token) && (await isRight(token));
    response.writeHead(right ? 200 : 401, { 'content-type': 'application/json' }).end('{}');
  });

const check = async (receiver, tokens, keys, secret) => {
  const folder = mkdtempSync(join(tmpdir(), 'standin-'));
  const lines = Object.entries({ endpoint: `${tokens}/token`, ...keys }).map(([key, value]) => `      ${key}: ${value}\n`);
  const text = `receiver:\n  url: ${receiver}\nvendors:\n  doo:\n    deliver: /hooks/{trigger}\n    oauth:\n${lines.join('')}`;
  writeFileSync(join(folder, 'standin.yaml'), text);
  const args = ['check', ...FILES, '--json', 'report.json', '--no-retry', '--seed', '1'];
  const env = { PATH: process.env.PATH, HOME: folder, STANDIN_TEST_SECRET: secret };
  const run = spawn(standin, args, { cwd: folder, env });
  let said = '';
  for (const stream of [run.stdout, run.stderr]) stream.on('data', (part) => (said += part));
  const code = await new Promise((resolve) => run.on('close', resolve));
  const report = readFileSync(join(folder, 'report.json'), 'utf8');
  assert(!`${said}${report}`.includes(secret.trim()), 'a secret is shown');
  return { code, said, totals: JSON.parse(report).totals, scenarios: JSON.parse(report).features.flatMap((one) => one.scenarios) };
};

let count = 0;
const FROM_ENVIRONMENT = '"${STANDIN_TEST_SECRET}"';
for (const [method, keys, secret, algorithm] of [
  ['client_secret_post', { client_secret: FROM_ENVIRONMENT }, SECRET],
  ['client_secret_basic', { client_secret: FROM_ENVIRONMENT, request_with: 'basic' }, SECRET],
  ...Object.entries(PAIRS).map(([algorithm, pair]) => {
    const keys = { request_with: 'private_key_jwt', assertion: `{ private_key: ${FROM_ENVIRONMENT} }` };
    return ['private_key_jwt', keys, pem(pair), algorithm];
  }),
]) {
  const server = createServer();
  const url = await listening(server);
  const isJwt = Boolean(algorithm);
  const jwk = isJwt && { ...PAIRS[algorithm].publicKey.export({ format: 'jwk' }), use: 'sig', alg: algorithm };
  const provider = new Provider(url, {
    clients: [{
      client_id: 'doo',
      ...(isJwt ? { jwks: { keys: [jwk] } } : { client_secret: SECRET }),
      ...(isJwt && { token_endpoint_auth_signing_alg: algorithm }),
      token_endpoint_auth_method: method,
      grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
    }],
    features: { clientCredentials: { enabled: true }, revocation: { enabled: true }, devInteractions: { enabled: false } },
    enabledJWA: { clientAuthSigningAlgValues: Object.keys(PAIRS) },
    clientBasedCORS: () => false,
  });
  server.on('request', provider.callback());
  const hooks = receiver(async (token) => {
    const found = await provider.ClientCredentials.find(token);
    return Boolean(found) && !found.isExpired;
  });
  const revoking = { revoke: `${url}/token/revocation`, ...(isJwt ? { revoke_with: 'private_key_jwt' } : keys.request_with && { revoke_with: 'basic' }) };
  const { code, said, totals } = await check(await listening(hooks), url, { ...keys, ...revoking }, secret);
  assert(code === 0 && totals.failed === 0, `oidc-provider, ${method}: ${JSON.stringify(totals)}: ${said}`);
  const judged = totals.passed + totals.passed_in_part;
  assert(judged > 30, JSON.stringify(totals));
  console.log(`oidc-provider, ${method}${isJwt ? ` with ${algorithm}` : ''}: ${judged} scenarios pass`);
  count += 1;
  for (const one of [server, hooks]) one.close();
}

const mock = new OAuth2Server();
await mock.issuer.keys.generate('RS256');
await mock.start(0, '127.0.0.1');
mock.issuer.url = `http://127.0.0.1:${mock.address().port}`;
const keys = createLocalJWKSet({ keys: mock.issuer.keys.toJSON() });
const hooks = receiver((token) => jwtVerify(token, keys).then(() => true, () => false));
const url = await listening(hooks);
const { code, totals, scenarios } = await check(url, mock.issuer.url, { client_secret: FROM_ENVIRONMENT }, SECRET);
assert(code === 1, JSON.stringify(totals));
const failed = scenarios.filter((one) => one.verdict === 'failed');
// It gives a token to anybody who asks, and that is all that is wrong with it.
assert(failed.length > 0 && failed.every((one) => one.tags.includes('rule:token-secret')), JSON.stringify(failed.map((one) => one.name)));
console.log(`oauth2-mock-server: ${totals.passed + totals.passed_in_part} scenarios pass, ${failed.length} find that it asks for no secret`);
count += 1;
hooks.close();
await mock.stop();
console.log(`${count} passed, 0 failed`);
