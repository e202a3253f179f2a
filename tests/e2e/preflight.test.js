// SPDX-License-Identifier: Apache-2.0
//
// Whatever would stop the save stops login before the first request: the server sees no connection. Each refusal is one
// line that names the file, or what is above it, and a command that mends it: it is run as it stands, where that is
// harmless, and then the login succeeds.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { after, describe, test } = require('node:test');
const { defer } = require('./lib/defer.js');
const { NOBODY, assertExit, devserver, login, loginFlags, plexctl, run, scratch } = require('./lib/harness.js');
const { carryOut, findCommand } = require('./lib/mend.js');
const { cannotBecomeNobody, cannotMount, giveToNobody, holdLock, mountConfig } = require('./lib/trouble.js');

const DAEMON = 1;
const MAX_BYTES = 16 * 1024 * 1024;

// A server that counts who connects and hangs up. `count` connects last, so that whoever came before is counted.
async function counter(t) {
  let seen = 0;
  const server = net.createServer((socket) => {
    seen += 1;
    socket.on('error', () => {});
    socket.destroy();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  defer(t, () => server.close());
  return {
    url: `http://127.0.0.1:${port}`,
    async count() {
      const last = net.connect(port, '127.0.0.1');
      last.on('error', () => {});
      await new Promise((resolve) => last.on('close', resolve));
      return seen - 1;
    },
  };
}

// One control plane for all that log in at last; it is stopped behind the last test.
const hooks = [];
let shared = null;
const controlPlane = () => (shared ??= devserver({ after: (hook) => hooks.push(hook) }, [], { tls: false }));
after(async () => {
  for (const hook of hooks) await hook();
});

const dirOf = (home) => path.dirname(home.configFile);

function makeDir(home, mode = 0o700) {
  fs.mkdirSync(dirOf(home), { recursive: true, mode: 0o700 });
  fs.chmodSync(dirOf(home), mode);
}

function makeNode(home, ...args) {
  makeDir(home);
  execFileSync('mknod', [home.configFile, ...args]);
}

// Spoils the place of the config file; what it gives is added to the way plexctl is run.
const anyone = [
  ['broken JSON', (home) => home.writeConfig('{ "profiles": [1, }'), 2, /: line 1, column 19: .*`mv --backup=numbered /],
  ['a member that stands twice', (home) => home.writeConfig('{"default":"a","default":"b"}'), 2, /: line 1, column 16: .*`mv --backup=numbered /],
  ['text behind the document', (home) => home.writeConfig('{}{}'), 2, /: line 1, column 3: .*`mv --backup=numbered /],
  ['no object', (home) => home.writeConfig('[]'), 2, /must be an object; .*`mv --backup=numbered /],
  ['profiles that are no object', (home) => home.writeConfig('{"profiles":[]}'), 2, /"profiles" must be an object; .*`mv --backup=numbered /],
  ['a profile that is no object', (home) => home.writeConfig('{"profiles":{"a":7}}'), 2, /a profile must be an object; .*`mv --backup=numbered /],
  ['bytes that are not UTF-8', (home) => home.writeConfig('{"\x00":1}'), 2, /: line 1, column .*`mv --backup=numbered /],
  ['an empty file', (home) => home.writeConfig(''), 2, /is empty.*`rm /],
  ['a file over the size', (home) => oversize(home, MAX_BYTES + 1), 2, /too large.*`mv --backup=numbered /],
  ['a file without room for another profile', (home) => home.writeConfig(`{}${' '.repeat(MAX_BYTES - 100)}`), 2, /no room.*`mv --backup=numbered /],
  ['a directory in its place', (home) => fs.mkdirSync(home.configFile, { recursive: true }), 2, /is a directory.*`mv --backup=numbered /],
  ['a FIFO in its place', (home) => makeNode(home, 'p'), 2, /is a FIFO.*`mv --backup=numbered /],
  ['a socket in its place', listenThere, 2, /is a socket.*`mv --backup=numbered /],
  ['a link to itself', (home) => link(home, 'config.json'), 2, /symbolic links.*`namei -l /],
  ['links that go in a circle', (home) => link(home, 'other', [['config.json', 'other']]), 2, /symbolic links.*`namei -l /],
  ['a link to a directory', (home) => link(home, 'elsewhere/'), 2, /leads to a directory.*`namei -l /],
  ['a file in place of its directory', (home) => fs.mkdirSync(home.env.XDG_CONFIG_HOME) ??
    fs.writeFileSync(dirOf(home), ''), 1, /Not a directory.*`namei -l /],
  ['a directory in place of the lock', (home) => fs.mkdirSync(`${home.configFile}.lock`, { recursive: true }), 1, /lock file.*`mv --backup=numbered /],
  ['a lock that is held', async (home, t) => void await holdLock(t, home), 1, /has held the lock .* for 5000 ms; .*`fuser -v /],
  ['a limit to the size of files', (home) => {
    makeDir(home);
    return { command: 'prlimit', before: ['--fsize=1024', plexctl] };
  }, 1, /File too large.*`ulimit -f unlimited`/],
  ['no HOME', (home) => leave(home, {}), 2, /HOME is not set; run `export HOME="\$\(getent /],
  ['an empty HOME', (home) => leave(home, { HOME: '' }), 2, /HOME is empty; run `export HOME="\$\(getent /],
  ['a HOME that is no absolute path', (home) => leave(home, { HOME: 'here', XDG_CONFIG_HOME: 'there' }), 2, /HOME is no absolute path; run `export HOME="\$\(getent /],
];

// False, or why no file can be marked here.
function findMarkTrouble() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'plexctl-mark.'));
  try {
    for (const how of ['+i', '-i']) execFileSync('chattr', [how, dir], { stdio: 'pipe' });
    return false;
  } catch (error) {
    return `chattr is impossible here: ${error.message.split('\n').at(-2) || error.code}`;
  } finally {
    fs.rmdirSync(dir);
  }
}
const cannotMark = findMarkTrouble();

// As root, and for what only root can make.
const root = [
  ['a device in its place', (home) => makeNode(home, 'c', '1', '3'), 2, /is a device.*`mv --backup=numbered /],
  ['a file of another owner', (home) => {
    home.writeConfig('{}');
    fs.chownSync(home.configFile, NOBODY, NOBODY);
  }, 2, /owned by nobody \(uid 65534\), and you are root; .*`sudo -H`/],
  ['a directory of another owner', (home) => {
    makeDir(home);
    fs.chownSync(dirOf(home), NOBODY, NOBODY);
  }, 2, /owned by nobody \(uid 65534\), and you are root; .*`sudo -H`/],
  ['a file that is marked as unchangeable', (home, t) => {
    home.writeConfig('{}');
    execFileSync('chattr', ['+i', home.configFile]);
    defer(t, () => execFileSync('chattr', ['-i', home.configFile]));
  }, 2, /marked as unchangeable; run `sudo chattr -i -a /, cannotMark],
  ...['+i', '+a'].map((how) => [`a directory that is marked ${how}`, (home, t) => {
    home.writeConfig('{}');
    execFileSync('chattr', [how, dirOf(home)]);
    defer(t, () => execFileSync('chattr', ['-i', '-a', dirOf(home)]));
  }, 2, /directory \S+ is marked as unchangeable; run `sudo chattr -i -a /, cannotMark]),
  ['a place of the directory that is marked +i', (home, t) => {
    fs.mkdirSync(home.env.XDG_CONFIG_HOME, { mode: 0o700 });
    execFileSync('chattr', ['+i', home.env.XDG_CONFIG_HOME]);
    defer(t, () => execFileSync('chattr', ['-i', home.env.XDG_CONFIG_HOME]));
  }, 1, /Operation not permitted; run `sudo chattr -i -a /, cannotMark],
];

const mounted = [
  ['a file system that is full', (home, t) => void mountConfig(t, home).fill(), 1, /No space left on device; .*`df -h /],
  ['a file system with too little room', (home, t) => {
    const { fill } = mountConfig(t, home);
    fs.truncateSync(fill(), 104 * 1024);
  }, 1, /No space left on device; .*`df -h /],
  ['a file system without inodes', (home, t) => {
    mountConfig(t, home, 'nr_inodes=2');
    fs.writeFileSync(`${home.configFile}.lock`, '', { mode: 0o600 });
  }, 1, /No space left on device; .*`df -i /],
  ['a file system that was mounted read-only', (home, t) => void mountConfig(t, home, 'ro'), 1, /Read-only file system; .*`sudo mount -o remount,rw /],
  ['a file system that became read-only', (home, t) => {
    const { remount } = mountConfig(t, home);
    home.writeConfig('{}');
    remount('ro');
  }, 1, /Read-only file system; .*`sudo mount -o remount,rw /],
  ['a file that is mounted on its own', (home, t) => {
    home.writeConfig('{}');
    execFileSync('mount', ['--bind', home.configFile, home.configFile]);
    defer(t, () => spawnSync('umount', ['--lazy', home.configFile])); // as the login has advised already
  }, 2, /mounted on its own.*`sudo umount /],
];

// As an ordinary user, to whom the whole home belongs when it is spoilt.
const nobody = [
  ['a file of another owner', (home) => fs.chownSync(home.configFile, 0, 0), 2, /owned by root \(uid 0\), not by you; run `sudo chown 65534 /],
  ['a file that its group may write', (home) => fs.chmodSync(home.configFile, 0o620), 2, /\(mode 0620\); run `chmod 600 /],
  ['a file that everybody may write', (home) => fs.chmodSync(home.configFile, 0o602), 2, /\(mode 0602\); run `chmod 600 /],
  ['a file without rights', (home) => fs.chmodSync(home.configFile, 0), 2, /cannot be read by you; run `chmod 600 /],
  ['a directory that cannot be written', (home) => fs.chmodSync(dirOf(home), 0o555), 1, /Permission denied; run `chmod u\+rwx /],
  ['a directory that cannot be entered', (home) => fs.chmodSync(dirOf(home), 0), 1, /Permission denied; run `chmod u\+rwx /],
  ['a directory of another owner', (home) => fs.chownSync(dirOf(home), 0, 0), 1, /Permission denied; run `sudo chown 65534 /],
  ['a place where no directory can be made', (home) => {
    fs.rmSync(dirOf(home), { recursive: true });
    fs.chmodSync(home.env.XDG_CONFIG_HOME, 0o555);
  }, 1, /Permission denied.*`chmod u\+rwx /],
  ['a place that root has made', (home) => {
    fs.rmSync(dirOf(home), { recursive: true });
    fs.chownSync(home.env.XDG_CONFIG_HOME, 0, 0);
    fs.chmodSync(home.env.XDG_CONFIG_HOME, 0o755);
  }, 1, /Permission denied; run `sudo install -d -m 700 -o 65534 \S+plexctl`/],
  ['a place of another user', (home) => {
    fs.chownSync(home.env.XDG_CONFIG_HOME, DAEMON, DAEMON);
    fs.chmodSync(home.env.XDG_CONFIG_HOME, 0o700);
  }, 1, /Permission denied; XDG_CONFIG_HOME names no place of yours: run `unset XDG_CONFIG_HOME`/],
  ['a link to what is not the user\'s', (home) => {
    fs.rmSync(home.configFile);
    fs.symlinkSync('/etc/plexctl-config.json', home.configFile);
  }, 1, /Permission denied; see whose it is and what leads there: `namei -l \/etc`/],
  ['a lock of another owner', (home) => {
    fs.writeFileSync(`${home.configFile}.lock`, '', { mode: 0o600 });
  }, 1, /Permission denied; run `sudo chown 65534 /],
];

function oversize(home, size) {
  home.writeConfig('{}');
  fs.truncateSync(home.configFile, size);
}

function listenThere(home, t) {
  makeDir(home);
  const there = net.createServer().listen(home.configFile);
  defer(t, () => there.close());
  return new Promise((resolve) => there.on('listening', () => resolve()));
}

// config.json leads to `target`; `more` are further links.
function link(home, target, more = []) {
  makeDir(home);
  fs.symlinkSync(target, home.configFile);
  for (const [to, name] of more) fs.symlinkSync(to, path.join(dirOf(home), name));
}

function leave(home, env) {
  delete home.env.HOME;
  delete home.env.XDG_CONFIG_HOME;
  Object.assign(home.env, env);
}

// What there is in the config directory, by content; null where it cannot be looked into.
function content(home) {
  try {
    const kept = fs.readFileSync(home.configFile);
    return kept.length > MAX_BYTES ? kept.length : kept.toString('hex');
  } catch (error) {
    return error.code;
  }
}

async function loginThere(home, server, { before = [], ...options } = {}) {
  return run(home, [...before, 'login', '--server', server.url, ...loginFlags], options);
}

const verbs = new Set();

async function mend(t, home, stderr, options) {
  const advised = findCommand(stderr);
  if (!advised) return t.diagnostic(`not run, since it only shows or needs a shell: ${stderr.match(/`[^`]+`/)[0]}`);
  carryOut(home, advised, options.uid);
  verbs.add(advised.verb);
  assertExit(await login(home, await controlPlane(), [], options), 0);
}

async function meet(t, [, spoil, code, pattern], options) {
  const server = await counter(t);
  const home = scratch(t);
  if (options.uid) {
    home.writeConfig('{}');
    giveToNobody(home);
  }
  const more = await spoil(home, t);
  const isFile = fs.existsSync(home.configFile) && fs.statSync(home.configFile).isFile();
  const kept = isFile ? content(home) : '';
  const result = await loginThere(home, server, { ...options, ...more });
  assert.equal(await server.count(), 0, 'the server saw a connection');
  assertExit(result, code, pattern);
  assert.equal(result.stdout, '');
  assert.match(result.stderr, /^plexctl: [^\n]*config(\.json)?[^\n]*`[^`]+`[^\n]*\n$/);
  if (isFile) assert.equal(content(home), kept);
  if (process.getuid() === 0 && fs.existsSync(dirOf(home)) && fs.statSync(dirOf(home)).isDirectory()) {
    const left = fs.readdirSync(dirOf(home)).filter((name) => name.endsWith('.tmp'));
    assert.deepEqual(left, []);
  }
  await mend(t, home, result.stderr, options);
}

function table(title, rows, skip, options = {}) {
  describe(`before the first request, ${title}`, { concurrency: 8, skip }, () => {
    for (const row of rows) test(row[0], { skip: row[4] ?? false }, (t) => meet(t, row, options));
  });
}

table('whoever it is', anyone, false);
table('root', root, process.getuid() !== 0 && 'needs root');
table('with a file system of its own', mounted, cannotMount);
table('an ordinary user', nobody, cannotBecomeNobody, { uid: NOBODY });

const missing = [process.getuid() !== 0 && 'needs root', cannotMount, cannotMark].find(Boolean) ?? false;
test('each kind of command that is harmless was run', { skip: missing }, () => {
  assert.deepEqual([...verbs].sort(), ['chattr', 'chmod', 'chown', 'install', 'mount', 'mv', 'rm', 'umount']);
});

test('where nothing stops the save, the server is asked', async (t) => {
  const server = await counter(t);
  assertExit(await loginThere(scratch(t), server), 1, /^plexctl: device-code request: /);
  assert.ok(await server.count() > 0);
});
