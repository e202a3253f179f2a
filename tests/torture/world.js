// SPDX-License-Identifier: Apache-2.0
//
// A world is a directory with a config file, or none, as one save finds it. What the saves of a whole driver make of it
// is learned first; whatever is done to a save later is judged by that, bit for bit.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { readOrNull, shownSecrets } = require('../lib/report.js');

const HANG_MS = 30_000; // a save waits at most 5 s for its lock

const tokenOf = (profile) => `canary-token-of-${profile}-7f3a91`;
const SECRETS = ['old', 'before', 'work', 'next'].map(tokenOf);

const OLD = `{ "default": "old", "note": {"kept": [1, 2.50]},
  "profiles": {
    "old": {"server": "https://old.example.com", "token": "${tokenOf('old')}", "token_type": "Bearer", "extra": null},
    "work": {"server": "https://work.example.com", "token": "${tokenOf('before')}", "colour": "blue"}
  }
}
`;
const OTHER = 'unrelated\n';

const WORKERS = 2; // the time goes to processes, and the machine may have no more cores

// `target` is the file that a save replaces. Between them they hold every start: a missing and a present directory,
// lock, file and leftover.
const WORLDS = {
  new: { target: 'plexctl/config.json', build() {} },
  replace: {
    target: 'plexctl/config.json',
    build(root) {
      fs.mkdirSync(path.join(root, 'plexctl'), { mode: 0o700 });
      write(root, 'plexctl/config.json', OLD);
      write(root, 'plexctl/.config.json.abcdefghij.tmp', 'what a killed save left');
    },
  },
  symlinked: {
    target: 'real/kept.json',
    build(root) {
      for (const name of ['plexctl', 'real']) fs.mkdirSync(path.join(root, name), { mode: 0o700 });
      write(root, 'real/kept.json', OLD);
      write(root, 'real/kept.json.lock', '');
      write(root, 'real/other', OTHER);
      fs.symlinkSync('../real/kept.json', path.join(root, 'plexctl/config.json'));
    },
  },
};

function write(root, name, text) {
  fs.writeFileSync(path.join(root, name), text, { mode: 0o600 });
}

function environment(root, extra = {}) {
  return { PATH: process.env.PATH, XDG_CONFIG_HOME: root, HOME: '/nonexistent', LC_ALL: 'C', ...extra };
}

// Ends with { status, signal, stdout, stderr, hung }; a command that hangs is killed with all that it started.
function run(command, args, env, cwd) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const said = { stdout: '', stderr: '' };
    let hung = false;
    const timer = setTimeout(() => {
      hung = true;
      process.kill(-child.pid, 'SIGKILL');
    }, HANG_MS);
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ status: null, signal: null, stdout: '', stderr: error.message, hung });
    });
    for (const name of ['stdout', 'stderr']) child[name].on('data', (bytes) => { said[name] += bytes; });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      resolve({ status, signal, ...said, hung });
    });
  });
}

function makeWorld(scratch, name) {
  const base = fs.mkdtempSync(path.join(scratch, `${name}-`));
  const root = path.join(base, 'home');
  fs.mkdirSync(root, { mode: 0o700 });
  WORLDS[name].build(root);
  return { name, base, root, file: path.join(root, WORLDS[name].target) };
}

function listing(root) {
  return fs.readdirSync(root, { recursive: true }).sort().join(' ');
}

// What a whole driver makes of each world: { old, new, oldNext, newNext, left }
async function learn(driver, scratch, name) {
  const save = async (world, profile) => {
    const result = await run(driver, ['save', profile, tokenOf(profile)], environment(world.root));
    if (result.status !== 0) throw new Error(`a save that nothing hurts failed in ${name}: ${result.stderr}`);
    return readOrNull(world.file);
  };
  const world = makeWorld(scratch, name);
  const expected = { old: readOrNull(world.file) };
  expected.new = await save(world, 'work');
  expected.newNext = await save(world, 'next');
  expected.left = listing(world.root);
  const other = makeWorld(scratch, name);
  expected.oldNext = await save(other, 'next');
  const config = JSON.parse(expected.new);
  if (config.profiles.work.token !== tokenOf('work') || (expected.old && config.profiles.old.token !== tokenOf('old'))) {
    throw new Error(`a save that nothing hurts lost something in ${name}`);
  }
  for (const done of [world, other]) fs.rmSync(done.base, { recursive: true });
  return expected;
}

// The faults of the file as it stands: neither whole text, or open to others.
function judgeFile(world, expected) {
  const faults = [];
  const text = readOrNull(world.file);
  if (text !== expected.old && text !== expected.new) faults.push(`torn: ${JSON.stringify(text)}`);
  if (text !== null && (fs.statSync(world.file).mode & 0o7777) !== 0o600) faults.push('its mode is not 0600');
  if (world.name === 'symlinked') {
    const link = path.join(world.root, 'plexctl/config.json');
    if (!fs.lstatSync(link).isSymbolicLink()) faults.push('the symbolic link is no longer one');
    if (readOrNull(path.join(world.root, 'real/other')) !== OTHER) faults.push('another file was changed');
  }
  return faults;
}

// What a save printed must hold no token, neither its own nor one of the file.
function judgeShown({ stdout, stderr }) {
  return shownSecrets(stdout + stderr, SECRETS);
}

// A fresh process saves on, with every profile kept, and leaves nothing but the side lock.
async function judgeNextSave(driver, world, expected) {
  const before = readOrNull(world.file);
  const result = await run(driver, ['save', 'next', tokenOf('next')], environment(world.root));
  const faults = judgeShown(result);
  if (result.status !== 0) return [...faults, `the next save failed: ${result.stderr.trim() || result.signal}`];
  if (readOrNull(world.file) !== (before === expected.new ? expected.newNext : expected.oldNext)) {
    faults.push('the next save lost something');
  }
  if ((fs.statSync(world.file).mode & 0o7777) !== 0o600) faults.push('after the next save the mode is not 0600');
  if (listing(world.root) !== expected.left) faults.push(`left behind: ${listing(world.root)}`);
  return faults;
}

module.exports = {
  WORKERS, WORLDS, environment, judgeFile, judgeNextSave, judgeShown, learn, listing, makeWorld, run, tokenOf,
};
