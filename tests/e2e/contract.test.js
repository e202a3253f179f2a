// SPDX-License-Identifier: Apache-2.0
//
// The contract of tests/contract against both sides: every reply of devserver, every request of plexctl, and the
// document that devserver gives of itself. Here each call is made to fail in each way that it can; the other tests are
// held to the same contract by the tap that they talk through.
'use strict';

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { JSON_TYPE, browserOf, callerOf } = require('./lib/caller.js');
const { api, pages, statusesOf } = require('./lib/contract.js');
const { assertExit, bindingId, devserver, domainId, login, run, scratch } = require('./lib/harness.js');

const DEVICE = '/v1/auth/device';
const APPROVE = `${DEVICE}/approve`;
// Ends only what would never end.
const HANGS_MS = 60000;
const tooLarge = 'x'.repeat(65537);

// Bodies and headers that a call refuses before it looks further, by path: [status, code, what is sent].
const refusals = [
  ['POST', '/v1/auth/device-code', 400, 'selector_missing', { headers: JSON_TYPE, body: '{}' }],
  ['POST', '/v1/auth/device-code', 400, 'invalid_request', { headers: JSON_TYPE, body: '{"domain_id":"x"}' }],
  ['POST', '/v1/auth/device-code', 400, 'selector_mismatch',
    { headers: JSON_TYPE, body: JSON.stringify({ domain_id: domainId, idp_binding_id: domainId }) }],
  ['POST', '/v1/auth/device-code', 400, 'selector_conflict',
    { headers: JSON_TYPE,
      body: `{"domain_id":"${domainId}","idp_binding_id":"${bindingId}","idp_binding_alias":"a"}` }],
  ['POST', '/v1/auth/device-code', 404, 'idp_binding_not_found',
    { headers: JSON_TYPE, body: JSON.stringify({ domain_id: bindingId, idp_binding_id: domainId }) }],
  ['POST', '/v1/auth/device-code', 413, 'body_too_large', { headers: JSON_TYPE, body: tooLarge }],
  ['POST', '/v1/auth/device-code', 415, 'unsupported_media_type', { body: '{}' }],
  ['POST', '/v1/auth/device-token', 400, 'invalid_request', { headers: JSON_TYPE, body: '{}' }],
  ['POST', '/v1/auth/device-token', 400, 'invalid_grant', { headers: JSON_TYPE, body: '{"device_code":"none"}' }],
  ['POST', '/v1/auth/device-token', 413, 'body_too_large', { headers: JSON_TYPE, body: tooLarge }],
  ['POST', '/v1/auth/device-token', 415, 'unsupported_media_type', { body: '{}' }],
  ['GET', '/v1/auth/whoami', 401, 'bearer_missing', {}],
  ['GET', '/v1/auth/whoami', 401, 'token_invalid', { headers: { authorization: 'Bearer x' } }],
  ['POST', APPROVE, 401, 'session_missing', { headers: JSON_TYPE, body: '{}' }],
  ['POST', APPROVE, 413, 'body_too_large', { headers: JSON_TYPE, body: tooLarge }],
  ['GET', '/v1/auth/idp-bindings', 400, 'invalid_request', {}],
  ['GET', '/v1/auth/idp-bindings?domain_id=x', 400, 'invalid_request', {}],
  ['GET', '/v1/nowhere', 404, 'path_not_found', {}],
  ['POST', '/v1/health', 405, 'method_not_allowed', {}],
  ['GET', APPROVE, 405, 'method_not_allowed', {}],
  ['GET', '/v1/version', 413, 'body_too_large', { body: tooLarge }],
  ['GET', '/v1/version', 421, 'host_not_served', { headers: { host: 'cp.example.com' } }],
];

// What no request brings about, by --fault: memory and random bytes that run short, a full table, a server gone down.
const spoilt = [
  ['device-code', 'POST', '/v1/auth/device-code', [500, 503]],
  ['device-token', 'POST', '/v1/auth/device-token', [500]],
  ['whoami', 'GET', '/v1/auth/whoami', [500]],
  ['approve', 'POST', APPROVE, [500]],
  ['idp-bindings', 'GET', '/v1/auth/idp-bindings', [500]],
  ['health', 'GET', '/v1/health', [500, 503]],
  ['version', 'GET', '/v1/version', [500]],
  ['openapi', 'GET', '/v1/openapi.json', [500]],
];

