// SPDX-License-Identifier: Apache-2.0
//
// Each system call of a save is met by SIGKILL, and fails with each errno, once and for ever. strace does it; the
// driver marks the save by a call of getppid on either side.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { environment, inParallel, judgeFile, judgeNextSave, makeWorld, readOrNull, run } = require('./world.js');

const MARK = 'getppid';
const SHORT_FORM_ERRNOS = 4;
const ERRNOS = ['EIO', 'ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EINTR', 'EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM',
  'ENOLCK', 'EXDEV', 'EBUSY', 'ESTALE', 'ETIMEDOUT'];
// They cannot fail, or say so in another way than by an errno; a lie told here is the kernel's, not a fault to bear.
const UNFAILING = new Set([MARK, 'geteuid', 'brk', 'getpid', 'gettid']);
// After the rename the new file stands. To put the old one back would take a second rename, with the same doubt about
// the disk: the save fails, says that the file was replaced, and asks the disk no second time (plugin.h,
// credentials.save).
const REPLACED = 'was replaced, but whether that outlives a power cut is unknown';
const UNSYNCED = 'cannot sync the directory above';
// A second fsync would be told that all is well.
const AFTER_SYNC = /^(fsync|fdatasync|sync|syncfs|rename\w*)\(/;

async function trace(driver, world, mode, injection) {
  const log = path.join(world.base, 'trace');
  const result = await run('strace', ['-f', '-qq', '-o', log, ...injection, driver, mode, 'work', 'work-token'],
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
  const { status, calls } = await trace(driver, world, mode, []);
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
  await inParallel(cases, async (each) => {
    const world = makeWorld(setting.scratch, worldName);
    const result = await trace(setting.driver, world, mode, ['-e', each.injection]);
    const found = result.hung ? ['it hung'] : judge(world, result, each);
    if (mode === 'save') found.push(...await judgeNextSave(setting.driver, world, setting.expected[worldName]));
    faults.push(...found.map((fault) => `${worldName}, ${each.injection}: ${fault}`));
    fs.rmSync(world.base, { recursive: true });
  });
  return { runs: cases.length, faults };
}

async function killEverywhere(setting, worldName, mode = 'save') {
  const points = await pointsOf(setting.driver, setting.scratch, mode, worldName);
  const cases = points.map(({ call, nth }) => ({ injection: `inject=${call}:signal=SIGKILL:when=${nth}` }));
  return hurt(setting, worldName, mode, cases, (world, result) => {
    const faults = judgeFile(world, setting.expected[worldName]);
    if (result.signal !== 'SIGKILL') faults.push(`it was not killed, but ended with ${result.status}`);
    return faults;
  });
}

// What the file must be for the exit status that came.
function judgeFailure(world, result, each, expected) {
  const faults = judgeFile(world, expected);
  const text = readOrNull(world.file);
  const replaced = result.stderr.includes(REPLACED);
  if (result.signal) faults.push(`it died of ${result.signal}`);
  if (!result.calls.some((line) => line.endsWith('(INJECTED)'))) faults.push('nothing was injected');
  if (result.status === 0 && text !== expected.new) faults.push('it says that it saved, and did not');
  if (result.status !== 0 && text === expected.new && !(replaced && each.call === 'fsync')) {
    faults.push(`it says that it failed (${result.stderr.trim()}), and saved`);
  }
  if (replaced && text !== expected.new) faults.push('it says that it replaced the file, and did not');
  if (world.name === 'new' && result.stderr.includes(UNSYNCED) && fs.existsSync(path.dirname(world.file))) {
    faults.push('a directory whose sync failed is left for the next save to trust');
  }
  const failedSync = result.calls.findIndex((line) => /^fsync\(.*\(INJECTED\)$/.test(line));
  if (failedSync >= 0) {
    const after = result.calls.slice(failedSync + 1);
    if (result.status === 0) faults.push('it says that it saved after a failed fsync');
    if (after.some((line) => AFTER_SYNC.test(line))) faults.push('it went on after a failed fsync');
  }
  return faults;
}

function failAt({ call, nth }, errno, forever) {
  return { call, errno, injection: `inject=${call}:error=${errno}:when=${nth}${forever ? '+' : ''}` };
}

// In the short form each call gets four of the errnos, in turn.
async function failEverywhere(setting, worldName, mode = 'save') {
  const points = (await pointsOf(setting.driver, setting.scratch, mode, worldName))
    .filter(({ call }) => !UNFAILING.has(call));
  const cases = points.flatMap((point, i) => ERRNOS
    .filter((errno, j) => setting.full || (i + j) % (ERRNOS.length / SHORT_FORM_ERRNOS) === 0)
    .flatMap((errno) => [failAt(point, errno, false), failAt(point, errno, true)]));
  return hurt(setting, worldName, mode, cases,
    (world, result, each) => judgeFailure(world, result, each, setting.expected[worldName]));
}

module.exports = { canTrace, failEverywhere, killEverywhere };
