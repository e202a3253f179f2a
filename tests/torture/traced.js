// SPDX-License-Identifier: Apache-2.0
//
// Each system call of a save is met by SIGKILL, and fails with each errno, once and for ever. strace does it; the
// driver marks the save by a call of getppid on either side.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { WORKERS, environment, judgeFile, judgeNextSave, judgeShown, makeWorld, run, tokenOf } = require('./world.js');
const { inParallel, readOrNull } = require('../lib/report.js');

const MARK = 'getppid';
const SHORT_FORM_ERRNOS = 4; // of each call, in turn
const ERRNOS = ['EIO', 'ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EINTR', 'EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM',
  'ENOLCK', 'EXDEV', 'EBUSY', 'ESTALE', 'ETIMEDOUT'];
// Any call that meets a file: its file system may be across a network, or a program (FUSE).
const REMOTE = ['EIO', 'ESTALE', 'ETIMEDOUT', 'EINTR', 'ENOMEM'];
const PATH = [...REMOTE, 'EACCES'];
const CHANGE = [...PATH, 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'];
// What each call can fail with, of ERRNOS, by its page of section 2 and those above; all of ERRNOS for a call that is not
// here.
const ERRNOS_OF = {
  readlink: PATH, newfstatat: PATH, statx: PATH, faccessat2: [...PATH, 'EPERM', 'EROFS'],
  openat: [...CHANGE, 'EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY'],
  mkdirat: CHANGE, unlinkat: [...PATH, 'EPERM', 'EROFS', 'EBUSY'], renameat2: [...CHANGE, 'EBUSY', 'EXDEV'],
  fchmod: [...REMOTE, 'EACCES', 'EPERM', 'EROFS'],
  read: [...REMOTE, 'EAGAIN'], write: [...REMOTE, 'ENOSPC', 'EDQUOT', 'EPERM', 'EAGAIN'],
  fsync: [...REMOTE, 'ENOSPC', 'EDQUOT', 'EROFS'], close: [...REMOTE, 'ENOSPC', 'EDQUOT'],
  fcntl: ['EACCES', 'EAGAIN', 'EBUSY', 'EINTR', 'EIO', 'EMFILE', 'ENOLCK', 'EPERM'],
  flock: ['EAGAIN', 'EINTR', 'EIO', 'ENOLCK'],
  getdents64: REMOTE, getrandom: ['EAGAIN', 'EINTR'],
};
// They cannot fail, or say so in another way than by an errno; a lie told here is the kernel's, not a fault to bear.
const UNFAILING = new Set([MARK, 'geteuid', 'brk', 'getpid', 'gettid']);
const UNSYNCED = 'cannot sync the directory above';
const SYNC = /^(fsync|fdatasync|sync|syncfs)\(/;
const RENAME = /^rename\w*\(/;
// Of a file system or a kernel that cannot exchange two names: then a plain rename must do, and the save go well.
const WITHOUT_EXCHANGE = ['EINVAL', 'ENOSYS'];

function inodeOf(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.ino;
}

async function trace(driver, world, mode, profile, options) {
  const log = path.join(world.base, 'trace');
  const result = await run('strace', ['-f', '-qq', '-o', log, ...options, driver, mode, profile, tokenOf(profile)],
    environment(world.root), world.base);
  const calls = (readOrNull(log) ?? '').split('\n').map((line) => line.replace(/^\d+ +/, '')).filter(Boolean);
  return { ...result, calls };
}

async function canTrace(scratch) {
  const log = path.join(scratch, 'can-trace');
  const args = ['-f', '-qq', '-o', log, '-e', 'inject=chdir:error=EIO', 'sh', '-c', 'cd /; exit 7'];
  const result = await run('strace', args, { PATH: process.env.PATH }, scratch);
  return (readOrNull(log) ?? '').includes('(INJECTED)') && result.status === 7;
}

// Every call of a clean save, as { call, nth }: strace counts each name by itself, from the start of the program.
async function pointsOf(driver, scratch, mode, worldName) {
  const world = makeWorld(scratch, worldName);
  const { status, calls } = await trace(driver, world, mode, 'work', []);
  const seen = new Map();
  const points = [];
  for (const line of calls) {
    const call = /^(\w+)\(/.exec(line)?.[1];
    if (!call) continue;
    seen.set(call, (seen.get(call) ?? 0) + 1);
    if (seen.has(MARK)) points.push({ call, nth: seen.get(call) });
    if (seen.get(MARK) === 2) break;
  }
  if (status !== 0 || seen.get(MARK) !== 2 || points.length < 10) throw new Error(`no trace of a save in ${worldName}`);
  fs.rmSync(world.base, { recursive: true });
  return points.slice(1); // the second mark stays: whatever comes after the last call
}

// judge(world, result) tells what is wrong after one run.
async function hurt(setting, worldName, mode, cases, judge) {
  const faults = [];
  await inParallel(cases, WORKERS, async (each) => {
    const world = makeWorld(setting.scratch, worldName);
    world.inode = inodeOf(world.file);
    const result = await trace(setting.driver, world, mode, 'work', ['-e', each.injection]);
    const found = result.hung ? ['it hung'] : await judge(world, result, each);
    found.push(...judgeShown(result));
    if (mode === 'save') found.push(...await judgeNextSave(setting.driver, world, setting.expected[worldName]));
    faults.push(...found.map((fault) => `${worldName}, ${each.injection}: ${fault}`));
    fs.rmSync(world.base, { recursive: true });
  });
  return { runs: cases.length, faults };
}

// What a killed save leaves beside the file can hold tokens.
function judgeLeftovers(world) {
  return fs.readdirSync(world.root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && fs.statSync(path.join(entry.path, entry.name)).mode & 0o077)
    .map((entry) => `others may open ${entry.name}`);
}

function isWithoutFile(world) {
  return fs.existsSync(path.dirname(world.file)) && !fs.existsSync(world.file);
}

// The killed save made the directory, and may not have synced it: whoever saves the first file in it has to.
async function judgeDirectorySync(driver, world) {
  const copy = { ...world, root: path.join(world.base, 'copy') };
  fs.cpSync(world.root, copy.root, { recursive: true });
  const { calls } = await trace(driver, copy, 'save', 'next', ['-y']);
  const synced = calls.some((line) => line.startsWith('fsync(') && line.includes(`<${copy.root}>) = 0`));
  return synced ? [] : ['the next save syncs a file into a directory that the disk may not have'];
}

async function killEverywhere(setting, worldName, mode = 'save') {
  const points = await pointsOf(setting.driver, setting.scratch, mode, worldName);
  const cases = points.map(({ call, nth }) => ({ injection: `inject=${call}:signal=SIGKILL:when=${nth}` }));
  return hurt(setting, worldName, mode, cases, async (world, result) => {
    const faults = judgeFile(world, setting.expected[worldName]);
    if (result.signal !== 'SIGKILL') faults.push(`it was not killed, but ended with ${result.status}`);
    faults.push(...judgeLeftovers(world));
    if (mode === 'save' && isWithoutFile(world)) faults.push(...await judgeDirectorySync(setting.driver, world));
    return faults;
  });
}

// What the file must be for the exit status that came.
function judgeFailure(world, result, each, expected) {
  const faults = judgeFile(world, expected);
  const text = readOrNull(world.file);
  if (result.signal) faults.push(`it died of ${result.signal}`);
  if (!result.calls.some((line) => line.endsWith('(INJECTED)'))) faults.push('nothing was injected');
  if (result.status === 0 && text !== expected.new) faults.push('it says that it saved, and did not');
  if (result.status !== 0 && text === expected.new) {
    faults.push(`it says that it failed (${result.stderr.trim()}), and saved`);
  }
  if (result.status !== 0 && inodeOf(world.file) !== world.inode) faults.push('it failed, and the file is another');
  if (each.saves && result.status !== 0) faults.push(`it must have saved: ${result.stderr.trim()}`);
  if (world.name === 'new' && result.stderr.includes(UNSYNCED) && fs.existsSync(path.dirname(world.file))) {
    faults.push('a directory whose sync failed is left for the next save to trust');
  }
  return [...faults, ...judgeFailedSync(result)];
}

// A second fsync would be told that all is well. What stood in place before is put back there: an exchange is undone by
// one exchange, and nothing else is renamed.
function judgeFailedSync({ status, calls }) {
  const failed = calls.findIndex((line) => /^fsync\(.*\(INJECTED\)$/.test(line));
  if (failed < 0) return [];
  const faults = [];
  const after = calls.slice(failed + 1);
  const exchanges = (lines) => lines.filter((line) => /RENAME_EXCHANGE\) = 0$/.test(line)).length;
  if (status === 0) faults.push('it says that it saved after a failed fsync');
  if (after.some((line) => SYNC.test(line))) faults.push('it asked the disk again after a failed fsync');
  if (exchanges(after) !== exchanges(calls.slice(0, failed))) faults.push('it did not put back what it had exchanged');
  if (after.filter((line) => RENAME.test(line)).length !== exchanges(after)) {
    faults.push('it renamed after a failed fsync');
  }
  return faults;
}

function failAt({ call, nth }, errno, forever) {
  const saves = call === 'renameat2' && WITHOUT_EXCHANGE.includes(errno);
  return { saves, injection: `inject=${call}:error=${errno}:when=${nth}${forever ? '+' : ''}` };
}

function errnosOf({ call }, full, i) {
  const possible = ERRNOS_OF[call] ?? ERRNOS;
  const from = i * SHORT_FORM_ERRNOS;
  const errnos = possible.filter((_, j) => full || (from + j) % possible.length < SHORT_FORM_ERRNOS);
  return call === 'renameat2' ? [...errnos, ...WITHOUT_EXCHANGE] : errnos;
}

async function failEverywhere(setting, worldName, mode = 'save') {
  const points = (await pointsOf(setting.driver, setting.scratch, mode, worldName))
    .filter(({ call }) => !UNFAILING.has(call));
  const cases = points.flatMap((point, i) => errnosOf(point, setting.full, i)
    .flatMap((errno) => [failAt(point, errno, false), failAt(point, errno, true)]));
  return hurt(setting, worldName, mode, cases,
    (world, result, each) => judgeFailure(world, result, each, setting.expected[worldName]));
}

module.exports = { canTrace, failEverywhere, killEverywhere };
