// SPDX-License-Identifier: Apache-2.0
//
// Whole logins, watched by what anyone may read below /proc: neither argv nor environment of plexctl, or of a process
// that it starts, ever holds the token or the device code. As root, who may read all, and as the user who logs in.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { NOBODY, approve, assertExit, assertNoSecret, devserver, loginFlags, plexctl, run, scratch, start } = require('./lib/harness.js');
const { showsSecret } = require('./lib/canary.js');
const { holdLock } = require('./lib/trouble.js');

const sampler = path.join(__dirname, 'lib/proc_sampler.js');
const isRoot = process.getuid() === 0;
// plexctl is not dumpable: the kernel shows its environment only to who may trace any process (capabilities(7)).
const CAP_SYS_PTRACE = 19n;
const capabilities = BigInt(`0x${fs.readFileSync('/proc/self/status', 'latin1').match(/^CapEff:\s*(\S+)/m)[1]}`);
const mayReadAll = ((capabilities >> CAP_SYS_PTRACE) & 1n) === 1n;
const SEEN_MAX_MS = 10_000;
// Of about a thousand in the second that a login takes at least: on a busy machine the sampler gets a part of them.
const LEAST_SAMPLES = 10;

// As start(), and `report()` tells what was seen once it is done.
function startWatched(home, args, { command = plexctl, ...options } = {}) {
  const report = path.join(home.dir, 'report.json');
  // It holds a secret only where the test fails.
  home.holdsSecret(report);
  const started = start(home, [sampler, report, command, ...args], { command: process.execPath, ...options });
  return { ...started, reportFile: report, report: () => JSON.parse(fs.readFileSync(report, 'utf8')) };
}

function assertUnseen(report, secrets) {
  assert.ok(report.texts.some((text) => text.includes('--domain-id') || text.includes('whoami')), 'argv was seen');
  for (const text of report.texts) for (const secret of secrets) assertNoSecret(text, secret, 'a secret stands in argv or environment');
}

function assertEnvironmentSeen(report, home) {
  assert.ok(report.texts.some((text) => text.includes(`HOME=${home.dir}\0`)), 'the environment was seen');
  assert.equal(report.refused.environ ?? 0, 0, 'the environment was refused');
}

function secretsOf(server) {
  const bodies = server.exchanges.map(({ reply }) => reply?.text ?? '').filter((text) => /"(access_token|device_code)"/.test(text));
  const secrets = bodies.flatMap((text) => [JSON.parse(text).access_token, JSON.parse(text).device_code]).filter(Boolean);
  assert.equal(secrets.length, 2, 'a device code and a token were issued');
  return secrets;
}

async function until(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

// plexctl's own number, and of its children; the sampler is its parent.
const childrenOf = (pid) => fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);

async function watchLogin(t, faults, { uid, waitsForLock = false } = {}) {
  const server = await devserver(t, faults);
  const home = scratch(t);
  if (uid) {
    fs.chownSync(home.dir, uid, uid);
    fs.chmodSync(path.dirname(server.trust.SSL_CERT_FILE), 0o755);
    fs.chmodSync(server.trust.SSL_CERT_FILE, 0o644);
  }
  const login = startWatched(home, ['login', '--server', server.url, ...loginFlags], { uid, env: server.trust });
  const [link] = await login.until(/https:\/\/\S+user_code=\S+(?=\n[^]*started this login)/);
  const letGo = waitsForLock ? await holdLock(t, home) : async () => {};
  await approve(server, link);
  if (waitsForLock) await until(() => childrenOf(childrenOf(login.child.pid)[0]).length > 0);
  await letGo();
  assertExit(await login.done, 0);
  const report = login.report();
  if (mayReadAll && !uid) assertEnvironmentSeen(report, home);
  return { home, server, report };
}

const blind = !mayReadAll && 'without CAP_SYS_PTRACE the kernel refuses the environment of plexctl: only its argv was looked at';

describe('argv and environment', { concurrency: 4 }, () => {
  test('of a login, and of whoami after it', async (t) => {
    const { home, server, report } = await watchLogin(t, []);
    assertUnseen(report, secretsOf(server));
    assert.ok(report.samples > LEAST_SAMPLES, `${report.samples} samples`);
    const who = startWatched(home, ['whoami'], { env: server.trust });
    assertExit(await who.done, 0);
    assertUnseen(who.report(), secretsOf(server));
  });

  test('of a login: the environment was read, each time', { skip: blind }, async (t) => {
    const { home, report } = await watchLogin(t, []);
    assertEnvironmentSeen(report, home);
    assert.throws(() => assertEnvironmentSeen({ ...report, refused: { environ: 1 } }, home), /refused/);
  });

  test('of a login that meets trouble', async (t) => {
    const { server, report } = await watchLogin(t, ['--fault', '503:1']);
    assertUnseen(report, secretsOf(server));
  });

  test('of a login that waits for the lock, and of the process that waits for it', async (t) => {
    const { server, report } = await watchLogin(t, [], { waitsForLock: true });
    assert.ok(report.processes.length >= 2, 'plexctl and its child were seen');
    assertUnseen(report, secretsOf(server));
  });

  test('of a login, to the user who logs in: the environment is refused', { skip: !isRoot && 'needs root to become another user' }, async (t) => {
    const { home, server, report } = await watchLogin(t, [], { uid: NOBODY });
    assert.equal(fs.statSync(home.configFile).uid, NOBODY);
    assert.ok(report.refused.environ > LEAST_SAMPLES, `refused ${report.refused.environ} times`);
    assertUnseen(report, secretsOf(server));
  });
});

// Until the sampler has seen the secret; it is asked for no longer than SEEN_MAX_MS.
async function seen(watched, secret) {
  const deadline = Date.now() + SEEN_MAX_MS;
  const isSeen = () => fs.existsSync(watched.reportFile) && watched.report().texts.some((text) => showsSecret(text, secret));
  await until(() => isSeen() || Date.now() > deadline);
}

// Each waits at a FIFO until it was seen, however long that takes on this machine.
describe('controls', () => {
  const secret = 'canary/token+of-the-control~01';
  for (const [name, script] of [
    ['in argv', `exec sh -c 'read -r line <hold' whoami '${secret}'`],
    ["in a child's environment", `SECRET=$(printf 'a%s' '${secret}' | base64) sh -c 'read -r line <hold; :' whoami; :`],
  ]) {
    test(`a program with a token ${name} is caught`, async (t) => {
      const home = scratch(t);
      // The script itself is read from standard input, so that it is in no argv.
      const hold = path.join(home.dir, 'hold');
      execFileSync('mkfifo', [hold]);
      const watched = startWatched(home, [], { command: '/bin/sh', input: script });
      await seen(watched, secret);
      await fs.promises.writeFile(hold, '\n');
      await watched.done;
      assert.throws(() => assertUnseen(watched.report(), [secret]), /a secret stands in argv or environment/);
    });
  }

  test('the exit code and the signal of what is watched are kept', async (t) => {
    const home = scratch(t);
    assert.equal((await startWatched(home, ['-c', 'exit 3'], { command: '/bin/sh' }).done).code, 3);
    assert.equal((await startWatched(home, ['-c', 'kill -TERM $$'], { command: '/bin/sh' }).done).signal, 'SIGTERM');
    assertExit(await run(home, ['version']), 0);
  });
});
