// SPDX-License-Identifier: Apache-2.0
//
// `plexctl profile doctor`: what it finds, what it says mends it, and that it leaves everything as it was.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { NOBODY, assertExit, assertNoSecret, devserver, login, run, scratch } = require('./lib/harness.js');

const token = 'canary-token-7f3a91';

function oneProfile(members = {}) {
  const profile = { server: 'https://cp.example.com', token, token_type: 'Bearer', expires_at: '2099-01-01T00:00:00Z', ...members };
  return { default: 'main', profiles: { main: profile } };
}

// Every entry below the scratch home: name, kind, mode, owner, times and content.
function listing(dir) {
  return fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(dir, entry.name);
    const { mode, uid, ino, nlink, mtimeMs, ctimeMs } = fs.lstatSync(file);
    const content = entry.isFile() ? fs.readFileSync(file, 'hex') : entry.isSymbolicLink() ? fs.readlinkSync(file) : '';
    return [{ file, mode, uid, ino, nlink, mtimeMs, ctimeMs, content }, ...(entry.isDirectory() ? listing(file) : [])];
  });
}

// Runs it in json; the home is the same before and after, and nothing that was printed holds the token.
async function examine(home, code, options) {
  const before = listing(home.dir);
  const result = await run(home, ['profile', 'doctor', '-o', 'json'], options);
  assert.deepEqual(listing(home.dir), before);
  assertNoSecret(result.stdout + result.stderr, token);
  assert.equal(result.code, code, result.stdout + result.stderr);
  const rows = JSON.parse(result.stdout);
  const faults = rows.filter((row) => row.verdict === 'fault');
  assert.equal(faults.length > 0, code === 1);
  if (code === 1) assert.match(result.stderr, new RegExp(`^plexctl: ${faults.length} faults? w[^\n]*standard output says[^\n]*\n$`));
  for (const row of rows) {
    assert.deepEqual(Object.keys(row), ['item', 'verdict', 'found', 'fix']);
    if (row.verdict === 'fault') assert.ok(row.fix, row.found);
  }
  return Object.fromEntries(rows.map((row) => [row.item, row]));
}

