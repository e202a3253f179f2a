// SPDX-License-Identifier: Apache-2.0
//
// Limits of time on a busy machine: beside other tests a process can come late to its core. What was late is measured
// again alone, up to REPEATS_MAX times against the same limit, as in tests/torture/signals.c; how many were is told.
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const REPEATS_MAX = 5;
const late = [];

// `attempt(t)` gives milliseconds, and asserts all else itself. The file calls repeatAlone().
async function measure(t, what, limitMs, attempt) {
  const took = await attempt(t);
  if (took >= limitMs) late.push({ what, limitMs, attempt, took });
}

// To be called once, behind the file's other tests and outside of a describe() that runs some at once.
function repeatAlone() {
  test('what was late beside other tests is in time when it is alone', async (t) => {
    t.diagnostic(`note: ${late.length} measured late beside others, repeated alone${late.map(({ what, took }) => `, ${what} ${took} ms`).join('')}`);
    for (const { what, limitMs, attempt } of late) {
      const again = [];
      while (again.length < REPEATS_MAX && !again.some((took) => took < limitMs)) again.push(await attempt(t));
      assert.ok(again.some((took) => took < limitMs), `${what}: ${again.join(', ')} ms; the limit is ${limitMs} ms`);
    }
  });
}

// Milliseconds until `done`, from now.
async function timed(done) {
  const started = process.hrtime.bigint();
  const result = await done;
  return { result, took: Number(process.hrtime.bigint() - started) / 1e6 };
}

module.exports = { REPEATS_MAX, measure, repeatAlone, timed };
