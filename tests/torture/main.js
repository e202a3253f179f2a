// SPDX-License-Identifier: Apache-2.0
//
//   main.js DRIVER SCRATCH [--full]      tests/torture.sh calls it. Prints TAP.
'use strict';

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
    const { runs, faults } = await work();
    const good = runs > 0 && (control ? faults.length > 0 : faults.length === 0);
    report(good, `${title}: ${runs} runs, ${faults.length} faults${control ? ' seen' : ''}`, faults);
  } catch (error) {
    report(false, title, error.stack.split('\n'));
  }
}

function tracedChecks(setting) {
  const checks = [];
  for (const [family, work] of [['killed at every call', killEverywhere], ['every call fails', failEverywhere]]) {
    for (const world of Object.keys(WORLDS)) checks.push([`${family}, ${world}`, false, () => work(setting, world)]);
    checks.push([`${family}: the naive writer is caught`, true, () => work(setting, 'replace', 'naive')]);
  }
  return checks;
}

async function main([driver, scratch, form]) {
  const setting = { driver, scratch, full: form === '--full', expected: {} };
  for (const world of Object.keys(WORLDS)) setting.expected[world] = await learn(driver, scratch, world);
  const traceable = await canTrace(scratch);
  for (const [title, control, work] of tracedChecks(setting)) {
    if (traceable) {
      await check(title, control, work);
    } else {
      count += 1;
      console.log(`ok ${count} - ${title} # SKIP strace may not trace here: nothing of this was tested`);
    }
  }
  console.log(`1..${count}`);
  process.exitCode = failures ? 1 : 0;
}

main(process.argv.slice(2));
