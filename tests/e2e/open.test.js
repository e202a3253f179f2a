// SPDX-License-Identifier: Apache-2.0
//
// login --open: what it starts as the operator's browser, and what that is given. A script stands for the browser.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { setTimeout: later } = require('node:timers/promises');
const { defer } = require('./lib/defer.js');
const { approve, assertExit, devserver, login, scratch, startLogin } = require('./lib/harness.js');

const CANARY = 'canary-environment-token-0123456789';

// Leaves what it was given in `report`, written whole, and runs until `release` is there, or the report is gone.
const BROWSER = (home) => `#!/usr/bin/python3 -IS
import json, os, sys, time
descriptors = {}
for fd in os.listdir("/proc/self/fd"):
    try:
        descriptors[fd] = os.readlink("/proc/self/fd/" + fd)
    except FileNotFoundError: # of the listing itself
        pass
stat = open("/proc/self/stat").read().rsplit(")", 1)[1].split()
report = "${home.dir}/report"
with open(report + ".new", "w") as out:
    json.dump({"words": sys.argv[1:], "environment": dict(os.environ), "descriptors": descriptors, "parent": stat[1],
               "session": stat[3], "terminal": stat[4]}, out)
os.rename(report + ".new", report)
while os.path.exists(report) and not os.path.exists("${home.dir}/release"):
    time.sleep(0.05)
`;

function putBrowser(home, name = 'browser') {
  const file = path.join(home.dir, name);
  fs.writeFileSync(file, BROWSER(home));
  fs.chmodSync(file, 0o755);
  return file;
}

async function reportOf(home) {
  const file = path.join(home.dir, 'report');
  while (!fs.existsSync(file)) await later(20);
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

const childrenOf = (pid) => fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();

test('--open starts the browser on the link, with nothing that is not its business, and does not wait', async (t) => {
  const server = await devserver(t);
  const home = scratch(t);
  const browser = putBrowser(home);
  const stray = fs.openSync('/dev/zero', 'r');
  defer(t, () => fs.closeSync(stray));
  const started = await startLogin(home, server, ['--open'], {
    stdio: ['pipe', 'pipe', 'pipe', stray],
    env: { BROWSER: `${home.dir}/absent:${browser} --new %s`, PLEXSPHERE_TOKEN: CANARY },
  });
  defer(t, () => started.child.kill());
  const report = await reportOf(home);
  assert.deepEqual(report.words, ['--new', started.link]);
  assert.doesNotMatch(JSON.stringify(report.environment), /PLEXSPHERE_TOKEN|canary|device_code/);
  assert.equal(report.environment.HOME, home.dir);
  assert.deepEqual(report.descriptors, { 0: '/dev/null', 1: '/dev/null', 2: '/dev/null' });
  const ours = fs.readFileSync(`/proc/${started.child.pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  assert.notEqual(report.session, ours[3]);
  assert.equal(report.terminal, '0');
  assert.notEqual(report.parent, String(started.child.pid));
  assert.equal(childrenOf(started.child.pid), '');
  await approve(server, started.link);
  const result = await started.done; // while the browser runs on
  assertExit(result, 0);
  assert.equal(result.stderr.replace(/^plexctl: warning: .*PLEXSPHERE_TOKEN.*\n/m, ''), '');
  fs.writeFileSync(path.join(home.dir, 'release'), '');
});

test('--open without BROWSER takes xdg-open', async (t) => {
  const server = await devserver(t);
  const home = scratch(t);
  putBrowser(home, 'xdg-open');
  const started = await startLogin(home, server, ['--open'], { env: { BROWSER: '', DISPLAY: ':0', PATH: `${home.dir}:/usr/bin:/bin` } });
  defer(t, () => started.child.kill());
  assert.deepEqual((await reportOf(home)).words, [started.link]);
  await approve(server, started.link);
  assertExit(await started.done, 0);
});

describe('--open that cannot be is a warning, and the login goes on', { concurrency: 2 }, () => {
  const refusals = [
    ['over ssh', { SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' }, /--open: this is an ssh session/],
    ['under sudo', { SUDO_USER: 'alice' }, /--open: no browser is started under sudo/],
    ['with a browser for a terminal', (home) => ({ BROWSER: putBrowser(home, 'w3m') }), /--open: BROWSER: \S+w3m is a browser for a/],
    ['with a link to one', (home) => {
      fs.symlinkSync(putBrowser(home, 'elinks'), path.join(home.dir, 'web'));
      return { BROWSER: path.join(home.dir, 'web') };
    }, /--open: BROWSER: \S+web is a browser for a terminal/],
    ['without a graphical session', { BROWSER: '' }, /--open: xdg-open (would choose a browser for a terminal|is not installed)/],
    ['with what is no program', { BROWSER: '/etc/passwd' }, /--open: BROWSER names no program that is there/],
  ];
  for (const [when, given, warning] of refusals) {
    test(when, async (t) => {
      const server = await devserver(t);
      const home = scratch(t);
      const browser = putBrowser(home);
      const env = { BROWSER: browser, DISPLAY: '', ...(typeof given === 'function' ? given(home) : given) };
      const result = await login(home, server, ['--open'], { env });
      assertExit(result, 0, warning);
      assert.match(result.stderr, /^plexctl: warning: [^\n]*\n$/);
      assert.ok(!fs.existsSync(path.join(home.dir, 'report')));
    });
  }
});
