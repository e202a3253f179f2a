// SPDX-License-Identifier: Apache-2.0
//
// plexctl gives a shell's question up after 2 s and offers nothing then: on a busy machine an answer can be missing for that
// alone. What was not answered is asked again, up to REPEATS_MAX times against the same limit, as in late.js.
'use strict';

const assert = require('node:assert/strict');
const { run } = require('./harness.js');
const { REPEATS_MAX } = require('./late.js');

// `ask(lines)` gives an answer for each; those that `isStill(i, answer)` calls one that had to move and did not are asked
// again, and it is told how many.
async function askAgain(t, lines, ask, isStill) {
  const answers = await ask(lines);
  for (let repeats = 0; repeats < REPEATS_MAX; repeats++) {
    const still = lines.map((_, i) => i).filter((i) => isStill(i, answers[i]));
    if (still.length === 0) break;
    t.diagnostic(`note: ${still.length} of ${lines.length} questions had no answer in time, asked again`);
    const again = await ask(still.map((i) => lines[i]));
    for (const [n, i] of still.entries()) answers[i] = again[n];
  }
  return answers;
}

// What has no candidates to offer answers this as well.
const ANSWER = 'words\n';

// How `plexctl __complete words WORD...` ended. `hasToOffer`: there are candidates, and an answer without one is none;
// the rest are run()'s options.
async function askWords(t, home, words, { hasToOffer = false, ...options } = {}) {
  const [result] = await askAgain(t, [words], async ([asked]) => [await run(home, ['__complete', 'words', ...asked], options)],
    (i, { stdout }) => stdout === '' || (hasToOffer && stdout === ANSWER));
  assert.notEqual(result.stdout, '', 'no answer');
  return result;
}

module.exports = { askAgain, askWords };
