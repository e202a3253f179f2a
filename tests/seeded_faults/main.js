// SPDX-License-Identifier: Apache-2.0
//
// Seeds faults into single files, one at a time, and counts how many of them the unit tests catch: the plain ones, and of
// what those miss the ones with sanitizers. Prints TAP.
//
//   main.js BUILD_DIR SANITIZED_DIR SCRATCH [--sample N] [--seed TEXT] [FILE...]
//
// With --sample, N faults of each file: the same ones for the same seed, as long as their lines do not change.
'use strict';

const { createHash } = require('node:crypto');
const fs = require('node:fs');

const { findMutants } = require('./mutants.js');
const { Workshop } = require('./workshop.js');

const CAUGHT_MIN_PERCENT = 90;
const JOBS = 2;
const testsOf = require('./files.json');
const equivalents = require('./equivalent.json');

function parseArguments([buildDir, sanitizedDir, scratch, ...rest]) {
    const options = { buildDir, sanitizedDir, scratch, sample: Infinity, seed: '1', files: [] };
    while (rest.length > 0) {
        const word = rest.shift();
        if (word === '--sample') options.sample = Number(rest.shift());
        else if (word === '--seed') options.seed = rest.shift();
        else if (testsOf[word]) options.files.push(word);
        else throw new Error(`${word}: no file of files.json`);
    }
    if (options.files.length === 0) options.files = Object.keys(testsOf);
    return options;
}

// Runs `work` on each item, JOBS at a time.
async function each(items, work) {
    const queue = items.entries();
    const worker = async (job) => {
        for (const [, item] of queue) await work(item, job);
    };
    await Promise.all(Array.from({ length: JOBS }, (_, job) => worker(job)));
}

function choose(mutants, { sample, seed }) {
    if (sample >= mutants.length) return mutants;
    const rank = (m) => createHash('sha256').update(`${seed} ${m.function} ${m.shown}`).digest('hex');
    return mutants.map((m) => [rank(m), m]).sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, sample).map(([, m]) => m);
}

function isSame(listed, mutant) {
    return listed.file === mutant.file && listed.function === mutant.function && listed.fault === mutant.shown;
}

async function plant(workshop, options) {
    const faults = [];
    await each(options.files, async (file) => {
        const source = fs.readFileSync(file, 'latin1');
        const all = findMutants(file, source, await workshop.tree(file));
        for (const mutant of all) Object.assign(mutant, { file, source, equivalent: undefined });
        for (const listed of equivalents) all.filter((m) => isSame(listed, m)).forEach((m) => (m.equivalent = listed));
        faults.push(...choose(all, options));
    });
    return faults;
}

function tell(m) {
    return `${m.file}:${m.line} in ${m.function} (${m.kind}): ${m.shown}`;
}

function report(files, faults) {
    for (const file of files) {
        const counted = faults.filter((m) => m.file === file && m.verdict !== 'invalid');
        const real = counted.filter((m) => !m.equivalent);
        const caught = real.filter((m) => m.verdict);
        const late = caught.filter((m) => m.verdict === 'timed out').length;
        console.log(`# note: ${file}: ${caught.length} of ${real.length} caught (${late} by their time), ${counted.length - real.length} equivalent`);
        for (const m of real.filter((m) => !m.verdict)) console.log(`#   missed ${tell(m)}`);
    }
}

function check(title, problems) {
    check.count = (check.count ?? 0) + 1;
    console.log(`${problems.length === 0 ? 'ok' : 'not ok'} ${check.count} - ${title}`);
    for (const problem of problems) console.log(`#   ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
}

async function main() {
    const options = parseArguments(process.argv.slice(2));
    const tests = [...new Set(options.files.flatMap((file) => testsOf[file]))];
    const plain = new Workshop(options.buildDir, options.scratch, tests, false);
    const sanitized = new Workshop(options.sanitizedDir, options.scratch, tests, true);
    const faults = await plant(plain, options);
    let done = 0;
    await each(faults, async (mutant, job) => {
        mutant.verdict = await plain.hunt(mutant, testsOf[mutant.file], `job-${job}`);
        mutant.verdict ??= await sanitized.hunt(mutant, testsOf[mutant.file], `job-${job}`);
        done++;
        if (!mutant.verdict && !mutant.equivalent) process.stderr.write(`${done} of ${faults.length}: missed ${tell(mutant)}\n`);
    });
    report(options.files, faults);
    const real = faults.filter((m) => m.verdict !== 'invalid' && !m.equivalent);
    const caught = real.filter((m) => m.verdict);
    const percent = (100 * caught.length) / real.length;
    console.log(`# note: ${caught.length} of ${real.length} seeded faults caught (${percent.toFixed(1)} %)`);
    check(`at least ${CAUGHT_MIN_PERCENT} % of the seeded faults are caught`, percent >= CAUGHT_MIN_PERCENT ? [] : [`${percent.toFixed(1)} %`]);
    const wrong = faults.filter((m) => m.equivalent && m.verdict);
    check('no fault that is listed as equivalent is caught', wrong.map((m) => `${m.file}:${m.line}: ${m.shown}`));
    if (options.sample === Infinity) {
        const stale = equivalents.filter((listed) => options.files.includes(listed.file) && !faults.some((m) => m.equivalent === listed));
        check('each fault that is listed as equivalent is there', stale.map((listed) => `${listed.file}: ${listed.fault}`));
    }
    console.log(`1..${check.count}`);
}

main().catch((error) => {
    console.log(`Bail out! ${error.stack}`);
    process.exitCode = 2;
});
