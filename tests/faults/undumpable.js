// SPDX-License-Identifier: Apache-2.0
//
// A process that holds a token, seen from outside: the kernel lets nobody else look into it, and when it is aborted
// leaves no core, though the limit allows one.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { FLOWS } = require('./flows.js');
const { report, skip } = require('../lib/report.js');

const NOBODY = 65534;

// Runs `command` as an ordinary user without a limit on cores and aborts it when `isHeld` says so. Ends with what was seen
// of it then: who owns its memory in /proc, and whether bash says that a core was dumped.
async function abortWhenHeld({ command, env, cwd, isHeld }) {
  const script = 'ulimit -c unlimited; "$@" & echo $!; wait $!';
  const parent = spawn('/bin/bash', ['-c', script, 'bash', ...command],
    { env, cwd, uid: NOBODY, gid: NOBODY, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  parent.stderr.on('data', (bytes) => { said += bytes; });
  let text = '';
  let pid = 0;
  const done = new Promise((resolve) => { parent.on('close', resolve); });
  const started = new Promise((resolve) => {
    parent.stdout.on('data', (bytes) => {
      text += bytes;
      pid = Number(text.split('\n')[0]);
      resolve();
    });
  });
  await started;
  await Promise.race([isHeld(pid), done.then(() => { throw new Error(`it ended: ${said}`); })]);
  const owner = fs.statSync(`/proc/${pid}/mem`).uid;
  process.kill(pid, 'SIGABRT');
  await done;
  const left = fs.readdirSync(cwd).filter((name) => name.startsWith('core'));
  return { owner, aborted: /Aborted/.test(said), dumped: /core dumped/.test(said), left };
}

async function checkUndumpable({ prefix, scratch, planes }) {
  if (process.getuid() !== 0) {
    skip('not dumpable while a token is held', 'only root can start an ordinary user\'s process');
    return;
  }
  const dir = fs.mkdtempSync(path.join(scratch, 'undumpable-'));
  for (const up of [path.dirname(scratch), scratch, prefix]) fs.chmodSync(up, 0o755);
  fs.chownSync(dir, NOBODY, NOBODY);
  const home = (name) => ({ PATH: '/usr/bin:/bin', HOME: dir, XDG_CONFIG_HOME: path.join(dir, name), LC_ALL: 'C' });
  const plexctl = path.join(prefix, 'bin/plexctl');
  const cases = [
    ['whoami', [plexctl, 'whoami', '--server', `${planes.http.url}/whoami/held`], { PLEXSPHERE_TOKEN: 'canary-token-of-the-environment' }, true],
    ['login', [plexctl, ...FLOWS[0].args.map((arg) => (arg === 'server' ? `${planes.http.url}/login/held` : arg))], {}, true],
    ['the control', ['/usr/bin/sleep', '60'], {}, false],
  ];
  for (const [name, command, more, isSafe] of cases) {
    const seen = await abortWhenHeld({ command, cwd: dir, env: { ...home(name), ...more }, isHeld: async () => isSafe && planes.http.polled(name, 1) });
    const good = isSafe ? seen.owner === 0 && !seen.dumped && seen.left.length === 0 && seen.aborted : seen.owner === NOBODY && seen.aborted;
    report(good, isSafe ? `${name} is not dumpable and leaves no core while it holds a secret` : 'a program that does not care is seen to be dumpable', [JSON.stringify(seen)]);
  }
}

module.exports = { checkUndumpable };
