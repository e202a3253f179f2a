// SPDX-License-Identifier: Apache-2.0
//
// Reads and writes that do less than they were asked for, interruptions, and a disk that fills up within a write.
'use strict';

const fs = require('node:fs');
const { WORKERS, environment, judgeFile, judgeNextSave, judgeShown, makeWorld, run, tokenOf } = require('./world.js');
const { inParallel, readOrNull } = require('../lib/report.js');

const EACH_NTH_BYTE = 16; // of the document, in the short form
const FOR_EVER = 1_000_000_000;

// `ends` is "saved" or "kept"; without it either is right, as long as the exit status tells which.
const CASES = [
  { set: { BYTES: 1 }, ends: 'saved' },
  { set: { BYTES: 7 }, ends: 'saved' },
  { set: { BYTES: 100 }, ends: 'saved' },
  { set: { INTERRUPT: 1 }, ends: 'saved' },
  { set: { INTERRUPT: 100 }, ends: 'saved' },
  { set: { BYTES: 1, INTERRUPT: 20 }, ends: 'saved' },
  { set: { INTERRUPT: FOR_EVER }, ends: 'kept' },
  { set: { NOTHING: 1 }, ends: 'kept' },
  { set: { TIMER_US: 50 } },
  { set: { TIMER_US: 50, BYTES: 1 } },
  { set: { STORM: 1 } },
  { set: { STORM: 20, BYTES: 1 } },
  { set: { STORM: FOR_EVER }, ends: 'kept' },
];

function* casesOf(expected, full) {
  yield* CASES;
  const step = full ? 1 : EACH_NTH_BYTE;
  for (let room = 0; room < expected.new.length; room += step) yield { set: { ROOM: room }, ends: 'kept' };
}

function judge(world, expected, result, ends) {
  if (result.hung) return ['it hung'];
  const faults = judgeFile(world, expected);
  const text = readOrNull(world.file);
  const saved = text === expected.new;
  if (result.signal) faults.push(`it died of ${result.signal}`);
  if (saved !== (result.status === 0)) {
    faults.push(`it ended with ${result.status}, and ${saved ? 'saved' : 'did not save'}`);
  }
  if (ends && saved !== (ends === 'saved')) faults.push(`it must have ${ends}: ${result.stderr.trim()}`);
  return faults;
}

async function doLess(setting, worldName, mode = 'save') {
  const expected = setting.expected[worldName];
  const cases = [...casesOf(expected, setting.full)];
  const faults = [];
  await inParallel(cases, WORKERS, async ({ set, ends }) => {
    const world = makeWorld(setting.scratch, worldName);
    const settings = Object.fromEntries(Object.entries(set).map(([name, value]) => [`SHORT_IO_${name}`, `${value}`]));
    const result = await run(setting.driver, [mode, 'work', tokenOf('work')],
      environment(world.root, { LD_PRELOAD: setting.shim, ...settings }));
    const found = judge(world, expected, result, ends);
    found.push(...judgeShown(result));
    if (mode === 'save') found.push(...await judgeNextSave(setting.driver, world, expected));
    faults.push(...found.map((fault) => `${worldName}, ${JSON.stringify(set)}: ${fault}`));
    fs.rmSync(world.base, { recursive: true });
  });
  return { runs: cases.length, faults };
}

module.exports = { doLess };