describe('profile doctor', { concurrency: 4 }, () => {
  test('no file at all is well, and none is made', async (t) => {
    const home = scratch(t);
    const rows = await examine(home, 0);
    assert.deepEqual(Object.keys(rows), ['config file']);
    assert.match(rows['config file'].found, /config\.json: nothing is saved yet$/);
  });

  test('after a login all is well; its token ends soon, which is a note', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    assertExit(await login(home, server), 0);
    const value = home.readConfig().profiles.default.token;
    const rows = await examine(home, 0);
    assert.match(rows['config file'].found, /mode 0600/);
    assert.match(rows.directory.found, /mode 0700/);
    assert.equal(rows['profile "default"'].verdict, 'note');
    assert.match(rows['profile "default"'].found, /within a day/);
    assert.equal(rows['profile "default"'].fix, 'run `plexctl login --again --profile-name default`');
    assertNoSecret(JSON.stringify(rows), value);
  });

  for (const [format, pattern] of [
    ['table', /^VERDICT +ITEM +FOUND +FIX\n/],
    ['json', /^\[\n/],
    ['yaml', /^- item: /],
  ]) {
    test(`${format}, exit 0 and exit 1, no token with --reveal-secrets either`, async (t) => {
      const home = scratch(t);
      home.writeConfig(oneProfile());
      const well = await run(home, ['profile', 'doctor', '-o', format, '--reveal-secrets']);
      assertExit(well, 0);
      assert.match(well.stdout, pattern);
      assertNoSecret(well.stdout, token);
      home.writeConfig(oneProfile({ expires_at: '2001-01-01T00:00:00Z' }));
      const ill = await run(home, ['profile', 'doctor', '-o', format]);
      assertExit(ill, 1, /^plexctl: 1 fault was found/);
      assert.match(ill.stdout, pattern);
      assert.match(ill.stdout, /expired/);
      assert.match(ill.stdout, /plexctl login --profile-name main --server https:/);
      assertNoSecret(ill.stdout, token);
    });
  }

  for (const [name, members, found] of [
    ['a malformed server', { server: 'https://u:hunter2-canary@cp.example.com' }, /malformed/],
    ['a server with a query', { server: 'https://cp.example.com/?x' }, /malformed.*query/],
    ['a server over http', { server: 'http://cp.example.com' }, /malformed/],
    ['no server', { server: undefined }, /no server/],
    ['a token that is no bearer', { token: `${token} x` }, /its token is none/],
    ['no token', { token: undefined }, /no token/],
    ['a date that is none', { expires_at: token }, /no date/],
    ['an expired token', { expires_at: '2001-01-01T00:00:00Z' }, /has expired at 2001-01-01T00:00:00Z/],
    ['a member of another type', { token: 7 }, /^line 1, column \d+: "token" must be a string$/],
  ]) {
    test(`a profile with ${name} is a fault`, async (t) => {
      const home = scratch(t);
      home.writeConfig(oneProfile(members));
      const rows = await examine(home, 1);
      assert.match(rows['profile "main"'].found, found);
      assertNoSecret(JSON.stringify(rows), 'hunter2-canary');
    });
  }

  test('no command shows the password of a server that was written into the file', async (t) => {
    const home = scratch(t);
    home.writeConfig(oneProfile({ server: 'https://u:hunter2-canary@cp.example.com' }));
    for (const args of [['profile', 'list'], ['profile', 'show', '-o', 'json'], ['whoami', '--offline']]) {
      const shown = await run(home, args);
      assertExit(shown, 0);
      assert.match(shown.stdout, /https:\/\/\*\*\*@cp\.example\.com/);
      assertNoSecret(shown.stdout + shown.stderr, 'hunter2-canary');
    }
    assertExit(await run(home, ['env', '--reveal-secrets']), 2, /not shown: it has an '@'.*no user name or password/);
  });

  test('a default that names no profile', async (t) => {
    const home = scratch(t);
    home.writeConfig({ ...oneProfile(), default: 'gone' });
    assert.match((await examine(home, 1)).default.found, /"gone" does not exist/);
  });

  test('broken JSON, with line and column', async (t) => {
    const home = scratch(t);
    home.writeConfig('{\n  "profiles": {,}\n}');
    assert.match((await examine(home, 1)).document.found, /^line 2, column 16: /);
  });

  test('links and leftovers; the lock is none', async (t) => {
    const home = scratch(t);
    const beside = (name) => path.join(path.dirname(home.configFile), name);
    home.writeConfig(oneProfile());
    fs.renameSync(home.configFile, beside('real'));
    fs.symlinkSync('real', home.configFile);
    fs.writeFileSync(beside('real.lock'), '');
    const well = await examine(home, 0);
    assert.ok(well['symbolic link'].found.endsWith(`${home.configFile} -> ${beside('real')}`), well['symbolic link'].found);
    fs.linkSync(beside('real'), beside('another'));
    assert.match((await examine(home, 1))['hard links'].found, /2 names/);
    fs.rmSync(beside('another'));
    const staged = beside('.real.abcdefghij.tmp');
    fs.writeFileSync(home.holdsSecret(staged), token);
    assert.equal((await examine(home, 1)).leftover.fix, `run \`rm ${staged}\``);
  });

  test('a directory in place of the file', async (t) => {
    const home = scratch(t);
    fs.mkdirSync(home.configFile, { recursive: true, mode: 0o700 });
    assert.match((await examine(home, 1))['config file'].fix, /`mv --backup=numbered \S+ \S+\.old`/);
  });

  test('hard links: what it says finds the other names, and not the file itself', async (t) => {
    const home = scratch(t);
    home.writeConfig(oneProfile());
    const other = path.join(home.dir, 'other');
    fs.linkSync(home.configFile, home.holdsSecret(other));
    const found = await examine(home, 1);
    // In place of the whole file system's root, which other tests change while find looks.
    fs.mkdirSync(`${home.dir}/bin`);
    fs.writeFileSync(`${home.dir}/bin/findmnt`, `#!/bin/sh\necho '${home.dir}'\n`, { mode: 0o755 });
    const [, command] = found['hard links'].fix.match(/`([^`]+)`/);
    assert.equal(require('node:child_process').execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8', env: { PATH: `${home.dir}/bin:${process.env.PATH}` } }), `${other}\n`);
  });

  test('a directory that is marked append-only, named as such', { skip: process.getuid() !== 0 && 'needs root' }, async (t) => {
    const { execFileSync } = require('node:child_process');
    const home = scratch(t);
    home.writeConfig(oneProfile());
    const directory = path.dirname(home.configFile);
    try {
      execFileSync('chattr', ['+a', directory], { stdio: 'pipe' });
    } catch (error) {
      return t.skip(`chattr is impossible here: ${error.message}`);
    }
    try {
      const rows = await examine(home, 1);
      assert.match(rows.directory.found, /marked as unchangeable$/);
      assert.equal(rows.directory.fix, `run \`sudo chattr -i -a ${directory}\``);
    } finally {
      execFileSync('chattr', ['-a', directory]);
    }
  });

  test('without HOME', async (t) => {
    const home = scratch(t);
    delete home.env.HOME;
    delete home.env.XDG_CONFIG_HOME;
    assert.match((await examine(home, 1))['config file'].found, /HOME is not set/);
  });
});

