// SPDX-License-Identifier: Apache-2.0
//
// Controls of the contract check: sound exchanges, each with one thing made wrong, must not pass. plexctl and devserver
// could otherwise agree on a mistake, and nobody would see it.
'use strict';

const assert = require('node:assert/strict');
const { before, describe, test } = require('node:test');
const { browserOf, callerOf } = require('./lib/caller.js');
const { judgeReply, judgeRequest } = require('./lib/contract.js');
const { devserver, domainId, login, loginFlags, run, scratch } = require('./lib/harness.js');
const { assertContract } = require('./lib/tap.js');

const without = (rawHeaders, name) =>
  rawHeaders.flatMap((text, i) => (i % 2 || text.toLowerCase() === name ? [] : [text, rawHeaders[i + 1]]));
const withHeader = (name, value) => (message) =>
  ({ ...message, rawHeaders: [...without(message.rawHeaders, name.toLowerCase()), name, value] });
const withoutHeader = (name) => (message) => ({ ...message, rawHeaders: without(message.rawHeaders, name) });
const alsoHeader = (name, value) => (message) => ({ ...message, rawHeaders: [...message.rawHeaders, name, value] });
const inCookies = (pattern, text) => (reply) =>
  ({ ...reply, rawHeaders: reply.rawHeaders.map((one) => one.replace(pattern, text)) });
const withBody = (change) => (message) =>
  ({ ...message, text: JSON.stringify({ ...JSON.parse(message.text), ...change }) });

const anyReply = [
  ...['cache-control', 'content-type', 'x-content-type-options', 'date']
    .map((name) => [`no ${name}`, withoutHeader(name)]),
  ['a cache that may keep it', withHeader('Cache-Control', 'max-age=60')],
  ['another content type', withHeader('Content-Type', 'text/html')],
  ['a header twice', alsoHeader('Content-Type', 'application/json')],
  ['a header that nobody declared', alsoHeader('Server', 'x')],
  ['a cookie', alsoHeader('Set-Cookie', 'a=b; Path=/v1/; SameSite=Strict; Secure')],
  ['a Retry-After out of place', alsoHeader('Retry-After', '1')],
  ['a status that nobody declared', (reply) => ({ ...reply, status: 418 })],
  ['a body that is no JSON', (reply) => ({ ...reply, text: `${reply.text.slice(0, -1)},}` })],
  ['a list for an object', (reply) => ({ ...reply, text: `[${reply.text}]` })],
  ['a member that nobody declared', withBody({ more: 1 })],
];

// What must be noticed, by the exchange that is spoilt.
const replies = {
  'POST /v1/auth/device-code 200': [
    ...anyReply,
    ...['device_code', 'user_code', 'verification_uri', 'verification_uri_complete', 'expires_in', 'interval']
      .map((name) => [`no ${name}`, withBody({ [name]: undefined })]),
    ['an interval of 0', withBody({ interval: 0 })],
    ['an expiry in text', withBody({ expires_in: '600' })],
    ['a user code of another alphabet', withBody({ user_code: 'ABCD-0189' })],
    ['a URI that is none', withBody({ verification_uri: 'not a uri' })],
  ],
  'POST /v1/auth/device-token 200': [
    ...anyReply,
    ...['access_token', 'token_type', 'expires_in'].map((name) => [`no ${name}`, withBody({ [name]: undefined })]),
    ['a refresh token', withBody({ refresh_token: 'x' })],
    ['another type of token', withBody({ token_type: 'mac' })],
    ['a token of other bytes', withBody({ access_token: 'a b' })],
  ],
  'GET /v1/auth/whoami 200': [
    ...anyReply,
    ['no subject', withBody({ subject: undefined })],
    ['another kind of principal', withBody({ principal_type: 'robot' })],
    ['seventeen methods', withBody({ amr: Array(17).fill('pwd') })],
    ['a domain that is no UUID', withBody({ domain_id: 'x' })],
  ],
  'GET /v1/auth/whoami 401': [
    ...anyReply,
    ...['type', 'title', 'status', 'detail', 'instance'].map((name) => [`no ${name}`, withBody({ [name]: undefined })]),
    ['no challenge', withoutHeader('www-authenticate')],
    ['the challenge of a session', withHeader('WWW-Authenticate', 'Cookie realm="plexsphere"')],
    ['plain JSON', withHeader('Content-Type', 'application/json')],
    ['a status in the body that is not the reply\'s', withBody({ status: 400 })],
    ['the instance of another call', withBody({ instance: '/v1/health' })],
    ['a code of another call', withBody({ code: 'slow_down' })],
  ],
  'POST /v1/auth/device/approve 401': [
    ['the challenge for a bearer', withHeader('WWW-Authenticate', 'Bearer realm="plexsphere"')],
  ],
  'GET /v1/health 503': [
    ['no Retry-After', withoutHeader('retry-after')],
    ['a status of good health', withBody({ status: 'ok' })],
  ],
  'POST /v1/health 405': [['no Allow', withoutHeader('allow')]],
  'POST /v1/auth/device/sign-in 303': [
    ['a session for scripts', inCookies('; HttpOnly', '')],
    ['a session for other sites', inCookies('SameSite=Strict', 'SameSite=Lax')],
    ['a session for plain http', inCookies('; Secure', '')],
    ['a session for the whole host', inCookies('Path=/v1/', 'Path=/')],
    ['a CSRF value that no script can read', inCookies(/(_csrf=.*)/, '$1; HttpOnly')],
    ['a way to elsewhere', withHeader('Location', 'https://cp.example.com/')],
  ],
  'POST /v1/auth/device/sign-out 303': [
    ['a CSRF cookie left', inCookies(/^(plexsphere_csrf.*); Max-Age=0$/, '$1')],
    ['a session left', inCookies(/^(plexsphere_session.*); Max-Age=0$/, '$1')],
  ],
};

