// SPDX-License-Identifier: Apache-2.0
//
//   main.js PREFIX SHIMS SCRATCH [--full]      tests/torture.sh calls it. Prints TAP.
//
// Runs each flow of flows.js with every allocation of plexctl's own failing, once and sticky, and looks at what is left:
// exit code, words, config file, blocks that were not freed, secrets in what was. Without --full every STRIDEth, from an
// offset that differs from run to run.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { FLOWS, plain } = require('./flows.js');
const { makeRunner } = require('./run.js');
const { SECRETS, startPlane } = require('./plane.js');
const { checkUndumpable } = require('./undumpable.js');
const { certificates } = require('../e2e/lib/peers.js');
const { finish, inParallel, note, report, reportControl } = require('../lib/report.js');

const STRIDE = 23;
const WORKERS = 3; // a login waits for the server now and then

const config = (result) => (result.config === null ? '' : result.config);

// Of any run, with or without a failure.
function judgeMemory(result) {
  const { leaks, seen, ended } = result.heap;
  return [
    ...(ended ? [] : ['it did not come to its end']),
    ...leaks.map((line) => `left behind: ${line}`),
    ...seen.filter(({ owner }) => owner === 'own' || owner === 'json-c').map((sight) => `freed unwiped: ${sight.line}`),
    ...result.shown,
    ...result.left.map((name) => `left in the directory: ${name}`),
  ];
}

const isSame = (a, b) => ['code', 'signal', 'stdout', 'stderr'].every((key) => a[key] === b[key]) && config(a) === config(b);

// A run in which an allocation failed: it says so, or nobody can tell.
function judge(result, whole) {
  const faults = judgeMemory(result);
  const line = result.stderr.replace(/^plexctl: warning: .*\n/gm, '');
  const isSaved = line.startsWith('plexctl: saved, but ');
  if (isSame(result, whole)) return faults;
  if (result.signal) faults.push(`died by ${result.signal}`);
  else if (result.code !== 1) faults.push(`exit ${result.code}`);
  if (!/^plexctl: [^\n]*memory[^\n]*\n$/.test(line)) faults.push(`said ${JSON.stringify(result.stderr)}`);
  if (!whole.stdout.startsWith(result.stdout)) faults.push(`showed ${JSON.stringify(result.stdout.slice(-300))}`);
  if (config(result) !== (isSaved ? config(whole) : result.before)) faults.push('the config file has changed');
  return faults;
}

// What a flow does when nothing fails; twice, since all the rest is judged by it.
async function learn(run, flow) {
  const whole = await run(flow);
  const again = await run(flow);
  const faults = judgeMemory(whole);
  if (!isSame(whole, again)) faults.push(`two runs differ: ${JSON.stringify([whole, again])}`);
  if (flow.fate === 'approved' && flow.name.includes('broken') === (whole.code === 0)) faults.push(`login: ${whole.stderr}`);
  return { whole, faults };
}

async function failEach(run, flow, { stride, offset }) {
  const { whole, faults } = await learn(run, flow);
  const numbers = [];
  for (let n = 1 + offset % stride; n <= whole.heap.allocations; n += stride) numbers.push(`${n}`, `${n}+`);
  await inParallel(numbers, WORKERS, async (fail) => {
    const result = await run(flow, fail);
    const found = judge(result, whole);
    // When a signal comes, and so how much was done until then, differs.
    if (result.heap.failed.length === 0 && !flow.cancel) found.push('no allocation failed');
    const where = result.heap.failed[0] ? ` at ${result.heap.failed[0]}` : '';
    faults.push(...found.map((fault) => `allocation ${fail}${where}: ${fault}`));
  });
  // Known and bounded: see core/render_yaml.c.
  const isKnown = ({ owner }) => owner === 'yaml' && flow.args.includes('--reveal-secrets') && flow.args.includes('yaml');
  const foreign = whole.heap.seen.filter((sight) => !['own', 'json-c'].includes(sight.owner) && !isKnown(sight));
  return { runs: numbers.length + 2, faults, foreign };
}

// What the plugin does, and the faults by which it must be caught.
const CONTROLS = {
  leak: [/left behind: /],
  crash: [/crashed by SIGSEGV/],
  swallow: [/exit 0/, /said ""/],
  blame: [/exit 2/, /said .*the moon is full/],
  unwiped: [/freed unwiped: own secret /],
  show: [/it shows canary-token/],
};

async function main([prefix, shims, scratch, form]) {
  const { good, ca } = certificates(scratch);
  const planes = { http: await startPlane(null), https: await startPlane(good) };
  const run = makeRunner({ prefix, shims, scratch, planes, trust: ca });
  const full = form === '--full';
  const sample = { stride: full ? 1 : STRIDE, offset: Number(process.env.FAULTS_SEED || Date.now() % 9973) };
  const foreign = new Map();
  if (!full) note(`every ${STRIDE}th allocation; FAULTS_SEED=${sample.offset} chooses the same`);
  let runs = 0;
  const only = process.env.FAULTS_FLOW;
  for (const flow of FLOWS.filter(({ name }) => !only || name.includes(only))) {
    sample.offset += 7;
    const done = await failEach(run, flow, sample);
    runs += done.runs;
    for (const { line } of done.foreign) foreign.set(line, (foreign.get(line) || 0) + 1);
    report(done.faults.length === 0, `memory fails, ${flow.name}: ${done.runs} runs, ${done.faults.length} faults`, done.faults);
  }
  report(foreign.size === 0, 'no library frees a secret unwiped', [...foreign.keys()]);
  for (const [fault, kinds] of Object.entries(CONTROLS)) {
    const flow = plain(['careless', fault, SECRETS.token], null, { plugins: shims });
    const { faults } = await failEach(run, flow, { stride: 1, offset: 0 });
    reportControl(`memory fails: a plugin that does ${fault} is caught`, kinds, faults);
  }
  await checkUndumpable({ prefix, scratch, planes });
  for (const plane of Object.values(planes)) plane.close();
  note(`${runs} runs without memory`);
  finish();
}

fs.accessSync(process.argv[2]);
main(process.argv.slice(2));