// What it says mends a fault is run as it stands, and then all is well.
describe('profile doctor for an ordinary user', { skip: process.getuid() !== 0 && 'needs root to become another user' }, () => {
  const { execFileSync } = require('node:child_process');

  for (const [item, spoil] of [
    ['config file', (home) => fs.chmodSync(home.configFile, 0o644)],
    ['config file', (home) => fs.chmodSync(home.configFile, 0o666)],
    ['config file', (home) => fs.chmodSync(home.configFile, 0o000)],
    ['config file', (home) => fs.truncateSync(home.configFile)],
    ['directory', (home) => fs.chmodSync(path.dirname(home.configFile), 0o777)],
    ['directory', (home) => fs.chmodSync(path.dirname(home.configFile), 0o500)],
    ['directory', (home) => {
      fs.rmSync(path.dirname(home.configFile), { recursive: true });
      fs.chmodSync(home.env.XDG_CONFIG_HOME, 0o500);
    }],
    ['lock file', (home) => fs.mkdirSync(`${home.configFile}.lock`)],
    ['lock file', (home) => fs.symlinkSync('config.json', `${home.configFile}.lock`)],
  ]) {
    test(`${item} after ${spoil}`, async (t) => {
      const home = scratch(t);
      home.writeConfig(oneProfile());
      for (const name of [home.dir, home.env.XDG_CONFIG_HOME, path.dirname(home.configFile), home.configFile]) {
        fs.chownSync(name, NOBODY, NOBODY);
      }
      await examine(home, 0, { uid: NOBODY });
      spoil(home);
      const [, command] = (await examine(home, 1, { uid: NOBODY }))[item].fix.match(/^(?:run|move it away:) `([^`]+)`$/);
      execFileSync('/bin/sh', ['-c', command], { uid: NOBODY, gid: NOBODY });
      await examine(home, 0, { uid: NOBODY });
    });
  }

  test('a file of another owner', async (t) => {
    const home = scratch(t);
    home.writeConfig(oneProfile());
    for (const directory of [home.env.XDG_CONFIG_HOME, path.dirname(home.configFile)]) fs.chmodSync(directory, 0o755);
    const foreign = await examine(home, 1, { uid: NOBODY });
    for (const item of ['config file', 'directory']) assert.match(foreign[item].fix, /^XDG_CONFIG_HOME names no place .*`unset XDG_CONFIG_HOME`/);
    fs.chownSync(home.env.XDG_CONFIG_HOME, NOBODY, NOBODY);
    const rows = await examine(home, 1, { uid: NOBODY });
    assert.match(rows['config file'].found, /owned by root \(uid 0\), not by you/);
    assert.match(rows['config file'].fix, /sudo chown 65534 /);
    assert.match(rows.directory.fix, /sudo chown 65534 /);
    fs.chownSync(path.dirname(home.configFile), NOBODY, NOBODY);
    fs.writeFileSync(`${home.configFile}.lock`, '', { mode: 0o600 });
    const { 'lock file': lock } = await examine(home, 1, { uid: NOBODY });
    assert.match(lock.found, /owned by root \(uid 0\): you cannot open it, .*: Permission denied$/);
    assert.equal(lock.fix, `run \`sudo chown 65534 ${home.configFile}.lock\``);
  });
});
