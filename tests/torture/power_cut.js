// SPDX-License-Identifier: Apache-2.0
//
// The power is cut under saves, again and again on one disk, and each time it comes back with what had reached it.
//
// The disk is an ext4 image on a loop device. What a power cut leaves of it is every block that the file system had
// written by then, and none of what it held in memory: pages not yet written back, a transaction not yet committed. Its
// shutdown call (cut_power.c) makes it so: from that moment ext4 writes nothing. A copy of the image taken then is the
// disk at that moment; without it the image would change under the copy. The copy comes before the unmount, which
// may still write metadata back, and it is read after the file system has replayed its journal, as after a reboot.
// It does not matter whether the loop device uses the page cache of the image or not: what has been written to the
// device is read from the image, in whatever memory it is. A disk that lies about a flush is ext4's business, not ours.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { environment, listing, run, tokenOf } = require('./world.js');
const { readOrNull } = require('../lib/report.js');

const IMAGE_BYTES = 8 * 1024 * 1024;
const OPTIONS = ['auto_da_alloc', 'noauto_da_alloc']; // the first is the default
const CUTS = { short: 10, full: 200 };
const CONTROL_CUTS = 40; // at most: it ends with the first that shows its fault
const LONGEST_MS = 60;
const EACH_NTH_NEW = 4; // in a directory that the saves have to make
// Of each eight cuts the first four come whenever they come, perhaps before a save is done; the others after one.
const afterSave = (i) => i % 8 >= 4;
const LEAST_SAVED = 0.4; // of the cuts: so many after a save that was known to be done
const NOTE = 'whole '.repeat(2000); // some blocks, so that there is something to tear
const SYSTEM = { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: 'C' };

async function command(name, ...args) {
  const { status, stderr } = await run(name, args, SYSTEM);
  if (status !== 0) throw new Error(`${name}: ${stderr.trim() || status}`);
}

class Disk {
  constructor({ scratch, cutter }, options) {
    this.base = fs.mkdtempSync(path.join(scratch, 'power-'));
    this.root = path.join(this.base, 'disk');
    this.image = path.join(this.base, 'image');
    Object.assign(this, { cutter, options, mounted: false });
  }

  async make() {
    fs.mkdirSync(this.root);
    fs.writeFileSync(this.image, '');
    fs.truncateSync(this.image, IMAGE_BYTES);
    await command('mkfs.ext4', '-q', '-F', '-b', '1024', this.image);
    await this.mount();
  }

  async mount() {
    await command('mount', '-t', 'ext4', '-o', `loop,${this.options}`, this.image, this.root);
    this.mounted = true;
  }

  // The loop device goes with it.
  async unmount() {
    await command('umount', this.root);
    this.mounted = false;
  }

  async cut() {
    await command(this.cutter, this.root);
  }

  async comeBack() {
    const copy = `${this.image}.copy`;
    fs.copyFileSync(this.image, copy);
    await this.unmount();
    fs.renameSync(copy, this.image);
    await this.mount();
  }

  async remove() {
    if (this.mounted) await this.unmount();
    fs.rmSync(this.base, { recursive: true });
  }
}

async function withDisk(setting, options, work) {
  const disk = new Disk(setting, options);
  try {
    await disk.make();
    return await work(disk);
  } finally {
    await disk.remove();
  }
}

// null, or why the power cannot be cut here.
async function whyNoPowerCut(setting) {
  try {
    await withDisk(setting, OPTIONS[0], (disk) => disk.cut());
    return null;
  } catch (error) {
    return error.message.replace(/\s+/g, ' ');
  }
}

// Whoever syncs a file of his own makes ext4 commit what it knows of all others, in the middle of whatever they do.
async function syncBeside(disk) {
  const file = await fs.promises.open(path.join(disk.root, 'neighbour'), 'w');
  const until = { over: false };
  until.done = (async () => {
    try {
      while (!until.over) {
        await file.write('.');
        await file.sync();
      }
    } catch (error) {
      if (error.code !== 'EIO' && error.code !== 'EROFS') throw error; // the disk is gone
    } finally {
      await file.close();
    }
  })();
  return until;
}

function startWriter(setting, home, mode, name, from) {
  const child = spawn(setting.driver, [mode, name, String(from + 1), String(from + 1_000_000)],
    { env: environment(home), stdio: ['ignore', 'pipe', 'pipe'] });
  const writer = { child, name, from, saved: from, words: '' };
  writer.ended = new Promise((resolve) => { child.on('close', resolve); });
  writer.begun = new Promise((resolve) => {
    child.stdout.once('data', resolve);
    child.on('close', resolve);
  });
  child.stderr.on('data', (bytes) => { writer.words += bytes; });
  let rest = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    if (lines.length > 0) writer.saved = Number(lines.at(-1));
  });
  return writer;
}

