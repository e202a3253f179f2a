// SPDX-License-Identifier: Apache-2.0
//
// Seeds faults into single files, one at a time, and counts how many of them the unit tests catch: the plain ones, and of
// what those miss the ones with sanitizers. Prints TAP.
//
//   main.js BUILD_DIR SANITIZED_DIR SCRATCH [--sample N] [--seed TEXT] [FILE...]
//
// With --sample, N faults of each file: the same ones for the same seed, as long as their lines do not change. Without
// --seed each day has its own.
'use strict';

const { createHash } = require('node:crypto');
const fs = require('node:fs');

const { findMutants } = require('./mutants.js');
const { Workshop } = require('./workshop.js');

const CAUGHT_MIN_PERCENT = 90;
const SAMPLE_DOUBT = 0.001;
const CATCHES = ['failed', 'endless', 'asleep'];
const JOBS = 2;
const testsOf = require('./files.json');
const equivalents = require('./equivalent.json');

function parseArguments([buildDir, sanitizedDir, scratch, ...rest]) {
    const options = { buildDir, sanitizedDir, scratch, sample: Infinity, seed: new Date().toISOString().slice(0, 10), files: [] };
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

const isCaught = ({ verdict }) => CATCHES.includes(verdict);

function choose(mutants, { sample, seed }) {
    if (sample >= mutants.length) return mutants;
    const rank = (m) => createHash('sha256').update(`${seed} ${m.function} ${m.shown}`).digest('hex');
    return mutants.map((m) => [rank(m), m]).sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, sample).map(([, m]) => m);
}

function isSame(listed, mutant) {
    return listed.file === mutant.file && listed.function === mutant.function && listed.fault === mutant.shown;
}

// What is listed for any file must be there, also where the file is not asked for or the fault not in the sample.
async function plant(workshop, options) {
    const chosen = new Map();
    const there = new Set();
    await each(Object.keys(testsOf), async (file) => {
        const source = fs.readFileSync(file, 'latin1');
        const all = findMutants(file, source, await workshop.tree(file));
        for (const mutant of all) {
            Object.assign(mutant, { file, source });
            mutant.equivalent = equivalents.find((listed) => isSame(listed, mutant));
            there.add(mutant.equivalent);
        }
        chosen.set(file, choose(all, options));
    });
    return { faults: options.files.flatMap((file) => chosen.get(file)), stale: equivalents.filter((listed) => !there.has(listed)) };
}

// How many of `count` faults a sample must catch: the least number that tests which catch 90 % of all faults reach with a
// probability of more than 1 - SAMPLE_DOUBT. So many independent draws follow the binomial distribution; that each file
// has its own share of the sample makes what is caught vary less than that (Hoeffding 1956), never more. Whether it is
// 90 % is for the whole set to say.
function leastOfSample(count) {
    const p = CAUGHT_MIN_PERCENT / 100;
    let exactly = (1 - p) ** count;
    let least = 0;
    for (let below = exactly; below < SAMPLE_DOUBT && least < count; below += exactly) {
        exactly *= ((count - least) / (least + 1)) * (p / (1 - p));
        least++;
    }
    return least;
}

function tell(m) {
    return `${m.file}:${m.line} in ${m.function} (${m.kind}): ${m.shown}`;
}

function report(files, faults) {
    for (const file of files) {
        const counted = faults.filter((m) => m.file === file && m.verdict !== 'invalid');
        const real = counted.filter((m) => !m.equivalent);
        const number = (isSuch) => real.filter(isSuch).length;
        const by = ['endless', 'asleep', 'late'].map((verdict) => `${number((m) => m.verdict === verdict)} ${verdict}`).join(', ');
        console.log(`# note: ${file}: ${number(isCaught)} of ${real.length} caught (${by}), ${counted.length - real.length} equivalent`);
        for (const m of real.filter((m) => !isCaught(m))) console.log(`#   missed${m.verdict === 'late' ? ' (late)' : ''} ${tell(m)}`);
    }
}

function check(title, problems) {
    check.count = (check.count ?? 0) + 1;
    console.log(`${problems.length === 0 ? 'ok' : 'not ok'} ${check.count} - ${title}`);
    for (const problem of problems) console.log(`#   ${problem}`);
    if (problems.length > 0) check.failures = (check.failures ?? 0) + 1;
}

async function main() {
    const options = parseArguments(process.argv.slice(2));
    const tests = [...new Set(options.files.flatMap((file) => testsOf[file]))];
    const plain = new Workshop(options.buildDir, options.scratch, tests, false);
    const sanitized = new Workshop(options.sanitizedDir, options.scratch, tests, true);
    const { faults, stale } = await plant(plain, options);
    const isSample = options.sample !== Infinity;
    if (isSample) console.log(`# note: a sample of ${options.sample} a file, chosen by --seed ${options.seed}`);
    let done = 0;
    await each(faults, async (mutant, job) => {
        mutant.verdict = await plain.hunt(mutant, testsOf[mutant.file], `job-${job}`);
        if (mutant.verdict === null || mutant.verdict === 'late')
            mutant.verdict = (await sanitized.hunt(mutant, testsOf[mutant.file], `job-${job}`)) ?? mutant.verdict;
        done++;
        if (!isCaught(mutant) && !mutant.equivalent) process.stderr.write(`${done} of ${faults.length}: missed ${tell(mutant)}\n`);
    });
    report(options.files, faults);
    const real = faults.filter((m) => m.verdict !== 'invalid' && !m.equivalent);
    const caught = real.filter(isCaught);
    const percent = (100 * caught.length) / real.length;
    const figure = `${caught.length} of ${real.length} seeded faults caught (${percent.toFixed(1)} %)`;
    console.log(`# note: ${figure}`);
    if (isSample) {
        const least = leastOfSample(real.length);
        check(`the sample is one of tests that catch ${CAUGHT_MIN_PERCENT} %: at least ${least}`, caught.length >= least ? [] : [figure]);
    } else {
        check(`at least ${CAUGHT_MIN_PERCENT} % of the seeded faults are caught`, percent >= CAUGHT_MIN_PERCENT ? [] : [figure]);
    }
    const wrong = faults.filter((m) => m.equivalent && isCaught(m));
    check('no fault that is listed as equivalent is caught', wrong.map((m) => `${m.file}:${m.line}: ${m.shown}`));
    check('each fault that is listed as equivalent is there', stale.map((listed) => `${listed.file}: ${listed.function}: ${listed.fault}`));
    console.log(`1..${check.count}`);
    process.exitCode = check.failures ? 1 : 0;
}

process.exitCode = 2; // node ends with 0 when what is awaited can never come
main().catch((error) => {
    console.log(`Bail out! ${error.stack}`);
    process.exitCode = 2;
});
