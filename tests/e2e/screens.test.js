// SPDX-License-Identifier: Apache-2.0
//
// Screens as a person sees them, in tmux: help, long help in a pager.
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { openScreen } = require('./lib/screen.js');
const { scratch } = require('./lib/harness.js');

// The control of the harness itself.
test('a screen is what stands there, with its size, its keys, its bytes and the exit code', async (t) => {
  const script = 'stty size; echo $TERM; read line; printf "\\033]8;;https://x.test\\007%s\\033]8;;\\007\\n" "$line"; exec sleep 60';
  const screen = await openScreen(t, scratch(t), [], { columns: 40, lines: 12, command: ['sh', '-c', script] });
  await screen.until(/screen-256color/);
  await screen.type('\u00e9l\u00e8ve; x');
  await screen.keys('Enter');
  const lines = await screen.until(/x\n[^\n]*x\n/);
  assert.deepEqual(lines, ['12 40', 'screen-256color', '\u00e9l\u00e8ve; x', '\u00e9l\u00e8ve; x', ...Array(8).fill('')]);
  assert.match(await screen.raw(/\x1b\]8;;\x07/), /\x1b\]8;;https:\/\/x\.test\x07/); // eslint-disable-line no-control-regex
  assert.deepEqual(await screen.cursor(), { x: 0, y: 4 });
  await screen.keys('C-c');
  assert.equal(await screen.status(), 130);
});