function numberOf(file, name) {
  return Number(JSON.parse(readOrNull(file) ?? '{}').profiles?.[name]?.token ?? 0);
}

// `saved` are the numbers that were known to be saved before the cut, by profile.
function judge(file, isNew, saved) {
  const text = readOrNull(file);
  if (text === null) return isNew && Object.values(saved).every((n) => n === 0) ? [] : ['lost: there is no file'];
  let config;
  try {
    config = JSON.parse(text);
  } catch (error) {
    return [`torn: ${text.length} bytes, ${error.message}`];
  }
  const faults = [];
  const isWhole = `${JSON.stringify(config, null, 2)}\n` === text && (isNew || config.note === NOTE);
  if (!isWhole) faults.push('torn: not whole');
  if ((fs.statSync(file).mode & 0o7777) !== 0o600) faults.push('open: its mode is not 0600');
  for (const [name, number] of Object.entries(saved)) {
    const found = numberOf(file, name);
    if (found < number) faults.push(`lost: ${name} is ${found}, and ${number} was saved`);
  }
  return faults;
}

// The next save after the reboot, which finds what the cut one left.
async function judgeNextSave(setting, home) {
  const { status, stderr } = await run(setting.driver, ['save', 'next', tokenOf('next')], environment(home));
  if (status !== 0) return [`the next save failed: ${stderr.trim()}`];
  const left = listing(path.join(home, 'plexctl'));
  return left === 'config.json config.json.lock' ? [] : [`left behind: ${left}`];
}

// `when`: { isNew, waits }, whether in a new directory, and whether a save is awaited first.
async function cutOnce(setting, disk, mode, { isNew = false, waits = false } = {}) {
  const home = path.join(disk.root, isNew ? 'new/home' : 'home');
  const file = path.join(home, 'plexctl/config.json');
  const names = mode === 'writer' ? ['w0', 'w1'] : ['w0']; // the controls take no lock
  const beside = await syncBeside(disk);
  const writers = names.map((name) => startWriter(setting, home, mode, name, numberOf(file, name)));
  if (waits) await Promise.race(writers.map(({ begun }) => begun));
  await new Promise((resolve) => { setTimeout(resolve, Math.random() * LONGEST_MS); }); // the moment is what is tried
  const saved = Object.fromEntries(writers.map((writer) => [writer.name, writer.saved]));
  const early = writers.filter(({ child }) => child.exitCode !== null).map(({ words }) => `it ended: ${words}`);
  await disk.cut();
  beside.over = true;
  for (const { child } of writers) child.kill('SIGKILL');
  await Promise.all([beside.done, ...writers.map(({ ended }) => ended)]);
  await disk.comeBack();
  const faults = [...early, ...judge(file, isNew, saved)];
  if (mode === 'writer' && faults.length === 0) faults.push(...await judgeNextSave(setting, home));
  if (isNew) fs.rmSync(path.join(disk.root, 'new'), { recursive: true, force: true });
  return { faults, hasSaved: writers.some(({ from, name }) => saved[name] > from) };
}

function writeFirst(disk) {
  const directory = path.join(disk.root, 'home/plexctl');
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = path.join(directory, 'config.json');
  fs.writeFileSync(file, `${JSON.stringify({ note: NOTE, default: 'w0', profiles: {} }, null, 2)}\n`, { mode: 0o600 });
  return command('sync', '-f', file);
}

async function cutPower(setting, options) {
  const cuts = CUTS[setting.full ? 'full' : 'short'];
  return withDisk(setting, options, async (disk) => {
    const faults = [];
    let saved = 0;
    await writeFirst(disk);
    for (let i = 1; i <= cuts && faults.length === 0; i += 1) {
      const found = await cutOnce(setting, disk, 'writer', { isNew: i % EACH_NTH_NEW === 0, waits: afterSave(i) });
      saved += found.hasSaved;
      faults.push(...found.faults.map((fault) => `cut ${i}: ${fault}`));
    }
    if (faults.length === 0 && saved < LEAST_SAVED * cuts) faults.push(`only ${saved} cuts came after a save`);
    return { runs: cuts, faults, note: `power cut, ${options}: ${saved} of ${cuts} cuts after a save that was done` };
  });
}

// `kind` is what the fault must be that is waited for.
async function cutPowerUnder(setting, options, mode, kind) {
  return withDisk(setting, options, async (disk) => {
    await writeFirst(disk);
    for (let i = 1; i <= CONTROL_CUTS; i += 1) {
      const { faults } = await cutOnce(setting, disk, mode, { waits: afterSave(i) });
      if (faults.some((fault) => kind.test(fault))) return { runs: i, faults };
      if (faults.length > 0) await writeFirst(disk);
    }
    return { runs: CONTROL_CUTS, faults: [] };
  });
}

module.exports = { OPTIONS, cutPower, cutPowerUnder, whyNoPowerCut };
