// SPDX-License-Identifier: Apache-2.0
//
// How a command is called, as help and as a man page say it.
'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');

// What a reader of the page sees, without overstriking.
function rendered(mdoc) {
  const result = spawnSync('mandoc', ['-Tutf8', '-Owidth=200'], { input: mdoc, encoding: 'utf8' });
  assert.equal(result.status, 0, result.stderr);
  // eslint-disable-next-line no-control-regex
  return result.stdout.replace(/.\x08/gu, '');
}

// One text a command, without the breaks of lines.
function split(text) {
  return text.split(/(?=\bplexctl )/).map((line) => line.replace(/\s+/g, ' ').trim()).filter(Boolean);
}

function synopsis(mdoc) {
  return split(/\nSYNOPSIS\n([^]*?)\n\S/.exec(rendered(mdoc))[1]);
}

// Of short or long help.
function usage(help) {
  return split(/^Usage: ([^]*?)\n(?! )/m.exec(help)[1]);
}

module.exports = { rendered, synopsis, usage };
