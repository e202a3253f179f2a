// SPDX-License-Identifier: Apache-2.0
//
// Who am I, until when: what a login says behind its sentence, as a person sees it and as a script does; what comes before the
// saved profile; --set-default.
'use strict';

const assert = require('node:assert/strict');
const net = require('node:net');
const { describe, test } = require('node:test');
const { approve, assertExit, devserver, login, loginFlags, run, scratch } = require('./lib/harness.js');
const { listen } = require('./lib/https.js');
const { measure, repeatAlone } = require('./lib/late.js');
const peers = require('./lib/peers.js');
const { openScreen } = require('./lib/screen.js');

const sentence = (name = 'default') => `Logged in. Saved profile "${name}".`;
const asked = (server) => server.exchanges.map(({ request }) => request.target).filter((target) => target === '/v1/auth/whoami').length;

// A login on a terminal, approved; when it has ended: `rows` as they stand on the screen, `lines` as they were printed.
async function loginOnScreen(t, home, server, args = [], options = {}) {
  const screen = await openScreen(t, home, ['login', '--server', server.url, ...loginFlags, ...args],
    { ...options, env: { ...server.trust, ...options.env } });
  await screen.until(/^Go on only if /m);
  const [link] = (await screen.history()).join('\n').match(/https?:\/\/\S+user_code=\S+/);
  await approve(server, link);
  const code = await screen.status();
  return { code, rows: await screen.lines(), lines: (await screen.printed()).filter((line) => line) };
}