const anyRequest = [
  ['a cookie', alsoHeader('Cookie', 'a=b')],
  ['Expect', alsoHeader('Expect', '100-continue')],
  ['a content coding', alsoHeader('Accept-Encoding', 'gzip')],
  ['another Accept', withHeader('Accept', '*/*')],
  ['no User-Agent', withoutHeader('user-agent')],
  ['another method', (request) => ({ ...request, method: 'PUT' })],
  ['another path', (request) => ({ ...request, target: '/v1/auth/token' })],
  ['a query', (request) => ({ ...request, target: `${request.target}?a=b` })],
];
const anyPost = [
  ...anyRequest,
  ['a bearer', alsoHeader('Authorization', 'Bearer x')],
  ['no content type', withoutHeader('content-type')],
  ['a form', withHeader('Content-Type', 'application/x-www-form-urlencoded')],
  ['a grant type', withBody({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code' })],
  ['a client', withBody({ client_id: 'plexctl' })],
];
const requests = {
  'POST /v1/auth/device-code': [
    ...anyPost,
    ['no domain', withBody({ domain_id: undefined })],
    ['no binding', withBody({ idp_binding_id: undefined })],
    ['an id in braces', withBody({ domain_id: `{${domainId}}` })],
  ],
  'POST /v1/auth/device-token': [...anyPost, ['no device code', withBody({ device_code: undefined })]],
  'GET /v1/auth/whoami': [
    ...anyRequest,
    ['no bearer', withoutHeader('authorization')],
    ['a password', withHeader('Authorization', 'Basic eDp5')],
    ['a body', (request) => ({ ...request, text: '{}' })],
  ],
};

describe('the contract check notices', () => {
  // By "METHOD path status", each sound.
  const sound = new Map();
  const sent = new Map();

  before(async () => {
    let cleanUp;
    const scope = { after: (action) => { cleanUp = action; } };
    const server = await devserver(scope, ['--fault', 'health/503']);
    const home = scratch(scope);
    await login(home, server);
    await run(home, ['whoami'], { env: server.trust });
    for (const { request, reply } of server.exchanges) {
      sent.set(`${request.method} ${request.target}`, request);
      sound.set(`${request.method} ${request.target} ${reply.status}`, { asked: request, reply });
    }
    const caller = callerOf(server, new Set());
    const person = browserOf(caller);
    const answers = [
      await caller.call('GET', '/v1/auth/whoami'),
      await caller.call('GET', '/v1/health'),
      await caller.call('POST', '/v1/health'),
      await caller.call('POST', '/v1/auth/device/approve'),
      await person.signIn('alice@example.test'),
      await person.submit('/v1/auth/device/sign-out', {}),
    ];
    for (const { asked, ...reply } of answers) {
      sound.set(`${asked.method} ${asked.target} ${reply.status}`, { asked, reply });
    }
    await cleanUp();
  });

  for (const [name, mutations] of Object.entries(replies)) {
    test(`in the reply ${name}: ${mutations.length} faults`, () => {
      const { asked, reply } = sound.get(name);
      assert.deepEqual(judgeReply(asked, reply), []);
      for (const [fault, spoil] of mutations) {
        assert.notDeepEqual(spoil(reply), reply, fault);
        assert.notEqual(judgeReply(asked, spoil(reply)).length, 0, fault);
      }
    });
  }

  for (const [name, mutations] of Object.entries(requests)) {
    test(`in the request ${name}: ${mutations.length} faults`, () => {
      const request = sent.get(name);
      assert.deepEqual(judgeRequest(request), []);
      for (const [fault, spoil] of mutations) {
        assert.notDeepEqual(spoil(request), request, fault);
        assert.notEqual(judgeRequest(spoil(request)).length, 0, fault);
      }
    });
  }

  test('on the tap: a wrong request, a wrong reply, one that did not come whole', () => {
    const { asked: request, reply } = sound.get('POST /v1/auth/device-code 200');
    assertContract([{ request, reply }]);
    const html = { ...reply, text: '<html>' };
    const wrong = withBody({ more: 1 })(request);
    for (const exchange of [{ request, reply: html }, { request, reply: null }, { request: wrong, reply }]) {
      assert.throws(() => assertContract([{ request, reply }, exchange]), /what (plexctl sends|devserver answers)/);
    }
    assertContract([{ request, reply: html }], 1);
    assert.throws(() => assertContract([{ request: wrong, reply }], 1), /what plexctl sends/);
  });

  test('on the tap, the lies of a server', async (t) => {
    const server = await devserver(t, ['--fault', 'device-code/garbage']);
    const result = await run(scratch(t), ['login', '--server', server.url, ...loginFlags], { env: server.trust });
    assert.equal(result.code, 1);
    assert.throws(() => assertContract(server.exchanges), /what devserver answers/);
  });
});
