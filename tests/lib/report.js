// SPDX-License-Identifier: Apache-2.0
//
// What the harnesses that print TAP have in common.
'use strict';

const fs = require('node:fs');
const { showsSecret } = require('../e2e/lib/canary.js');

const SHOWN_FAULTS = 20;

let count = 0;
let failures = 0;
process.exitCode = 1; // until finish(): node ends with 0 when what is awaited can never come

function report(good, title, details = []) {
  count += 1;
  if (!good) failures += 1;
  console.log(`${good ? '' : 'not '}ok ${count} - ${title}`);
  for (const line of good ? [] : details.slice(0, SHOWN_FAULTS)) console.log(`# ${line}`);
}

function skip(title, why) {
  count += 1;
  console.log(`ok ${count} - ${title} # SKIP ${why}`);
}

function note(text) {
  console.log(`# note: ${text}`);
}

// A control passes where each kind of fault that the careless writer must show is seen, whatever else is. A kind is a
// regular expression.
function reportControl(title, kinds, faults) {
  const unseen = kinds.filter((kind) => !faults.some((fault) => kind.test(fault)));
  const details = unseen.map((kind) => `not seen: ${kind}`);
  report(unseen.length === 0, `${title}: ${kinds.map((kind) => kind.source).join('; ')}`, [...details, ...faults]);
}

function finish() {
  console.log(`1..${count}`);
  process.exitCode = failures ? 1 : 0;
}

async function inParallel(items, workers, work) {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

function readOrNull(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

// The faults of what a program printed: none of the secrets may stand there in any form.
function shownSecrets(text, secrets) {
  return secrets.filter((secret) => showsSecret(text, secret)).map((secret) => `it shows ${secret}: ${JSON.stringify(text)}`);
}

module.exports = { finish, inParallel, note, readOrNull, report, reportControl, shownSecrets, skip };
