// SPDX-License-Identifier: Apache-2.0
//
// The canary over every test: what the servers of this process issued (tokens, device codes) and what stands in a
// scratch home's config file as a token must be in nothing that a run in that home printed or left. The exceptions are
// declared where they are made: `reveals` of a run that was asked to show the token, `home.holdsSecret(file)`, and the
// config file itself, which may hold tokens and no device code.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { LEAST_SECRET, assertNoSecret } = require('./canary.js');

const issued = { access_token: new Set(), device_code: new Set() };
const tooShort = new Set();

const members = /"(access_token|device_code)"\s*:\s*("(?:[^"\\]|\\.)*")/g;

// Takes the secrets out of what a server says, or is told, as JSON; cut or not.
function noteIssued(text) {
  for (const [, name, quoted] of text.matchAll(members)) {
    const secret = JSON.parse(quoted);
    (secret.length < LEAST_SECRET ? tooShort : issued[name]).add(secret);
  }
}

// Of a regular file: reading a FIFO that a test has put there would wait for a writer for ever.
function readOrEmpty(file) {
  try {
    return fs.statSync(file).isFile() ? fs.readFileSync(file, 'latin1') : '';
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'].includes(error.code)) return '';
    throw error;
  }
}

function tokensOf(config) {
  return [...config.matchAll(/"token"\s*:\s*"([^"\\]*)"/g)].map(([, token]) => token).filter((token) => token.length >= LEAST_SECRET);
}

function filesBelow(dir) {
  return fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(dir, entry.name);
    if (entry.isDirectory()) return filesBelow(file);
    return entry.isFile() ? [file] : [];
  });
}

function realPath(file) {
  return fs.existsSync(file) ? fs.realpathSync(file) : file;
}

// `home` is a scratch home of the harness.
function assertNoLeaks(home) {
  assert.deepEqual([...tooShort], [], `a secret of less than ${LEAST_SECRET} letters stands in texts by chance; issue longer ones`);
  const config = realPath(home.configFile);
  const codes = [...issued.device_code];
  const secrets = [...new Set([...issued.access_token, ...codes, ...tokensOf(readOrEmpty(config))])];
  const search = (text, among, where) => among.forEach((secret) => assertNoSecret(text, secret, `a secret stands in ${where}`));

  for (const { args, reveals, seen } of home.runs) {
    if (!reveals) search(seen.stdout + seen.stderr, secrets, `the output of ${args.join(' ')}`);
  }
  for (const file of filesBelow(home.dir)) {
    if (home.secretFiles.has(file)) continue;
    search(readOrEmpty(file), realPath(file) === config ? codes : secrets, file);
  }
}

module.exports = { assertNoLeaks, noteIssued };
