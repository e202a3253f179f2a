// SPDX-License-Identifier: Apache-2.0
//
// Where server and token come from, which server a token may go to, and the read-only commands on the config file.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { describe, test } = require('node:test');
const { NOBODY, assertExit, assertNoSecret, devserver, login, plexctl, run, scratch, start } = require('./lib/harness.js');

const token = 'canary-token-7f3a91';

function twoProfiles(server) {
  return {
    default: 'main',
    profiles: {
      main: { server, token, token_type: 'Bearer', expires_at: '2099-01-01T00:00:00Z' },
      other: { server: 'https://other.example', token: 'canary-other-55', token_type: 'Bearer' },
    },
  };
}

describe('resolution', { concurrency: 4 }, () => {
  test('a stored token goes only to the origin that issued it', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    home.writeConfig(twoProfiles('https://issuer.example'));
    const result = await run(home, ['whoami', '--server', server.url], { env: server.trust });
    assertExit(result, 3);
    assert.ok(result.stderr.includes('https://issuer.example') && result.stderr.includes(server.url), result.stderr);
    assertNoSecret(result.stdout + result.stderr, token);
  });

  test('the same origin in another spelling and path is the same', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    assertExit(await login(home, server), 0);
    const result = await run(home, ['whoami', '--server', server.url.replace('localhost', 'LocalHost') + '/'], { env: server.trust });
    assertExit(result, 0, undefined);
  });

  for (const [name, setUp] of [
    ['--token-file', (home, value) => (fs.writeFileSync(home.holdsSecret(`${home.dir}/token`), `${value}\n`), { args: ['--token-file', `${home.dir}/token`] })],
    ['--token-file -', (home, value) => ({ args: ['--token-file', '-'], input: value })],
    ['PLEXSPHERE_TOKEN', (home, value) => ({ args: [], env: { PLEXSPHERE_TOKEN: value } })],
  ]) {
    test(`a token from ${name} goes where the operator says`, async (t) => {
      const server = await devserver(t);
      const home = scratch(t);
      assertExit(await login(home, server), 0);
      const value = home.readConfig().profiles.default.token;
      const elsewhere = scratch(t);
      elsewhere.writeConfig(twoProfiles('https://issuer.example'));
      const { args, env, input } = setUp(elsewhere, value);
      const result = await run(elsewhere, ['whoami', '--server', server.url, ...args], { env: { ...server.trust, ...env }, input });
      assertExit(result, 0);
      assert.match(result.stdout, /alice/);
      assertNoSecret(result.stdout + result.stderr, value);
    });
  }

  test('a token that the server does not know: 401, exit 1, with the hint to log in', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    home.writeConfig(twoProfiles(server.url));
    const result = await run(home, ['whoami'], { env: server.trust });
    assertExit(result, 1, /401.*plexctl login/);
    assertNoSecret(result.stdout + result.stderr, token);
  });

  test('without HOME, flags alone are enough', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    assertExit(await login(home, server), 0);
    const { token: value } = home.readConfig().profiles.default;
    const bare = scratch(t);
    delete bare.env.HOME;
    delete bare.env.XDG_CONFIG_HOME;
    const result = await run(bare, ['whoami', '--server', server.url], { env: { ...server.trust, PLEXSPHERE_TOKEN: value } });
    assertExit(result, 0);
    assertExit(await run(bare, ['profile', 'list']), 2, /HOME/);
  });

  test('whoami in json and yaml', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    assertExit(await login(home, server), 0);
    const json = await run(home, ['whoami', '-o', 'json'], { env: server.trust });
    assertExit(json, 0);
    const document = JSON.parse(json.stdout);
    assert.equal(document.principal_type, 'user');
    assert.ok(document.subject);
    const yaml = await run(home, ['whoami', '-o', 'yaml'], { env: server.trust });
    assertExit(yaml, 0);
    assert.match(yaml.stdout, /^principal_type: user$/m);
  });
});