for (const secure of [true, false]) {
  describe(`devserver over ${secure ? 'https' : 'http'}`, () => {
    const seen = new Set();
    const begin = async (t, args = []) => callerOf(await devserver(t, args, { tls: secure }), seen);

    async function expectCode(promise, status, code) {
      const reply = await promise;
      assert.deepEqual([reply.status, reply.json.code], [status, code]);
    }

    test('refuses each bad request as declared', async (t) => {
      const caller = await begin(t);
      for (const [method, target, status, code, sent] of refusals) {
        await expectCode(caller.call(method, target, sent), status, code);
      }
    });

    test('fails as declared', async (t) => {
      const script = spoilt.flatMap(([name, , , statuses]) => statuses.map((status) => `${name}/${status}`)).join(',');
      const caller = await begin(t, ['--fault', script]);
      for (const [, method, target, statuses] of spoilt) {
        for (const status of statuses) assert.equal((await caller.call(method, target)).status, status);
      }
    });

    test('a login from the code to the token, and each wrong turn', async (t) => {
      // The second poll is to be too soon, however late this machine makes it.
      const caller = await begin(t, ['--interval', '10s']);
      const person = browserOf(caller);
      const grant = await caller.askForCode();
      await expectCode(caller.poll(grant.device_code), 400, 'authorization_pending');
      await expectCode(caller.poll(grant.device_code), 400, 'slow_down');
      await person.signIn('alice@example.test');
      await person.open(`${DEVICE}?user_code=${grant.user_code}`);
      await expectCode(person.approve('no code'), 400, 'invalid_request');
      await expectCode(person.approve('AAAA-AAAA'), 404, 'device_code_not_found');
      for (const [headers, status, code] of [
        [{ 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
        [{ 'x-plexsphere-csrf': 'x' }, 403, 'csrf_token_mismatch'],
        [{ origin: 'https://cp.example.com' }, 403, 'csrf_origin_mismatch'],
      ]) await expectCode(person.approve(grant.user_code, headers), status, code);
      const body = JSON.stringify({ user_code: grant.user_code });
      const nameless = caller.callWithoutHost('POST', APPROVE, { headers: person.approval(), body });
      await expectCode(nameless, 403, 'csrf_origin_not_configured');
      assert.equal((await person.approve(grant.user_code)).status, 200);
      await expectCode(person.approve(grant.user_code), 409, 'device_code_already_approved');
      const token = (await caller.poll(grant.device_code)).json.access_token;
      await expectCode(caller.poll(grant.device_code), 400, 'invalid_grant');
      const who = await caller.call('GET', '/v1/auth/whoami', { headers: { authorization: `Bearer ${token}` } });
      assert.equal(who.json.email, 'alice@example.test');
      for (const [identity, status, code, approval] of [
        ['denied@example.test', 400, 'access_denied', 'access_denied'],
        ['forbidden@example.test', 403, 'principal_forbidden', 'principal_forbidden'],
      ]) {
        const other = await caller.askForCode();
        await person.signIn(identity);
        await expectCode(person.approve(other.user_code), 403, approval);
        await expectCode(caller.poll(other.device_code), status, code);
      }
    });

    test('codes and tokens that are over', async (t) => {
      const caller = await begin(t, ['--expires-in', '5s', '--token-expires-in', '5s']);
      const person = browserOf(caller);
      const [first, second] = [await caller.askForCode(), await caller.askForCode()];
      await person.signIn('alice@example.test');
      assert.equal((await person.approve(first.user_code)).status, 200);
      const { json } = await caller.poll(first.device_code);
      assert.ok(json.access_token, JSON.stringify(json));
      const headers = { authorization: `Bearer ${json.access_token}` };
      const until = async (code, ask) => {
        const end = Date.now() + HANGS_MS;
        while ((await ask()).json.code !== code) {
          assert.ok(Date.now() < end, `${code} never comes`);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      };
      await until('token_expired', () => caller.call('GET', '/v1/auth/whoami', { headers }));
      await until('expired_token', () => caller.poll(second.device_code));
      await expectCode(person.approve(second.user_code), 409, 'device_code_expired');
      assert.equal((await person.open(`${DEVICE}?user_code=${second.user_code}`)).status, 409);
    });

    test('the pages, their forms and their cookies', async (t) => {
      const caller = await begin(t);
      const person = browserOf(caller);
      const grant = await caller.askForCode();
      const decide = (decision, fields, headers) =>
        person.submit(`${DEVICE}/decision`, { user_code: grant.user_code, decision, ...fields }, headers);
      const status = async (promise, wanted) => assert.equal((await promise).status, wanted);
      await status(decide('approve'), 401);
      await person.signIn('alice@example.test');
      await status(decide('neither'), 400);
      await status(decide('approve', { csrf: 'x' }), 403);
      await status(decide('approve', { user_code: 'AAAA-AAAA' }), 404);
      await status(person.open(`${DEVICE}?user_code=AAAA-AAAA`), 404);
      for (const form of ['sign-in', 'sign-out']) {
        await status(person.submit(`${DEVICE}/${form}`, {}, { origin: 'null' }), 403);
        await status(person.submit(`${DEVICE}/${form}`, {}, { 'content-type': 'text/plain' }), 400);
      }
      await status(decide('approve'), 200);
      await status(decide('approve'), 409);
      await status(person.submit(`${DEVICE}/sign-out`, { user_code: grant.user_code }), 303);
      assert.equal(person.cookies.size, 0, 'signing out leaves no cookie');
      await person.signIn('alice@example.test');
      const end = Date.now() + HANGS_MS;
      while ((await person.open(`${DEVICE}?user_code=AAAA-AAAA`)).status === 404) assert.ok(Date.now() < end, 'no limit on tries');
      await status(decide('approve'), 429);
      await expectCode(person.approve(grant.user_code), 429, 'too_many_attempts');
    });

    test('what anybody may ask', async (t) => {
      const caller = await begin(t);
      const bindings = `/v1/auth/idp-bindings?domain_id=${domainId}`;
      for (const target of ['/v1/health', '/v1/version', '/v1/openapi.json', bindings]) {
        assert.equal((await caller.call('GET', target)).status, 200);
      }
    });

    test('every status of every call was seen above', () => {
      const declared = [...api, ...pages].flatMap((schema) =>
        statusesOf(schema).map((status) => `${schema.operation} ${status}`));
      assert.deepEqual(declared.filter((one) => !seen.has(one)), []);
    });
  });
}

test('the document that devserver gives of itself agrees with the contract', async (t) => {
  const caller = callerOf(await devserver(t), new Set());
  const document = (await caller.call('GET', '/v1/openapi.json')).json;
  const documented = Object.entries(document.paths).flatMap(([path, calls]) =>
    Object.entries(calls).map(([method, { responses }]) => [`${method.toUpperCase()} ${path}`, responses]));
  assert.deepEqual(documented.map(([operation]) => operation).sort(), api.map(({ operation }) => operation).sort());
  for (const schema of api) {
    const [, responses] = documented.find(([operation]) => operation === schema.operation);
    assert.deepEqual(Object.keys(responses).map(Number).sort(), statusesOf(schema).sort(), schema.operation);
    for (const [status, { content }] of Object.entries(responses)) {
      const [[type, { schema: { $ref } }]] = Object.entries(content);
      const isProblem = schema.$defs[status].$ref === 'common.json#/$defs/problem_reply';
      assert.equal(type, isProblem ? 'application/problem+json' : 'application/json', `${schema.operation} ${status}`);
      const { properties, required } = document.components.schemas[$ref.split('/').at(-1)];
      const stated = schema.$defs[status].properties?.body;
      if (isProblem || !stated?.required || $ref.endsWith('/Document')) continue;
      assert.deepEqual([Object.keys(properties), required], [Object.keys(stated.properties), stated.required], $ref);
    }
  }
});

test('plexctl sends the three calls as the contract has them', async (t) => {
  for (const tls of [true, false]) {
    const server = await devserver(t, [], { tls });
    const home = scratch(t);
    assertExit(await login(home, server), 0);
    assertExit(await run(home, ['whoami'], { env: server.trust }), 0);
    const sent = new Set(server.exchanges.map(({ request }) => `${request.method} ${request.target}`));
    assert.deepEqual([...sent], ['POST /v1/auth/device-code', 'POST /v1/auth/device-token', 'GET /v1/auth/whoami']);
  }
});
