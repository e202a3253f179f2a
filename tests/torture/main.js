// SPDX-License-Identifier: Apache-2.0
//
//   main.js DRIVER SHIM CUTTER SCRATCH [--full]      tests/torture.sh calls it. Prints TAP.
'use strict';

const { compete } = require('./concurrency.js');
const { OPTIONS, cutPower, cutPowerUnder, whyNoPowerCut } = require('./power_cut.js');
const { doLess } = require('./short_io.js');
const { canTrace, failEverywhere, killEverywhere } = require('./traced.js');
const { WORLDS, learn } = require('./world.js');
const { finish, note, report, reportControl, skip } = require('../lib/report.js');

const TORN = /: torn: /;
// By a reader or a writer that finds less than there was, or half of it.
const LOST = /went back to|and must be \d+:|it must have been cut off|config\.json: line \d+, column \d+/;

// A control passes where the harness saw what the naive writer does: `kinds` says by which faults. null: no control.
async function check(title, kinds, work) {
  try {
    const { runs, faults, note: said } = await work();
    if (said) note(said);
    const figures = `${title}: ${runs} runs, ${faults.length} faults`;
    if (kinds) reportControl(`${figures} seen`, kinds, faults);
    else report(runs > 0 && faults.length === 0, figures, faults);
  } catch (error) {
    report(false, title, error.stack.split('\n'));
  }
}

// Of one family: each world, and the control.
function familyOf(setting, family, work, kinds) {
  return [
    ...Object.keys(WORLDS).map((world) => [`${family}, ${world}`, null, () => work(setting, world)]),
    [`${family}: the naive writer is caught`, kinds, () => work(setting, 'replace', 'naive')],
  ];
}

// auto_da_alloc, ext4's default, is made for careless writers: it begins to write their data with the rename or the
// close. Then a save that is lost will do to catch them; without it the file must be torn.
function powerCuts(setting) {
  return OPTIONS.flatMap((options) => {
    const kind = options === 'noauto_da_alloc' ? /^torn/ : /^(torn|lost)/;
    const caught = (writer, mode) => [`power cut, ${options}: the ${writer} is caught`, [kind],
      () => cutPowerUnder(setting, options, mode, kind)];
    return [[`power cut, ${options}`, null, () => cutPower(setting, options)],
      caught('naive writer', 'naive-writer'), caught('writer without fsync', 'unsynced-writer')];
  });
}

async function checkUnless(why, checks) {
  for (const [title, control, work] of checks) {
    if (why === null) await check(title, control, work);
    else skip(title, `${why}: nothing of this was tested`);
  }
}

async function main([driver, shim, cutter, scratch, form]) {
  const setting = { driver, shim, cutter, scratch, full: form === '--full', expected: {} };
  for (const world of Object.keys(WORLDS)) setting.expected[world] = await learn(driver, scratch, world);
  const untraceable = await canTrace(scratch) ? null : 'strace may not trace here';
  const traced = [...familyOf(setting, 'killed at every call', killEverywhere, [TORN]),
    ...familyOf(setting, 'every call fails', failEverywhere, [TORN, /it says that it saved, and did not/])];
  await checkUnless(untraceable, traced);
  for (const each of familyOf(setting, 'short and interrupted calls', doLess, [TORN, /it ended with 0, and did not save/])) await check(...each);
  await check('writers, readers and random kills', null, () => compete(setting));
  await check('writers, readers and random kills: the naive writer is caught', [LOST],
    () => compete(setting, 'naive-writer'));
  await checkUnless(await whyNoPowerCut(setting), powerCuts(setting));
  finish();
}

main(process.argv.slice(2));