describe('a login on a terminal', { concurrency: 4 }, () => {
  test('names who it is in a line behind the sentence, over the one connection, and the profile knows', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    const { code, rows, lines } = await loginOnScreen(t, home, server);
    assert.equal(code, 0);
    const profile = home.readConfig().profiles.default;
    const [span] = lines.at(-1).match(/(59|60) minutes/);
    assert.deepEqual(lines.slice(-2), [sentence(), `You are alice@example.test (user), until ${profile.expires_at} (${span}).`]);
    assert.ok(rows.includes(lines.at(-1)), 'it fits 80 columns');
    assert.deepEqual([asked(server), server.connections()], [1, 1]);
    const who = await run(home, ['whoami', '-o', 'json'], { env: server.trust });
    assert.equal(profile.subject, JSON.parse(who.stdout).subject);
    assert.ok(Math.abs((Date.parse(profile.expires_at) - Date.now()) / 1000 - 3600) < 60, profile.expires_at);
    assert.equal(JSON.parse((await run(home, ['profile', 'show', '-o', 'json'])).stdout).subject, profile.subject);
    assertExit(await run(home, ['profile', 'doctor']), 0);
  });

  test('says so where the profile was another\'s, and how to name one that is not the default', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    home.writeConfig({ default: 'default', profiles: { default: { server: server.url, subject: 'bob' } } });
    const again = await loginOnScreen(t, home, server);
    const { subject } = home.readConfig().profiles.default;
    assert.equal(again.lines.at(-1), `plexctl: warning: profile "default" belonged to another subject before: to bob, and now to ${subject}`);
    assert.equal(home.readConfig().profiles.default.previous_subject, undefined);
    assert.match(again.lines.at(-2), /^You are alice@example\.test /);

    const second = await loginOnScreen(t, home, server, ['--profile-name', 'second'], { columns: 40, lines: 12 });
    assert.deepEqual(second.lines.at(-3), sentence('second'));
    assert.match(second.lines.at(-2), /^You are alice@example\.test \(user\), until \S+ \(\d+ minutes\)\.$/);
    assert.equal(second.lines.at(-1), 'It is not the default profile: use it with --profile second.');
    const third = await loginOnScreen(t, home, server, ['--profile-name', 'third', '--set-default']);
    assert.match(third.lines.at(-1), /^You are /);
    assert.equal(home.readConfig().default, 'third');
  });

  for (const [fault, said] of [['403', /HTTP 403/], ['garbage', /malformed whoami response/], ['reset', /closed/], ['stall', /timed out after (\d+) ms/]]) {
    test(`a whoami that fails (${fault}) is a warning and changes nothing`, (t) => measure(t, fault, 6000, async (one) => {
      const server = await devserver(one, ['--fault', `whoami/${fault}`]);
      const home = scratch(one);
      const { code, lines } = await loginOnScreen(one, home, server);
      assert.equal(code, 0);
      assert.equal(lines.at(-2), sentence());
      assert.match(lines.at(-1), /^plexctl: warning: who you are could not be confirmed: /);
      assert.match(lines.at(-1), said);
      const { token, subject } = home.readConfig().profiles.default;
      assert.ok(token && subject === undefined);
      const [, waitedMs = 0] = lines.at(-1).match(said);
      assert.ok(fault !== 'stall' || waitedMs >= 5000, lines.at(-1));
      return Number(waitedMs);
    }));
  }

  // What another login, or a person, does to the file while the server is asked.
  for (const [what, next] of [
    ['a newer login', (config) => ({ default: 'other', profiles: { ...config.profiles, default: { ...config.profiles.default, token: 'the-token-of-the-newer-login' } } })],
    ['a removal', ({ profiles: { other } }) => ({ default: 'other', profiles: { other } })],
  ]) {
    test(`${what} while the server is asked who it is stands as it is`, async (t) => {
      const home = scratch(t);
      let stands;
      const plane = await peers.scripted(t, 'the-device-code-0123456789', [
        (response) => peers.reply(response, 200, { access_token: 'the-token-that-was-saved', token_type: 'Bearer', expires_in: 3600 }),
        (response) => {
          stands = next(home.readConfig());
          home.writeConfig(stands);
          peers.reply(response, 200, { principal_type: 'user', subject: 'alice' });
        },
      ]);
      home.writeConfig({ default: 'default', profiles: { other: { server: plane.url, token: 'the-token-of-the-other' } } });
      const screen = await openScreen(t, home, ['login', '--server', plane.url, ...loginFlags, '--set-default'], { columns: 400 });
      assert.equal(await screen.status(), 0);
      assert.deepEqual(home.readConfig(), stands);
      const lines = await screen.history();
      assert.ok(lines.some((line) => /^plexctl: warning: who you are could not be saved: .*profile "default" does not hold that token any more$/.test(line)), lines.join('\n'));
    });
  }

  test('asks nobody where the output is json', async (t) => {
    const server = await devserver(t);
    const { code, lines } = await loginOnScreen(t, scratch(t), server, ['-o', 'json']);
    assert.deepEqual([code, lines.at(-1), asked(server)], [0, '}', 0]);
  });
});

