// SPDX-License-Identifier: Apache-2.0
//
// What stands in the way of a save: file systems of their own, a lock that is held, owners. Gone after the test.
'use strict';

const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { NOBODY } = require('./harness.js');
const { defer } = require('./defer.js');

const mount = (...args) => execFileSync('mount', args, { stdio: 'pipe' });

// False, or why the cases that mount are skipped.
function findMountTrouble() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'plexctl-mount.'));
  try {
    mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir);
    execFileSync('umount', [dir]);
    return false;
  } catch (error) {
    return `mounting is impossible here: ${error.message.split('\n').at(-1) || error.code}`;
  } finally {
    fs.rmdirSync(dir);
  }
}

const cannotMount = findMountTrouble();
const cannotBecomeNobody = process.getuid() !== 0 && 'needs root to become another user';

// A file system of its own, in RAM, in place of the home's config directory, which is emptied by that.
function mountConfig(t, home, options = 'size=128k') {
  const dir = path.dirname(home.configFile);
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  mount('-t', 'tmpfs', '-o', `mode=0700,${options}`, 'tmpfs', dir);
  defer(t, () => execFileSync('umount', ['--lazy', dir]));
  return {
    dir,
    remount: (how) => mount('-o', `remount,${how}`, dir),
    // Until nothing goes in any more; gives the file that takes the room.
    fill() {
      const filler = path.join(dir, 'filler');
      const fd = fs.openSync(filler, 'w');
      try {
        for (;;) fs.writeSync(fd, Buffer.alloc(512));
      } catch (error) {
        if (error.code !== 'ENOSPC') throw error;
      } finally {
        fs.closeSync(fd);
      }
      return filler;
    },
  };
}

// Resolves with a function that lets go, once another process holds the lock beside the config file.
async function holdLock(t, home) {
  const dir = path.dirname(home.configFile);
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  const lock = `${home.configFile}.lock`;
  fs.writeFileSync(lock, '', { mode: 0o600 });
  const holder = spawn('flock', [lock, 'sh', '-c', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => holder.on('close', resolve));
  await new Promise((resolve) => holder.stdout.once('data', resolve));
  const release = () => {
    holder.stdin.end();
    return ended;
  };
  defer(t, release);
  return release;
}

// Whatever is in the home belongs to nobody, who then runs plexctl.
function giveToNobody(home) {
  const { dir } = home;
  for (const name of ['', ...fs.readdirSync(dir, { recursive: true })]) fs.lchownSync(path.join(dir, name), NOBODY, NOBODY);
}

module.exports = { cannotBecomeNobody, cannotMount, giveToNobody, holdLock, mountConfig };
