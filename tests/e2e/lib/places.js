// SPDX-License-Identifier: Apache-2.0
//
// A config file in an odd place: `plexctl profile list` and `plexctl login` on it as an ordinary user, and what has to
// hold after each, whatever the place.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { NOBODY, assertExit, assertTidy, loginFlags, plexctl, scratch, start } = require('./harness.js');
const { reply, scripted } = require('./peers.js');
const { cannotMount } = require('./trouble.js');

const DAEMON = 1; // another ordinary user
const oldToken = 'canary-old-token-55d1.987654321';
const newToken = 'canary-new-token-7f3a.123456789';
const deviceCode = 'canary-device-code-90ab.5678';
const secrets = [oldToken, newToken, deviceCode];
const config = { default: 'old', kept: [1], profiles: { old: { server: 'https://old.example.com', token: oldToken } } };
const warning = /^plexctl: warning: /m;

const mountable = cannotMount === false;

// Every entry but locks: what a refusal leaves as it is. A lock's directory may be new: its time is not in here.
function listing(dir) {
  return fs.readdirSync(dir).sort().filter((name) => !/\.lock$|^state\./.test(name)).flatMap((name) => {
    const file = path.join(dir, name);
    const { mode, uid, ino, nlink, size } = fs.lstatSync(file);
    const kind = fs.lstatSync(file);
    const content = kind.isFile() ? fs.readFileSync(file, 'latin1') : kind.isSymbolicLink() ? fs.readlinkSync(file) : '';
    return [{ file, mode, uid, ino, nlink, size: kind.isDirectory() ? 0 : size, content }, ...(kind.isDirectory() ? listing(file) : [])];
  });
}

function own(dir, uid) {
  execFileSync('chown', ['-hR', `${uid}:${uid}`, dir]);
}

// The shell that a run is started by: it sets the umask, and, in a name space of its own, mounts. The state inside goes
// to files, since nobody outside sees it.
function shellOf(place, home, uid) {
  const directory = path.dirname(home.configFile);
  const look = (name) => `(cd "$DIR" && find . ! -name '*.lock' ! -type d -printf '%p %i %m %U %s\\n' -type f -exec sha256sum {} +) | ` +
    `sort >"$STATE.${name}"`;
  const become = uid === 0 ? '' : `setpriv --reuid ${uid} --regid ${uid} --clear-groups`;
  const script = [`umask ${place.umask ?? '022'}`, ...(place.inside ? ['set -e', place.inside, 'set +e', look('before')] : []),
    `${place.under ?? ''} ${become} "$@"`, 'code=$?', ...(place.inside ? [look('after')] : []), 'exit $code'].join('\n');
  const shell = ['sh', '-c', script, 'sh', plexctl];
  const env = { DIR: directory, CONFIG: home.configFile, STATE: path.join(home.dir, 'state') };
  return { words: place.inside ? ['unshare', '-m', '--propagation', 'private', ...shell] : shell, env };
}

async function runIn(place, home, args) {
  const { words: [command, ...words], env } = shellOf(place, home, place.uid ?? NOBODY);
  const result = await start(home, [...words, ...args], { command, env: { ...env, ...place.env?.(home) } }).done;
  assertTidy(result, secrets);
  if (place.inside && result.code !== 0) {
    const state = (name) => fs.readFileSync(`${home.dir}/state.${name}`, 'utf8');
    assert.equal(state('after'), state('before'));
  }
  return result;
}

function assertSaved(place, home, inode) {
  const file = place.file?.(home) ?? home.configFile;
  const { mode, uid, ino } = fs.lstatSync(file);
  assert.equal(mode & 0o177777, 0o100600);
  assert.equal(uid, place.uid ?? NOBODY);
  assert.notEqual(ino, inode);
  const saved = JSON.parse(fs.readFileSync(file, 'utf8'));
  assert.equal(saved.profiles.default.token, newToken);
  if (!place.none) assert.deepEqual({ ...saved, profiles: { old: saved.profiles.old } }, config);
  const other = spawnSync('cat', [file], { uid: DAEMON, gid: DAEMON, encoding: 'utf8' });
  assert.match(other.stderr, /Permission denied/);
  assert.deepEqual(fs.readdirSync(path.dirname(file)).filter((name) => /\.tmp$/.test(name)), []);
}

function inodeOf(file) {
  try {
    return fs.statSync(file).ino;
  } catch {
    return null; // not there, or not to be reached
  }
}

// `place`: { name, none, make(home), umask, inside, under, uid, env(home), file(home), copies(home), list, login,
// saved(home) }; list and login are [exit code, pattern of stderr], copies the other files that hold the token.
async function examine(t, place) {
  const home = scratch(t);
  if (!place.none) home.writeConfig(config);
  place.make?.(home);
  if (!place.owned) own(home.dir, NOBODY);
  place.after?.(home);
  for (const file of [place.file?.(home), ...(place.copies?.(home) ?? [])].filter(Boolean)) home.holdsSecret(file);
  const before = listing(home.dir);
  const list = await runIn(place, home, ['profile', 'list']);
  assertExit(list, place.list[0], place.list[1]);
  assert.equal(warning.test(list.stderr), place.list[0] === 0 && place.list[1] === warning);
  assert.deepEqual(listing(home.dir), before, 'a list changes nothing');

  const asked = [];
  const take = (response) => reply(response, 200, { access_token: newToken, token_type: 'Bearer', expires_in: 3600 });
  const peer = await scripted(t, deviceCode, [(response) => (asked.push(1), take(response))]);
  const inode = inodeOf(place.file?.(home) ?? home.configFile);
  const login = await runIn(place, home, ['login', '--server', peer.url, ...loginFlags]);
  assertExit(login, place.login[0], place.login[1]);
  if (place.login[0] === 0) {
    if (!place.inside) assertSaved(place, home, inode);
    assert.equal(asked.length, 1);
  } else {
    assert.deepEqual(listing(home.dir), before, 'a refusal changes nothing');
    assert.equal(login.stdout, '', 'nobody is asked to approve');
  }
  place.saved?.(home);
}

module.exports = { DAEMON, examine, mountable, warning };
