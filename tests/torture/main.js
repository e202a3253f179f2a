// SPDX-License-Identifier: Apache-2.0
//
//   main.js DRIVER SHIM CUTTER SCRATCH [--full]      tests/torture.sh calls it. Prints TAP.
'use strict';

const { compete } = require('./concurrency.js');
const { OPTIONS, cutPower, cutPowerUnder, whyNoPowerCut } = require('./power_cut.js');
const { doLess } = require('./short_io.js');
const { canTrace, failEverywhere, killEverywhere } = require('./traced.js');
const { WORLDS, learn } = require('./world.js');

const SHOWN_FAULTS = 20;

let count = 0;
let failures = 0;

function report(good, title, details = []) {
  count += 1;
  if (!good) failures += 1;
  console.log(`${good ? '' : 'not '}ok ${count} - ${title}`);
  for (const line of good ? [] : details.slice(0, SHOWN_FAULTS)) console.log(`# ${line}`);
}

// A control passes where the harness saw what the naive writer does.
async function check(title, control, work) {
  try {
    const { runs, faults, note } = await work();
    const good = control ? faults.length > 0 : runs > 0 && faults.length === 0;
    if (note) console.log(`# note: ${note}`);
    report(good, `${title}: ${runs} runs, ${faults.length} faults${control ? ' seen' : ''}`, faults);
  } catch (error) {
    report(false, title, error.stack.split('\n'));
  }
}

// Of one family: each world, and the control.
function familyOf(setting, family, work) {
  return [
    ...Object.keys(WORLDS).map((world) => [`${family}, ${world}`, false, () => work(setting, world)]),
    [`${family}: the naive writer is caught`, true, () => work(setting, 'replace', 'naive')],
  ];
}

// auto_da_alloc, ext4's default, is made for careless writers: it begins to write their data with the rename or the
// close. Then a save that is lost will do to catch them; without it the file must be torn.
function powerCuts(setting) {
  return OPTIONS.flatMap((options) => {
    const kinds = options === 'noauto_da_alloc' ? ['torn'] : ['torn', 'lost'];
    const caught = (writer, mode) => [`power cut, ${options}: the ${writer} is caught (${kinds.join(' or ')})`, true,
      () => cutPowerUnder(setting, options, mode, kinds)];
    return [[`power cut, ${options}`, false, () => cutPower(setting, options)],
      caught('naive writer', 'naive-writer'), caught('writer without fsync', 'unsynced-writer')];
  });
}

async function checkUnless(why, checks) {
  for (const [title, control, work] of checks) {
    if (why === null) {
      await check(title, control, work);
    } else {
      count += 1;
      console.log(`ok ${count} - ${title} # SKIP ${why}: nothing of this was tested`);
    }
  }
}

async function main([driver, shim, cutter, scratch, form]) {
  const setting = { driver, shim, cutter, scratch, full: form === '--full', expected: {} };
  for (const world of Object.keys(WORLDS)) setting.expected[world] = await learn(driver, scratch, world);
  const untraceable = await canTrace(scratch) ? null : 'strace may not trace here';
  const traced = [...familyOf(setting, 'killed at every call', killEverywhere),
    ...familyOf(setting, 'every call fails', failEverywhere)];
  await checkUnless(untraceable, traced);
  for (const each of familyOf(setting, 'short and interrupted calls', doLess)) await check(...each);
  await check('writers, readers and random kills', false, () => compete(setting));
  await check('writers, readers and random kills: the naive writer is caught', true,
    () => compete(setting, 'naive-writer'));
  await checkUnless(await whyNoPowerCut(setting), powerCuts(setting));
  console.log(`1..${count}`);
  process.exitCode = failures ? 1 : 0;
}

main(process.argv.slice(2));
