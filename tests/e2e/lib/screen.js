// SPDX-License-Identifier: Apache-2.0
//
// What a person sees: a command on a terminal of a given size, by tmux. Each screen has a tmux server of its own, on a socket
// in the test's home, which ends with the test. Nothing waits for a fixed time: the screen is looked at until it shows what is
// wanted, or until LIMIT_MS, which ends only what hangs.
'use strict';

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');
const { defer } = require('./defer.js');
const { plexctl } = require('./harness.js');

const LIMIT_MS = 60000;
const LOOK_AGAIN_MS = 20;

const later = () => new Promise((resolve) => { setTimeout(resolve, LOOK_AGAIN_MS); });

// Runs the command, keeps how it ended, and leaves the terminal as it stands then: a trap that does nothing outlives C-c.
const KEEP_SCREEN = 'unset TMUX TMUX_PANE TMUX_TMPDIR TERM_PROGRAM TERM_PROGRAM_VERSION; trap : INT QUIT; status=$1; shift; "$@"; echo $? >"$status.new"; mv "$status.new" "$status"; exec sleep 600';

let count = 0;

// What `look` gives, once it is true; `describe` tells at the limit what stood there instead.
async function poll(look, describe) {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) assert.fail(await describe());
    await later();
  }
}

// Starts plexctl with `args`, or `command` (an array), on a terminal of `columns` times `lines` (80 by 24).
//   env      beside the home's: TERM is screen-256color, the locale C.UTF-8, if it does not say otherwise
// The screen that is returned has
//   until(regex)  its lines, from the moment on that its text matches, a line break between two
//   lines()       what stands there: `lines` lines, without the spaces at their end
//   history()     what was printed, also what went out at the top; a line that the terminal broke is whole
//   printed()     the same, and a line that plexctl broke between words, where the next did not fit, is whole as well
//   styled()      its text with the sequences of colours and letters, and the spaces at the end of its lines
//   raw(regex)    every byte that was written to the terminal, from the moment on that they match (latin1)
//   cursor()      {x, y}, from 0
//   keys(...)     types keys by their names in tmux: 'q', 'Enter', 'C-c'
//   type(text)    types text
//   resize(columns, lines)
//   status()      the exit code, when the command has ended (128 + N after signal N); the terminal stays as it was
async function openScreen(t, home, args, { columns = 80, lines = 24, env = {}, command, cwd } = {}) {
  const name = `screen-${(count += 1)}`;
  const file = (what) => path.join(home.dir, `${name}.${what}`);
  const all = { LC_ALL: 'C.UTF-8', TERM: 'screen-256color', ...home.env, ...env };
  const { TERM, ...environment } = all;
  const tmux = async (...words) => {
    const { stdout } = await promisify(execFile)('tmux', ['-u', '-f', '/dev/null', '-L', name, ...words],
      { env: { ...environment, TMUX_TMPDIR: home.dir }, cwd: cwd || home.dir, maxBuffer: 1 << 26 });
    return stdout;
  };
  const seen = { stdout: '', stderr: '' };
  home.runs.push({ args: command || args, seen });

  const capture = async (...options) => (await tmux('capture-pane', '-p', ...options)).replace(/\n$/, '').split('\n');
  const look = async () => {
    const now = (await capture()).map((line) => line.trimEnd());
    while (now.length < lines) now.push('');
    seen.stdout += `${now.join('\n')}\n`;
    return now;
  };
  const screen = {
    lines: look,
    history: async () => (await capture('-J', '-S', '-')).map((line) => line.trimEnd()),
    printed: async () => (await screen.history()).reduce((all, line, at, broken) => {
      const last = broken[at - 1];
      const isBroken = last && line && !line.startsWith('plexctl: ') && last.length + 1 + line.split(' ')[0].length > columns;
      return isBroken ? [...all.slice(0, -1), `${all.at(-1)} ${line}`] : [...all, line];
    }, []),
    styled: async () => (await capture('-e', '-N')).join('\n'),
    until: (regex) => poll(async () => {
      const now = await look();
      return regex.test(now.join('\n')) && now;
    }, async () => `the screen never showed ${regex}:\n${(await look()).join('\n')}`),
    raw: (regex) => poll(() => {
      const bytes = fs.existsSync(file('raw')) ? fs.readFileSync(file('raw'), 'latin1') : '';
      return regex.test(bytes) && bytes;
    }, () => `${regex} was never written:\n${JSON.stringify(fs.readFileSync(file('raw'), 'latin1'))}`),
    cursor: async () => {
      const [x, y] = (await tmux('display-message', '-p', '#{cursor_x} #{cursor_y}')).split(' ').map(Number);
      return { x, y };
    },
    keys: (...keys) => tmux('send-keys', ...keys),
    type: (text) => tmux('send-keys', '-l', '--', text),
    resize: (width, height) => {
      lines = height;
      return tmux('resize-window', '-x', `${width}`, '-y', `${height}`);
    },
    status: () => poll(() => fs.existsSync(file('status')) && { code: Number(fs.readFileSync(file('status'), 'utf8')) },
      async () => `the command does not end; the screen shows:\n${(await look()).join('\n')}`).then(({ code }) => code),
  };

  defer(t, async () => {
    seen.stdout += (await screen.history()).join('\n');
    await tmux('kill-server');
  });
  await tmux(
    'set-option', '-g', 'status', 'off', ';', 'set-option', '-g', 'default-terminal', TERM, ';', 'set-option', '-g', 'escape-time', '0', ';',
    'new-session', '-d', '-x', `${columns}`, '-y', `${lines}`, 'sh', '-c', KEEP_SCREEN, 'sh', file('status'),
    ...(command || [plexctl, ...args]).map((word) => word.replace(/;$/, '\\;')), ';',
    'pipe-pane', '-o', `exec cat >${file('raw')}`);
  return screen;
}

module.exports = { openScreen };