describe('whoami --offline', { concurrency: 4 }, () => {
  const now = Date.now();
  const uuid = '0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0';
  const date = (seconds) => new Date(now + seconds * 1000).toISOString().replace(/\.\d+/, '');

  // A profile of a server that counts whoever comes.
  async function profile(t, members) {
    const home = scratch(t);
    const server = net.createServer();
    let connections = 0;
    server.on('connection', () => { connections += 1; });
    const url = await listen(t, server);
    home.writeConfig({ default: 'x', profiles: { x: { server: url, token: 'the-token-of-the-profile', ...members } } });
    return { home, url, connections: () => connections };
  }

  for (const [state, members, code] of [
    ['valid', { expires_at: date(3600), subject: 'somebody' }, 0],
    ['expired', { expires_at: date(-3600), subject: 'somebody', domain_id: uuid, idp_binding_id: uuid }, 1],
    ['unknown', {}, 0],
  ]) {
    test(`${state}: said in every format, and nobody is asked`, async (t) => {
      const { home, url, connections } = await profile(t, members);
      const json = await run(home, ['whoami', '--offline', '-o', 'json']);
      assertExit(json, code, code ? /^plexctl: the token of profile "x" expired .*; run `plexctl login --again --profile-name x`$/m : undefined);
      const { expires_in: left, ...rest } = JSON.parse(json.stdout);
      assert.deepEqual(rest, { profile: 'x', server: url, subject: members.subject ?? null, state,
        expires_at: members.expires_at ?? null, overridden_by: null });
      assert.ok(left === null ? state === 'unknown' : Math.abs(left - (Date.parse(members.expires_at) - Date.now()) / 1000) < 60, `${left} s`);
      const table = await run(home, ['whoami', '--offline']);
      assertExit(table, code);
      assert.match(table.stdout, new RegExp(`^STATE +${state}$`, 'm'));
      assert.match(table.stdout, { valid: /^EXPIRES IN +\d+ minutes$/m, expired: /^EXPIRED +\d+ minutes ago$/m, unknown: /^EXPIRES IN +-$/m }[state]);
      assertExit(await run(home, ['whoami', '--offline', '-o', 'yaml']), code);
      assert.equal(connections(), 0);
    });
  }

  test('a token in the environment is said to come first, and nothing of it is known', async (t) => {
    const { home, connections } = await profile(t, { expires_at: date(-3600), subject: 'somebody' });
    const result = await run(home, ['whoami', '--offline', '-o', 'json'], { env: { PLEXSPHERE_TOKEN: 'of-the-environment' } });
    assertExit(result, 0, /^plexctl: warning: PLEXSPHERE_TOKEN in the environment comes before the profile; of that token nothing is known here$/m);
    const { state, subject, overridden_by: by } = JSON.parse(result.stdout);
    assert.deepEqual([state, subject, by, connections()], ['unknown', null, 'PLEXSPHERE_TOKEN', 0]);
  });

  test('no profile, or none of that name, is no token', async (t) => {
    assertExit(await run(scratch(t), ['whoami', '--offline']), 3, /plexctl login/);
    const { home } = await profile(t, {});
    assertExit(await run(home, ['whoami', '--offline', '--profile', 'y']), 3, /"y" does not exist/);
    assertExit(await run(home, ['whoami', '--offline', '--profile', 'x']), 0);
  });

  // By each way that the environment has a say: what offline ends with, and what a request would.
  for (const [env, args, offline, online, state] of [
    [{ PLEXSPHERE_TOKEN: 'of-the-environment' }, ['--profile', 'nope'], 3, 3],
    [{ PLEXSPHERE_URL: 'https://elsewhere.example.com' }, [], 0, 3, 'overridden'],
    [{ PLEXSPHERE_URL: 'https://elsewhere.example.com' }, ['--profile', 'x'], 0, 1, 'unknown'],
    [{}, ['--server', 'https://elsewhere.example.com'], 2, 3],
    [{}, ['--token-file', '/dev/null'], 2, 2],
  ]) {
    test(`${JSON.stringify(env)} ${args.join(' ')}: ${state ?? offline}`, async (t) => {
      const { home, connections } = await profile(t, { subject: 'somebody' });
      const result = await run(home, ['whoami', '--offline', '-o', 'json', ...args], { env });
      assertExit(result, offline);
      assert.equal(connections(), 0);
      if (state) assert.equal(JSON.parse(result.stdout).state, state);
      if (online !== 1) assertExit(await run(home, ['whoami', ...args], { env }), online);
    });
  }

  test('an expired token that a server refuses: log in again as that profile was made', async (t) => {
    const home = scratch(t);
    const plane = await peers.server(t, (request, body, response) => peers.problem(response, 401, 'token_expired'));
    home.writeConfig({ default: 'x', profiles: { x: { server: plane.url, token: 'the-token-of-the-profile', domain_id: uuid, idp_binding_id: uuid } } });
    assertExit(await run(home, ['whoami']), 1, /; log in again with `plexctl login --again --profile-name x`$/m);
    assertExit(await run(home, ['whoami'], { env: { PLEXSPHERE_TOKEN: 'of-the-environment' } }), 1, /; log in again with `plexctl login`$/m);
  });
});

