// SPDX-License-Identifier: Apache-2.0
//
// plexctl login --again and --if-expiring: what cron runs.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { describe, test } = require('node:test');
const {
  approve, assertExit, bindingId, devserver, domainId, login, loginFlags, run, scratch, start,
} = require('./lib/harness.js');
const peers = require('./lib/peers.js');

const cron = ['login', '--again', '--if-expiring', '30m'];

function changeProfile(home, alter, name = 'default') {
  const document = home.readConfig();
  alter(document.profiles[name]);
  home.writeConfig(document);
}

const in_s = (seconds) => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, '');

async function again(home, server, args = cron) {
  const attempt = start(home, args, { env: server.trust });
  const [link] = await attempt.until(/https?:\/\/\S+user_code=\S+/);
  await approve(server, link);
  return attempt.done;
}

describe('login --again and --if-expiring', { concurrency: 4 }, () => {
  test('nothing is done while the token lives longer, and a login once it does not', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    await login(home, server, ['--profile-name', 'work']);
    const before = fs.readFileSync(home.configFile, 'utf8');
    const asked = server.exchanges.length;
    const still = await run(home, cron, { env: server.trust });
    assertExit(still, 0);
    assert.equal(still.stdout, `Profile "work" is valid until ${home.readConfig().profiles.work.expires_at}.\n`);
    assert.equal(still.stderr, '');
    assert.equal(server.exchanges.length, asked);
    assert.equal(fs.readFileSync(home.configFile, 'utf8'), before);

    changeProfile(home, (profile) => { profile.expires_at = in_s(1790); }, 'work');
    assertExit(await again(home, server), 0);
    const { work, default: none } = home.readConfig().profiles;
    assert.equal(none, undefined);
    assert.deepEqual([work.server, work.domain_id, work.idp_binding_id], [server.url, domainId, bindingId]);
    assert.ok(Date.parse(work.expires_at) > Date.now() + 3500 * 1000);
    const sent = server.exchanges.filter(({ request }) => request.target === '/v1/auth/device-code').map(({ request }) => request.text);
    assert.equal(sent[1], sent[0]);
  });

  test('no server, no preflight: with a dead server and a file that cannot be replaced', async (t) => {
    const home = scratch(t);
    home.writeConfig({ default: 'a', profiles: { a: { server: `https://localhost:${peers.refusingPort}`, token: 'canary-token-of-again-0', token_type: 'Bearer', expires_at: in_s(3600), domain_id: domainId, idp_binding_id: bindingId } } });
    fs.mkdirSync(`${home.configFile}.lock`); // which stops a preflight
    const result = await run(home, [...cron, '-o', 'json']);
    assertExit(result, 0);
    const { expires_in: left, ...document } = JSON.parse(result.stdout);
    assert.deepEqual(document, { profile: 'a', server: `https://localhost:${peers.refusingPort}`, token_type: 'Bearer', has_token: true, expires_at: home.readConfig().profiles.a.expires_at, changed: false });
    assert.ok(left > 3500 && left <= 3600, `${left}`);
    assertExit(await run(home, ['login', '--again']), 1, /config\.json\.lock/); // the control
  });

  for (const [name, alter] of [
    ['no expiry', (profile) => { delete profile.expires_at; }],
    ['an expiry that is no date', (profile) => { profile.expires_at = 'never'; }],
    ['no token', (profile) => { delete profile.token; }],
    ['an expiry in the past', (profile) => { profile.expires_at = '2020-01-01T00:00:00Z'; }],
  ]) {
    test(`${name} counts as expiring`, async (t) => {
      const server = await devserver(t);
      const home = scratch(t);
      await login(home, server);
      changeProfile(home, alter);
      assertExit(await again(home, server), 0);
      assert.ok(home.readConfig().profiles.default.token);
    });
  }

  test('--if-expiring with --server holds for a token of that server only', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    await login(home, server);
    const flags = ['login', ...loginFlags, '--if-expiring', '1m'];
    assertExit(await run(home, [...flags, '--server', `${server.url}/`], { env: server.trust }), 0);
    assertExit(await run(home, [...flags, '--server', `${server.url}/?x`], { env: server.trust }), 2, /--server: a server's URL has no query/);
    assertExit(await run(home, [...flags, '--server', `https://localhost:${peers.refusingPort}`]), 1, /device-code request/);
    assertExit(await run(home, [...flags, '--profile-name', 'other', '--server', `https://localhost:${peers.refusingPort}`]), 1, /device-code request/);
  });

  test('--if-expiring alone: no ids while it is good, then those of the flags or of --again', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    await login(home, server);
    assertExit(await run(home, ['login', '--if-expiring', '30m'], { env: server.trust }), 0);
    assertExit(await run(home, ['login', '--if-expiring', '2h'], { env: server.trust }), 2, /login: missing --domain-id UUID, --idp-binding-id UUID; give it, or see --help/);
    const elsewhere = { ...server.trust, PLEXSPHERE_URL: `https://localhost:${peers.refusingPort}` };
    const flags = ['login', ...loginFlags, '--if-expiring', '30m'];
    assertExit(await run(home, flags, { env: elsewhere }), 1, /device-code request/);
    assertExit(await run(home, cron, { env: elsewhere }), 0);
    assertExit(await run(home, [...flags, '--idp-binding-id', domainId], { env: server.trust }), 1, /HTTP 40/);
  });

  test('--again: the profile is that of --profile-name, else of --profile, else the default one', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    await login(home, server, ['--profile-name', 'first']);
    await login(home, server, ['--profile-name', 'second']);
    for (const [args, name] of [[[], 'first'], [['--profile', 'second'], 'second'], [['--profile', 'second', '--profile-name', 'first'], 'first']]) {
      const result = await run(home, [...cron, ...args]);
      assertExit(result, 0);
      assert.match(result.stdout, new RegExp(`^Profile "${name}" is valid`));
    }
  });

  test('--again: what the profile does not know is asked for by the flags\' names; ids that are given come first', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    assertExit(await run(home, ['login', '--again']), 2, /profile "default" yet; leave --again out, and give --domain-id UUID --idp-binding-id UUID$/m);
    await login(home, server);
    changeProfile(home, (profile) => { delete profile.idp_binding_id; });
    assertExit(await run(home, ['login', '--again']), 2, /give --idp-binding-id UUID$/m);
    assertExit(await again(home, server, ['login', '--again', '--idp-binding-id', bindingId]), 0);
    assertExit(await run(home, ['login', '--again', '--idp-binding-id', domainId], { env: server.trust }), 1, /HTTP 40/);
  });

  test('--again goes to the profile\'s server, and --server may only say the same', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    await login(home, server);
    const elsewhere = `https://localhost:${peers.refusingPort}`;
    assertExit(await run(home, ['login', '--again', '--server', elsewhere]), 2, /--server/);
    assertExit(await run(home, ['login', '--again', '--server', `${server.url}/eu`]), 2, /--server/);
    assertExit(await run(home, ['login', '--again', '--profile', 'nosuch']), 2, /no login has saved profile "nosuch" yet/);
    assertExit(await again(home, { ...server, trust: { ...server.trust, PLEXSPHERE_URL: elsewhere } }, ['login', '--again']), 0);
  });

  test('a config file that cannot be read is a fault, not an expired token', async (t) => {
    const home = scratch(t);
    home.writeConfig('[');
    assertExit(await run(home, cron), 2, /config\.json: line 1/);
  });
});
