// SPDX-License-Identifier: Apache-2.0
//
// What holds after every hostile case, whatever it was about.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { assertNoSecret } = require('../lib/canary.js');

function assertNoSecrets(where, text, secrets) {
  for (const [name, secret] of Object.entries(secrets)) assertNoSecret(text, secret, `${name} stands in ${where}`);
}

// Escapes, bidi controls, zero width characters, separators, bytes that are no UTF-8.
// eslint-disable-next-line no-control-regex
const unsafe = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd]/;

function assertMessages({ code, stderr }, warnings) {
  const lines = stderr.split('\n').slice(0, -1);
  assert.ok(stderr === '' || stderr.endsWith('\n'), 'the last line is whole');
  for (const line of lines) assert.match(line, /^plexctl: ./);
  assert.equal(lines.filter((line) => line.startsWith('plexctl: warning: ')).length, warnings, `warnings:\n${stderr}`);
  assert.equal(lines.length - warnings, code === 0 ? 0 : 1, `one line says what failed:\n${stderr}`);
}

// Every file below `dir`, relative.
function listFiles(dir) {
  return fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? listFiles(path.join(dir, entry.name)).map((name) => path.join(entry.name, name)) : [entry.name],
  );
}

function snapshot(home) {
  const { ino, mode } = fs.statSync(home.configFile);
  return { bytes: fs.readFileSync(home.configFile, 'latin1'), ino, mode, files: listFiles(home.dir).sort() };
}

// `was`: the snapshot before the run.
function assertConfig(home, was, is_saved, token) {
  const now = snapshot(home);
  const lock = path.relative(home.dir, `${home.configFile}.lock`);
  assert.deepEqual(now.files.filter((name) => name !== lock), was.files, 'nothing is left behind');
  if (!is_saved) {
    assert.deepEqual({ ...now, files: was.files }, was, 'the config file is unchanged');
    return;
  }
  const { profiles } = JSON.parse(now.bytes);
  assert.equal(profiles.default.token, token);
  assert.deepEqual(profiles.kept, JSON.parse(was.bytes).profiles.kept);
  assert.equal(now.mode & 0o7777, 0o600);
}

module.exports = { assertConfig, assertMessages, assertNoSecrets, snapshot, unsafe };