describe('profile', () => {
  test('list shows every profile and no token', async (t) => {
    const home = scratch(t);
    home.writeConfig(twoProfiles('https://cp.example.com'));
    const table = await run(home, ['profile', 'list']);
    assertExit(table, 0);
    assert.match(table.stdout, /NAME/);
    assert.match(table.stdout, /main +https:\/\/cp\.example\.com/);
    assert.match(table.stdout, /other +https:\/\/other\.example/);
    const json = await run(home, ['profile', 'list', '-o', 'json']);
    assertExit(json, 0);
    const list = JSON.parse(json.stdout);
    assert.deepEqual(list.map((profile) => [profile.name, profile.default]), [['main', true], ['other', false]]);
    assertNoSecret(table.stdout + json.stdout, token);
  });

  test('list without a file is empty', async (t) => {
    const home = scratch(t);
    const result = await run(home, ['profile', 'list', '-o', 'json']);
    assertExit(result, 0);
    assert.deepEqual(JSON.parse(result.stdout), []);
    assert.ok(!fs.existsSync(home.env.XDG_CONFIG_HOME), 'reading makes no directory');
  });

  for (const format of ['table', 'json', 'yaml']) {
    test(`show masks the token in ${format}, unless --reveal-secrets`, async (t) => {
      const home = scratch(t);
      home.writeConfig(twoProfiles('https://cp.example.com'));
      const masked = await run(home, ['profile', 'show', '-o', format]);
      assertExit(masked, 0);
      assert.ok(masked.stdout.includes('***'));
      assertNoSecret(masked.stdout, token);
      const shown = await run(home, ['profile', 'show', 'main', '-o', format, '--reveal-secrets'], { reveals: true });
      assertExit(shown, 0);
      assert.ok(shown.stdout.includes(token));
    });
  }

  test('show takes the name, else --profile, else the default', async (t) => {
    const home = scratch(t);
    home.writeConfig(twoProfiles('https://cp.example.com'));
    for (const [args, name] of [[[], 'main'], [['other'], 'other'], [['--profile', 'other'], 'other']]) {
      const result = await run(home, ['profile', 'show', '-o', 'json', ...args]);
      assertExit(result, 0);
      assert.equal(JSON.parse(result.stdout).name, name);
    }
  });
});

// Root ignores file modes: these run as an ordinary user, on a config of that user's own.
describe('the config file of an ordinary user', { skip: process.getuid() !== 0 && 'needs root to become another user' }, () => {
  function unprivileged(t, document, mode) {
    const home = scratch(t);
    home.writeConfig(document, mode);
    for (const path of [home.dir, home.env.XDG_CONFIG_HOME, `${home.env.XDG_CONFIG_HOME}/plexctl`, home.configFile]) {
      fs.chownSync(path, NOBODY, NOBODY);
    }
    return home;
  }
  const asNobody = (home, args, options) => run(home, args, { ...options, uid: NOBODY });

  test('can be run at all', async (t) => {
    fs.accessSync(plexctl, fs.constants.X_OK);
    assertExit(await asNobody(scratch(t), ['version']), 0);
  });

  for (const [mode, code, pattern] of [
    [0o600, 0, null],
    [0o620, 2, /chmod/],
    [0o602, 2, /chmod/],
    [0o000, 2, /./],
  ]) {
    test(`mode ${mode.toString(8).padStart(4, '0')}: exit ${code}`, async (t) => {
      const home = unprivileged(t, twoProfiles('https://cp.example.com'), mode);
      assertExit(await asNobody(home, ['profile', 'list']), code, pattern);
    });
  }

  test('mode 0644: one warning, and the next login repairs it', async (t) => {
    const server = await devserver(t);
    const home = unprivileged(t, twoProfiles(server.url), 0o644);
    const list = await asNobody(home, ['profile', 'list']);
    assert.equal(list.code, 0);
    assert.equal(list.stderr.match(/^plexctl: warning: /gm).length, 1, list.stderr);
    assert.equal(list.stderr.trimEnd().split('\n').length, 1);
    fs.chmodSync(server.tlsDir, 0o755);
    const repaired = await login(home, server, [], { uid: NOBODY });
    assert.equal(repaired.code, 0, repaired.stderr);
    assert.equal(fs.statSync(home.configFile).mode & 0o7777, 0o600);
  });

  test('a file of another owner is refused', async (t) => {
    const home = unprivileged(t, twoProfiles('https://cp.example.com'), 0o644);
    fs.chownSync(home.configFile, 0, 0);
    assertExit(await asNobody(home, ['profile', 'list']), 2, /own/);
  });

  test('a directory that cannot be written stops login before the first request', async (t) => {
    const server = await devserver(t);
    const home = unprivileged(t, twoProfiles(server.url), 0o600);
    fs.chmodSync(`${home.env.XDG_CONFIG_HOME}/plexctl`, 0o555);
    const result = await start(home, ['login', '--server', server.url, '--domain-id', '0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0',
      '--idp-binding-id', '0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0'], { env: server.trust, uid: NOBODY }).done;
    assert.equal(result.stdout, '', 'nobody is asked to approve');
    assertExit(result, 1, /^plexctl: cannot save to .*config\.json: .*Permission denied/);
  });
});
