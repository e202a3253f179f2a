// SPDX-License-Identifier: Apache-2.0
//
// Finding the ids: login --list-bindings, what a wrong id suggests, and what Tab offers.
'use strict';

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { askWords } = require('./lib/ask_again.js');
const { assertExit, bindingId, devserver, domainId, login, loginFlags, run, scratch } = require('./lib/harness.js');
const peers = require('./lib/peers.js');

const foreignDomain = bindingId;
const list = (home, server, args = []) =>
  run(home, ['login', '--server', server.url, '--list-bindings', '--domain-id', domainId, ...args], { env: server.trust });
const tryIds = (home, server, domain, binding) =>
  run(home, ['login', '--server', server.url, '--domain-id', domain, '--idp-binding-id', binding], { env: server.trust });

// A server that refuses the ids and says `bindings` (null: nothing at all) when it is asked for them.
function refusing(t, bindings) {
  return peers.server(t, (request, body, response) => {
    if (request.url === '/v1/auth/device-code') peers.problem(response, 400, 'idp_binding_mismatch', 'they do not match');
    else if (bindings === null) request.socket.destroy();
    else peers.reply(response, 200, bindings);
  });
}

describe('the bindings of a domain', { concurrency: 4 }, () => {
  test('as a table', async (t) => {
    const result = await list(scratch(t), await devserver(t));
    assertExit(result, 0);
    const [head, row, ...more] = result.stdout.trimEnd().split('\n');
    assert.match(head, /^ID +ALIAS +LABEL +ISSUER +PRIMARY +PLATFORM$/);
    assert.ok(row.startsWith(`${bindingId}  `), row);
    assert.deepEqual(more, []);
  });

  test('as json and yaml, in the order of the server\'s members', async (t) => {
    const server = await devserver(t);
    const json = await list(scratch(t), server, ['-o', 'json']);
    const [row] = JSON.parse(json.stdout);
    assert.deepEqual(Object.keys(row), ['id', 'alias', 'label', 'issuer_host', 'primary', 'platform_scoped']);
    assert.equal(row.id, bindingId);
    const yaml = await list(scratch(t), server, ['-o', 'yaml']);
    assert.match(yaml.stdout, new RegExp(`^- id: ${bindingId}$`, 'm'));
  });

  test('of a domain that has none: an empty list', async (t) => {
    const server = await devserver(t);
    const result = await run(scratch(t), ['login', '--server', server.url, '--list-bindings', '--domain-id', foreignDomain, '-o', 'json'], { env: server.trust });
    assertExit(result, 0);
    assert.deepEqual(JSON.parse(result.stdout), []);
  });

  test('without a config file that could be written; but with a server', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    home.writeConfig('[');
    assertExit(await list(home, server), 0);
    assertExit(await run(scratch(t), ['login', '--list-bindings', '--domain-id', domainId]), 3);
    assertExit(await run(scratch(t), ['login', '--list-bindings']), 2, /missing --domain-id UUID/);
    assertExit(await run(scratch(t), ['login', '--list-bindings', '--domain-id', 'x']), 2, /--domain-id/);
  });

  for (const [fault, pattern] of [['500:1', /listing the domain's bindings: .*HTTP 500/], ['garbage:1', /malformed answer/], ['html:1', /plexsphere API/]]) {
    test(`--fault idp-bindings/${fault}: exit 1`, async (t) => {
      assertExit(await list(scratch(t), await devserver(t, ['--fault', `idp-bindings/${fault}`])), 1, pattern);
    });
  }

  test('a wrong binding suggests those of the domain, a wrong domain says that it has none', async (t) => {
    const server = await devserver(t);
    const mismatch = await tryIds(scratch(t), server, domainId, domainId);
    assertExit(mismatch, 1, new RegExp(`HTTP 40[04].*; check --domain-id and --idp-binding-id; this domain's bindings: ${bindingId} \\(\\S.*/.*\\)$`, 'm'));
    assertExit(await tryIds(scratch(t), server, foreignDomain, bindingId), 1, /; check --domain-id and --idp-binding-id; this domain has no bindings$/m);
  });

  test('where the bindings cannot be had, nothing is said of it', async (t) => {
    const failing = await devserver(t, ['--fault', 'idp-bindings/500:1']);
    assertExit(await tryIds(scratch(t), failing, domainId, domainId), 1, /; check --domain-id and --idp-binding-id$/m);
    const gone = await refusing(t, null);
    assertExit(await run(scratch(t), ['login', '--server', gone.url, ...loginFlags]), 1, /they do not match.*; check --domain-id and --idp-binding-id$/m);
  });

  test('what the server says of itself reaches no terminal raw, and is cut', async (t) => {
    const evil = { id: bindingId, alias: '\u001b[31mred\u202e', label: 'x'.repeat(5000), issuer_host: '', primary: true, platform_scoped: false };
    const { url } = await refusing(t, Array(9).fill(evil));
    const result = await run(scratch(t), ['login', '--server', url, ...loginFlags]);
    assertExit(result, 1, /bindings: .*\\x1b\[31mred.*, and more: see --list-bindings$/m);
    assert.ok(result.stderr.length < 900, `${result.stderr.length}`);
    assertExit(await run(scratch(t), ['login', '--server', url, '--list-bindings', '--domain-id', domainId]), 0);
  });

  test('Tab offers them behind --idp-binding-id, where the domain stands before it', async (t) => {
    const server = await devserver(t);
    const ask = (hasToOffer, ...words) => askWords(t, scratch(t), ['login', '--server', server.url, ...words, '--idp-binding-id', ''], { hasToOffer, env: server.trust });
    assert.match((await ask(true, '--domain-id', domainId)).stdout, new RegExp(`^${bindingId}\\t\\S.*/`, 'm'));
    assert.doesNotMatch((await ask(false, '--domain-id', foreignDomain)).stdout, /\d/);
    assert.doesNotMatch((await ask(false)).stdout, /\d/);
  });

  test('with --again the domain is the profile\'s, for the list and for Tab', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    await login(home, server);
    assertExit(await run(home, ['login', '--list-bindings', '--again'], { env: server.trust }), 0, undefined);
    const ask = (...words) => askWords(t, home, ['login', ...words, ''], { hasToOffer: true, env: server.trust });
    assert.match((await ask('--again', '--idp-binding-id')).stdout, new RegExp(`^${bindingId}\\t`, 'm'));
    assert.match((await ask('--domain-id')).stdout, new RegExp(`^${domainId}\\tprofile default$`, 'm'));
  });
});