describe('a login in a pipe', { concurrency: 4 }, () => {
  test('asks nobody, ends with the sentence, and the next on a terminal still knows whose it was', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    assert.equal((await loginOnScreen(t, home, server)).code, 0);
    const before = asked(server);
    const result = await login(home, server);
    assertExit(result, 0);
    assert.ok(result.stdout.endsWith(`\n${sentence()}\n`), result.stdout);
    const saved = home.readConfig();
    const { subject, previous_subject: previous } = saved.profiles.default;
    assert.deepEqual([result.stderr, asked(server), subject], ['', before, undefined]);
    assert.equal(JSON.parse((await run(home, ['whoami', '--offline', '-o', 'json'])).stdout).subject, null);
    saved.profiles.default.previous_subject = 'bob';
    home.writeConfig(saved);
    assertExit(await login(home, server), 0);
    const third = await loginOnScreen(t, home, server);
    assert.equal(third.lines.at(-1), `plexctl: warning: profile "default" belonged to another subject before: to bob, and now to ${previous}`);
    const { profiles: { default: last } } = home.readConfig();
    assert.deepEqual([last.subject, last.previous_subject], [previous, undefined]);
  });

  test('--set-default moves the default, in a summary of the same five keys', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    assertExit(await login(home, server, ['--profile-name', 'first']), 0);
    const result = await login(home, server, ['--profile-name', 'second', '--set-default', '-o', 'json']);
    assertExit(result, 0);
    const summary = JSON.parse(result.stdout.slice(result.stdout.lastIndexOf('\n{') + 1));
    assert.deepEqual(Object.keys(summary), ['profile', 'server', 'token_type', 'expires_in', 'has_token']);
    assert.equal(home.readConfig().default, 'second');
    assertExit(await login(home, server, ['--profile-name', 'first', '--set-default=false']), 0);
    assert.equal(home.readConfig().default, 'second');
  });

  const elsewhere = 'https://elsewhere.example.com';
  for (const [what, env, args, warned] of [
    ['a token', { PLEXSPHERE_TOKEN: 'of-the-environment' }, [], 'PLEXSPHERE_TOKEN is set'],
    ['another server', { PLEXSPHERE_URL: elsewhere }, [], 'PLEXSPHERE_URL is set'],
    ['both', { PLEXSPHERE_URL: elsewhere, PLEXSPHERE_TOKEN: 'of-the-environment' }, ['-o', 'json'], 'PLEXSPHERE_URL and PLEXSPHERE_TOKEN are set'],
    ['empty ones', { PLEXSPHERE_URL: '', PLEXSPHERE_TOKEN: '' }, [], null],
    ['the same server', 'same', ['-o', 'yaml'], null],
  ]) {
    test(`${what} in the environment: ${warned ? 'a warning' : 'nothing'}, and so it comes`, async (t) => {
      const server = await devserver(t);
      const home = scratch(t);
      const set = env === 'same' ? { PLEXSPHERE_URL: `${server.url}/` } : env;
      const result = await login(home, server, args, { env: set });
      assertExit(result, 0);
      const warnings = result.stderr.split('\n').filter((line) => line);
      assert.equal(warnings.length, warned ? 1 : 0, result.stderr);
      if (warned) assert.ok(warnings[0].startsWith(`plexctl: warning: ${warned}, and later commands take`), warnings[0]);
      const who = await run(home, ['whoami'], { env: { ...server.trust, ...set } });
      assert.equal(who.code === 0, !warned, who.stderr);
    });
  }

  test('a server in the environment does not come before a profile that has to be named', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    assertExit(await login(home, server), 0);
    const result = await login(home, server, ['--profile-name', 'second'], { env: { PLEXSPHERE_URL: elsewhere } });
    assertExit(result, 0);
    assert.equal(result.stderr, '');
    assertExit(await run(home, ['whoami', '--profile', 'second'], { env: { ...server.trust, PLEXSPHERE_URL: elsewhere } }), 0);
  });
});

repeatAlone();
