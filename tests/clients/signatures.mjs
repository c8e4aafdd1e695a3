// Lets libraries for Node verify what `standin send --as` signs: the requests in the file that
// signatures.py wrote.
//
//     node signatures.mjs FILE

import assert from 'node:assert';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [file] = process.argv.slice(2);
// The libraries are in the folder from which this runs.
const from = createRequire(pathToFileURL(`${process.cwd()}/package.json`));
const load = (name) => import(pathToFileURL(from.resolve(name)));

const { Webhooks } = await load('@octokit/webhooks');
await load('@shopify/shopify-api/adapters/node');
const { shopifyApi } = await load('@shopify/shopify-api');

const shopify = (apiSecretKey) =>
  shopifyApi({
    apiKey: 'standin', apiSecretKey, apiVersion: '2026-10', isEmbeddedApp: false, hostName: 'standin.test',
    logger: { level: -1 },
  });

// octokit knows SHA-256 alone, so Node's own HMAC checks the older header.
const sha1 = ({ headers, body }, key) => {
  const right = Buffer.from(`sha1=${createHmac('sha1', key).update(body).digest('hex')}`);
  const given = Buffer.from(headers['x-hub-signature']);
  return right.length === given.length && timingSafeEqual(right, given);
};

const octokit = ({ headers, body }, secret) =>
  new Webhooks({ secret }).verify(body, headers['x-hub-signature-256']);

const libraries = {
  github: ['@octokit/webhooks', octokit],
  // The user's own description of the same signature.
  'my-github': ['@octokit/webhooks', octokit],
  'github-sha1': ["Node's HMAC", sha1],
  shopify: ['@shopify/shopify-api', async ({ headers, body }, key) => {
    const rawRequest = { method: 'POST', url: '/hooks', headers };
    const { valid } = await shopify(key).webhooks.validate({ rawBody: body, rawRequest });
    return valid;
  }],
};

let count = 0;
for (const request of JSON.parse(readFileSync(file, 'utf8'))) {
  const [name, verify] = libraries[request.sender];
  assert.equal(await verify(request, request.right), true, `${name} refuses what ${request.sender} signs`);
  assert.equal(await verify(request, request.wrong), false, `${name} takes a wrong key for ${request.sender}`);
  console.log(`${request.sender}: ${name} accepts it, and refuses it with a wrong key`);
  count += 1;
}
assert.equal(count, Object.keys(libraries).length);
console.log(`${count} passed, 0 failed`);
