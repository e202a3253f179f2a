// SPDX-License-Identifier: Apache-2.0
//
// plexctl login against the control plane that plexctl ships, as the specification says.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const { describe, test } = require('node:test');
const {
  approve, assertExit, assertNoSecret, assertTidy, bindingId, devserver, domainId, login, loginFlags, plexctl, run, scratch, start,
  startLogin,
} = require('./lib/harness.js');
const { measure, repeatAlone, timed } = require('./lib/late.js');

const sentence = 'Logged in. Saved profile "default".';

// Gives how many milliseconds a login took to die.
async function signalled(t, signal) {
  const server = await devserver(t);
  const home = scratch(t);
  const attempt = await startLogin(home, server);
  attempt.child.kill(signal);
  const { result, took } = await timed(attempt.done);
  assert.equal(result.signal, signal);
  assert.equal(result.stderr, '');
  const left = fs.existsSync(home.env.XDG_CONFIG_HOME) ? fs.readdirSync(`${home.env.XDG_CONFIG_HOME}/plexctl`) : [];
  assert.deepEqual(left.filter((name) => name !== 'config.json.lock'), []);
  return took;
}

describe('login', { concurrency: 4 }, () => {
  test('happy path: prompt, approval, saved profile, whoami without flags', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    const result = await login(home, server);
    assertExit(result, 0);
    const lines = result.stdout.trimEnd().split('\n');
    assert.equal(lines.at(-1), sentence);
    assert.ok(lines.some((line) => /^https:\/\/\S+$/.test(line.trim()) && !line.includes('user_code')), 'the plain URI on a line of its own');
    assert.ok(lines.some((line) => /^[A-Z2-7]{4}-?[A-Z2-7]{4}$/.test(line.trim())), 'the code on a line of its own');
    assert.equal(result.stderr, '');

    const document = home.readConfig();
    assert.equal(document.default, 'default');
    const profile = document.profiles.default;
    assert.equal(profile.server, server.url);
    assert.equal(profile.token_type, 'Bearer');
    assert.equal(profile.domain_id, domainId);
    assert.equal(profile.idp_binding_id, bindingId);
    assert.match(profile.expires_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const lifetime = (Date.parse(profile.expires_at) - Date.now()) / 1000;
    assert.ok(lifetime > 3500 && lifetime <= 3600, `${lifetime} s`);
    assert.equal(fs.statSync(home.configFile).mode & 0o7777, 0o600);
    assertNoSecret(result.stdout + result.stderr, profile.token);

    const who = await run(home, ['whoami'], { env: server.trust });
    assertExit(who, 0);
    assert.match(who.stdout, /alice@example\.test/);
    assertNoSecret(who.stdout, profile.token);
  });

  test('--output json ends in the five keys of the specification, in its order', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    const result = await login(home, server, ['--output', 'json']);
    assertExit(result, 0);
    const document = result.stdout.slice(result.stdout.lastIndexOf('\n{') + 1);
    assert.equal(
      document,
      `{\n  "profile": "default",\n  "server": "${server.url}",\n  "token_type": "Bearer",\n  "expires_in": 3600,\n  "has_token": true\n}\n`,
    );
    assert.ok(result.stdout.includes('user_code='), 'the prompt goes to stdout in json mode too');
    assert.ok(!result.stdout.includes(sentence));
    assertNoSecret(result.stdout, home.readConfig().profiles.default.token);
  });

  test('--output yaml ends in the same keys', async (t) => {
    const server = await devserver(t);
    const result = await login(scratch(t), server, ['-o', 'yaml']);
    assertExit(result, 0);
    assert.match(
      result.stdout,
      new RegExp(`profile: default\\nserver: ['"]?${server.url}['"]?\\ntoken_type: Bearer\\nexpires_in: 3600\\nhas_token: true\\n$`),
    );
  });

  test('--profile-name saves a second profile and leaves the default pointer', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    assertExit(await login(home, server, ['--profile-name', 'first.one']), 0);
    const first = home.readConfig();
    assert.equal(first.default, 'first.one');
    const second = await login(home, server, ['--profile-name', 'second']);
    assertExit(second, 0);
    assert.match(second.stdout, /^Logged in\. Saved profile "second"\.$/m);
    const document = home.readConfig();
    assert.equal(document.default, 'first.one');
    assert.deepEqual(document.profiles['first.one'], first.profiles['first.one']);
    assert.notEqual(document.profiles.second.token, first.profiles['first.one'].token);
  });

  test('PLEXSPHERE_URL serves as the server', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    const attempt = start(home, ['login', ...loginFlags], { env: { ...server.trust, PLEXSPHERE_URL: `${server.url}/` } });
    const [link] = await attempt.until(/https:\/\/\S+user_code=\S+/);
    await approve(server, link);
    assertExit(await attempt.done, 0);
    assert.equal(home.readConfig().profiles.default.server, server.url);
  });

  test('--token-file is inert: never opened', async (t) => {
    const server = await devserver(t);
    assertExit(await login(scratch(t), server, ['--token-file', '/nonexistent/token']), 0);
  });

  test('a file that cannot be the config stops login before the first request', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    home.writeConfig('{ "profiles": [1, }');
    const result = await run(home, ['login', '--server', server.url, ...loginFlags], { env: server.trust });
    assertExit(result, 2, /config\.json.*line 1/);
    assert.equal(result.stdout, '');
    assert.equal(fs.readFileSync(home.configFile, 'utf8'), '{ "profiles": [1, }');
  });

  test('unknown members are kept, byte for byte', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    const before = '{"x":12345678901234567890,\n "profiles":{"a":{"server":"https://a.example","n":1.50,"u":"\\u00e9"}},"default":"a"}\n';
    home.writeConfig(before);
    assertExit(await login(home, server), 0);
    const after = fs.readFileSync(home.configFile, 'utf8');
    assert.ok(after.startsWith('{"x":12345678901234567890,\n "profiles":{"a":{"server":"https://a.example","n":1.50,"u":"\\u00e9"}'), after);
    assert.ok(after.endsWith('"default":"a"}\n'), after);
    assert.ok(JSON.parse(after).profiles.default.token);
  });

  // How an approval can end: exit-code table and error table of the polling endpoint.
  for (const [name, options, code, pattern] of [
    ['the operator presses Deny', { decision: 'deny' }, 1, /access_denied/],
    ['the identity provider refuses', { identity: 'denied@example.test' }, 1, /access_denied/],
    ['the denial maps to 403', { identity: 'forbidden@example.test' }, 4, /403/],
  ]) {
    test(`${name}: exit ${code}, nothing saved`, async (t) => {
      const server = await devserver(t);
      const home = scratch(t);
      const result = await login(home, server, [], options);
      assertExit(result, code, pattern);
      assert.ok(!fs.existsSync(home.configFile));
    });
  }

  test('no approval before the deadline: the specified message, exit 1', async (t) => {
    const server = await devserver(t, ['--expires-in', '2s']);
    const home = scratch(t);
    const result = await run(home, ['login', '--server', server.url, ...loginFlags], { env: server.trust });
    assertExit(result, 1);
    assert.equal(result.stderr, 'plexctl: device-code session expired before approval; restart with `plexctl login`\n');
    assert.ok(!fs.existsSync(home.configFile));
  });

  for (const [name, ids, code] of [
    ['mismatched ids', ['--domain-id', domainId, '--idp-binding-id', domainId], 1],
    ['an unknown domain', ['--domain-id', bindingId, '--idp-binding-id', bindingId], 1],
  ]) {
    test(`${name} are the server's refusal, exit ${code}`, async (t) => {
      const server = await devserver(t);
      const result = await run(scratch(t), ['login', '--server', server.url, ...ids], { env: server.trust });
      assertExit(result, code, /HTTP 40[04]/);
    });
  }

  // Troubles that polling survives, and those that end it.
  for (const [fault, warnings] of [
    ['slow_down:1', 0],
    ['503:1', 1],
    ['429:1', 1],
    ['reset:1', 1],
    ['truncate:1', 1],
    ['500:2', 1],
  ]) {
    test(`--fault ${fault}: login goes on and says so ${warnings ? 'once' : 'not at all'}`, async (t) => {
      const server = await devserver(t, ['--fault', fault]);
      const home = scratch(t);
      const result = await login(home, server);
      assertExit(result, 0);
      assert.equal(result.stderr.match(/^plexctl: warning: /gm)?.length ?? 0, warnings, result.stderr);
      assert.ok(home.readConfig().profiles.default.token);
    });
  }
  for (const [fault, pattern] of [
    ['html:1', /plexsphere API/],
    ['redirect:1', /redirect/],
    ['garbage:1', /./],
    ['device-code/503:1', /503/],
    ['device-code/html:1', /plexsphere API/],
    ['device-code/redirect:1', /redirect/],
  ]) {
    test(`--fault ${fault} ends login with exit 1`, async (t) => {
      const server = await devserver(t, ['--fault', fault]);
      const home = scratch(t);
      const result = await run(home, ['login', '--server', server.url, ...loginFlags], { env: server.trust });
      assertExit(result, 1, pattern);
      assert.ok(!fs.existsSync(home.configFile));
    });
  }

  test('an unknown certificate is refused, naming SSL_CERT_FILE', async (t) => {
    const server = await devserver(t);
    const result = await run(scratch(t), ['login', '--server', server.url, ...loginFlags]);
    assertExit(result, 1, /certificate.*SSL_CERT_FILE/);
  });

  test('plain http on loopback works', async (t) => {
    const server = await devserver(t, [], { tls: false });
    assert.match(server.url, /^http:\/\/(localhost|127\.0\.0\.1):/);
    assertExit(await login(scratch(t), server), 0);
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
    test(`${signal} while waiting: dies by it, leaves nothing`, (t) => measure(t, signal, 200, (one) => signalled(one, signal)));
  }

  test('no secret in argv or environment while waiting; the process cannot be dumped', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    const attempt = await startLogin(home, server);
    const pid = attempt.child.pid;
    const seen = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8') + fs.readFileSync(`/proc/${pid}/environ`, 'utf8');
    assert.match(fs.readFileSync(`/proc/${pid}/limits`, 'utf8'), /Max core file size +0 +0/);
    await approve(server, attempt.link);
    assertExit(await attempt.done, 0);
    assertNoSecret(seen, home.readConfig().profiles.default.token);
  });

  test('a pipe that closes before the prompt ends login before it polls', async (t) => {
    const server = await devserver(t);
    const nobodyReads = 'mkfifo pipe; exec 3<>pipe 4>pipe 3>&-; "$@" >&4 4>&-; echo $?';
    const result = await run(scratch(t), ['-c', nobodyReads, 'sh', plexctl, 'login', '--server', server.url, ...loginFlags], {
      command: '/bin/sh',
      env: server.trust,
    });
    assert.equal(result.stdout, '1\n', result.stderr);
    assert.match(result.stderr, /^plexctl: .*standard output/);
    assert.deepEqual(server.exchanges.map(({ request }) => request.target), ['/v1/auth/device-code']);
  });

  test('output that fails after the save says that the profile was saved', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    const out = `${home.dir}/out`;
    // Larger than the config file, so that a limit at its end stops the next line of output and not the save.
    fs.writeFileSync(out, 'x'.repeat(16384));
    const fd = fs.openSync(out, 'a');
    const attempt = start(home, ['login', '--server', server.url, ...loginFlags], { env: server.trust, stdio: ['ignore', fd, 'pipe'] });
    fs.closeSync(fd);
    let link;
    while (!link) {
      assert.equal(attempt.child.exitCode, null, attempt.seen.stderr);
      link = fs.readFileSync(out, 'utf8').match(/https:\/\/\S+user_code=\S+(?=\n[^]*started this login)/)?.[0];
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    execFileSync('prlimit', ['--pid', String(attempt.child.pid), `--fsize=${fs.statSync(out).size}`]);
    await approve(server, link);
    const result = await attempt.done;
    assert.equal(result.code, 1);
    assert.match(result.stderr, /^plexctl: saved, but /);
    assert.ok(home.readConfig().profiles.default.token);
  });

  test('help, faults and secrets: nothing of the session is on any output', async (t) => {
    const server = await devserver(t, ['--fault', '503:1,slow_down:1']);
    const home = scratch(t);
    const result = await login(home, server, ['-o', 'json']);
    assertTidy(result, [home.readConfig().profiles.default.token]);
    assert.ok(!/device_code/.test(result.stdout + result.stderr));
  });
});

repeatAlone();
