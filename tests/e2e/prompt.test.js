// SPDX-License-Identifier: Apache-2.0
//
// login's prompt as a person sees it: hyperlinks, --qr, --copy, and the line that counts down.
'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { setTimeout: later } = require('node:timers/promises');
const { approve, assertExit, devserver, login, loginFlags, plexctl, scratch, sourceDir, start } = require('./lib/harness.js');
const { pictureOf, readQrCode } = require('./lib/qr_screen.js');
const { openScreen } = require('./lib/screen.js');

/* eslint-disable no-control-regex */

const LINK = /https:\/\/[\x21-\x7e]+\?user_code=([\w-]+)/;
const polls = (server) => server.exchanges.filter(({ request }) => request.target === '/v1/auth/device-token').length;
const wakeUps = (trace) => spawnSync('awk', ['-f', path.join(sourceDir, 'tests/lib/wake_ups.awk')], { input: trace, encoding: 'utf8' }).stdout;
const PICTURE = /\x1b\[0;38;5;/; // its first colours
const SCREENS = [{ columns: 80, lines: 24 }, { columns: 40, lines: 12 }];
const LOCALES = ['C.UTF-8', 'C'];

async function loginScreen(t, args = [], { columns, lines, env, serverArgs } = {}) {
  const server = await devserver(t, serverArgs);
  const home = scratch(t);
  const screen = await openScreen(t, home, ['login', '--server', server.url, ...loginFlags, ...args],
    { columns, lines, env: { ...server.trust, ...env } });
  const raw = await screen.raw(/Go on only if you started/);
  const [link, code] = raw.match(LINK);
  return { server, home, screen, raw, link, code };
}

describe('hyperlinks', { concurrency: 2 }, () => {
  test('on a terminal that takes them, the address is the text', async (t) => {
    const { raw, link, screen } = await loginScreen(t, [], { env: { TERM: 'tmux-256color' } });
    const page = link.replace(/\?.*/, '');
    for (const url of [page, link]) assert.ok(raw.includes(`\r\n\x1b]8;;${url}\x1b\\${url}\x1b]8;;\x1b\\\r\n`), JSON.stringify(raw));
    const lines = await screen.until(/yourself/);
    for (const url of [page, link]) assert.ok(lines.includes(url), lines.join('\n'));
  });

  for (const env of [{ TERM: 'dumb' }, { TERM: 'linux' }, { TERM: 'screen-256color' }, { TERM: 'xterm-256color', STY: '1.pts' }]) {
    test(`not with ${JSON.stringify(env)}`, async (t) => {
      const { raw } = await loginScreen(t, [], { env });
      assert.doesNotMatch(raw, /\x1b\]/);
    });
  }

  test('in a pipe there is nothing but text, whatever the format', async (t) => {
    const server = await devserver(t);
    for (const format of ['table', 'json']) {
      const result = await login(scratch(t), server, ['-o', format], { env: { TERM: 'xterm-256color', COLORTERM: 'truecolor' } });
      assertExit(result, 0);
      assert.doesNotMatch(result.stdout, /\x1b/);
      assert.equal(result.stderr, '');
    }
  });
});

describe('--qr', { concurrency: 2 }, () => {
  for (const [size, kind] of [[{ columns: 80, lines: 24 }, 'screen-256color'], [{ columns: 40, lines: 24 }, 'screen']]) {
    test(`a code of half blocks at ${size.columns}x${size.lines} on ${kind}, and below it what it stands for`, async (t) => {
      const { screen, link, code, home } = await loginScreen(t, ['--qr'], { ...size, env: { TERM: kind, NO_COLOR: '1' } });
      const lines = await screen.until(/Scan it[^]*left: /);
      assert.ok(lines.includes(`Scan it; the code is ${code}.`), lines.join('\n'));
      const styled = await screen.styled();
      for (const isLight of [false, true]) assert.equal(readQrCode(home.dir, styled, isLight), link);
    });
  }

  for (const [columns, zone] of [[80, 4], [40, 2]]) {
    test(`the quiet zone on ${columns} columns is ${zone} modules wide at least, and white`, async (t) => {
      const { screen } = await loginScreen(t, ['--qr'], { columns });
      await screen.until(/Scan it/);
      const picture = pictureOf(await screen.styled());
      const dark = picture.flatMap((row, y) => row.flatMap((light, x) => (light ? [] : [[x, y]])));
      const [left, top] = [0, 1].map((at) => Math.min(...dark.map((spot) => spot[at])));
      const [right, bottom] = [0, 1].map((at) => Math.max(...dark.map((spot) => spot[at])));
      assert.ok(left >= zone, `${left}`);
      assert.deepEqual([top, picture[0].length - 1 - right, right - left], [left, left, bottom - top]);
      assert.ok(picture.length - 1 - bottom >= left);
    });
  }

  test('without UTF-8 it is ASCII, and reads as well', async (t) => {
    const { screen, link, home } = await loginScreen(t, ['--qr'], { columns: 80, lines: 45, env: { LC_ALL: 'C' } });
    const raw = await screen.raw(/Scan it/);
    assert.match(raw, PICTURE);
    assert.doesNotMatch(raw, /[\x80-\xff]/);
    await screen.until(/Scan it/);
    const styled = await screen.styled();
    for (const isLight of [false, true]) assert.equal(readQrCode(home.dir, styled, isLight), link);
  });

  for (const [what, size, locale] of [['12 lines', { columns: 40, lines: 12 }, 'C.UTF-8'], ['24 lines in ASCII', { columns: 80, lines: 24 }, 'C']]) {
    test(`${what} are too few: a warning, and the login goes on`, async (t) => {
      const { screen, server, link } = await loginScreen(t, ['--qr'], { ...size, env: { LC_ALL: locale } });
      const raw = await screen.raw(/plexctl: warning:\S* --qr: \d+ columns and\s+\d+\s+lines\s+are\s+needed,\s+and\s+the\s+terminal\s+has\s+\d+\s+and\s+\d+\r\n/);
      assert.doesNotMatch(raw, PICTURE);
      await approve(server, link);
      await screen.until(/Logged in\. Saved profile "default"\./);
      assert.equal(await screen.status(), 0);
    });
  }
});

test('--copy asks the terminal to take the code, and nothing else, and says so', async (t) => {
  const { screen, code } = await loginScreen(t, ['--copy'], { env: { TERM: 'screen-256color' } });
  await screen.until(new RegExp(`^Asked the terminal to copy ${code}\\.\n.*left: `, 'm'));
  const asked = [...(await screen.raw(/\x1b\]52/)).matchAll(/\x1b\]52;c;([A-Za-z0-9+/=]*)\x1b\\/g)];
  assert.deepEqual(asked.map(([, text]) => Buffer.from(text, 'base64').toString()), [code]);
});

test('off a terminal, --qr and --copy are warnings, and stdout is what it is without', async (t) => {
  const server = await devserver(t);
  const result = await login(scratch(t), server, ['--qr', '--copy'], { env: { TERM: 'xterm-256color' } });
  assertExit(result, 0);
  assert.equal(result.stderr, 'plexctl: warning: --copy: the clipboard is out of reach: neither standard output nor standard error is a terminal\n' +
    'plexctl: warning: --qr: standard output is no terminal\n');
  const shape = (text) => text.replace(/user_code=\S+/, 'CODE').replace(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/m, 'CODE').replace(/, at .*/, '');
  assert.equal(shape(result.stdout), shape((await login(scratch(t), server)).stdout));
});

test('a poll that is not answered does not stop the line', async (t) => {
  const { screen } = await loginScreen(t, [], { serverArgs: ['--fault', 'stall:2'] });
  const [, minutes, seconds] = (await screen.until(/left: waiting for approval$/m)).join('\n').match(/(\d+):(\d\d) left/);
  // The first poll goes out after a second and a half at most, and is not answered for half a minute.
  const lefts = Array.from({ length: 17 }, (_, i) => i + 4).map((spent) => minutes * 60 + Number(seconds) - spent);
  const clocks = lefts.map((left) => `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`);
  await screen.until(new RegExp(`^(${clocks.join('|')}) left: waiting for approval$`, 'm'));
});

describe('the line that counts down', { concurrency: 2 }, () => {
  for (const size of SCREENS) {
    for (const locale of LOCALES) {
      const where = `${size.columns}x${size.lines}, ${locale}`;

      test(`${where}: once a second, then gone`, async (t) => {
        const { screen, server, link } = await loginScreen(t, [], { ...size, env: { LC_ALL: locale } });
        await screen.until(/\d:\d\d left: waiting for approval$/m);
        const [, first] = (await screen.until(/left: not approved yet$/m)).join('\n').match(/(\d+:\d\d) left/);
        await screen.until(new RegExp(`(?!${first})\\d+:\\d\\d left: not approved yet$`, 'm'));
        const lines = await screen.lines();
        assert.equal(lines.filter((line) => / left: /.test(line)).length, 1, lines.join('\n'));
        await approve(server, link);
        assert.equal(await screen.status(), 0);
        const text = (await screen.history()).join('\n').trimEnd();
        assert.match(text, /yourself\.\nLogged in\. Saved profile "default"\.\nYou are alice@example\.test \(user\), until\s[^\n]*\.$/);
        assert.doesNotMatch(text, / left: /);
      });

      for (const [key, status] of [['C-c', 130], ['C-\\', 131]]) {
        test(`${where}: ${key} leaves no trace of it`, async (t) => {
          const { screen } = await loginScreen(t, [], { ...size, env: { LC_ALL: locale } });
          await screen.until(/ left: /);
          await screen.keys(key);
          assert.equal(await screen.status(), status);
          assert.match((await screen.history()).join('\n').trimEnd(), /Go on only if you started this login\s+yourself\.(\nQuit)?$/); // the shell's
          assert.equal((await screen.cursor()).x, 0);
        });
      }
    }
  }

  test('C-z leaves no trace of it, fg shows it again, and in the background there is none', async (t) => {
    const server = await devserver(t);
    const screen = await openScreen(t, scratch(t), [], { command: ['bash', '--norc', '--noprofile', '-i'], env: { ...server.trust, PS1: '> ', HISTFILE: '' } });
    await screen.until(/^>$/m);
    await screen.type(`${plexctl} login --server ${server.url} ${loginFlags.join(' ')}`);
    await screen.keys('Enter');
    await screen.until(/ left: /);
    await screen.keys('C-z');
    assert.doesNotMatch((await screen.until(/Stopped[^]*^>$/m)).join('\n'), / left: /);
    await screen.type('fg');
    await screen.keys('Enter');
    const link = (await screen.until(/ left: not approved yet/)).find((line) => LINK.test(line));
    await screen.keys('C-z');
    await screen.until(/Stopped[^]*Stopped[^]*^>$/m);
    await screen.type('bg');
    await screen.keys('Enter');
    await screen.until(/&\n>$/m);
    const asked = polls(server);
    while (polls(server) < asked + 2) await later(20);
    assert.match((await screen.lines()).join('\n').trimEnd(), /&\n>$/);
    await approve(server, link);
    const lines = await screen.until(/^> Logged in\./m);
    assert.doesNotMatch(lines.join('\n'), / left: /);
  });

  test('a line as wide as it may be leaves no trace either, with the ^C of the terminal behind it', async (t) => {
    const { screen } = await loginScreen(t, [], { columns: 28, lines: 12 });
    await screen.until(/ left: not approved ye$/m);
    await screen.keys('C-c');
    assert.equal(await screen.status(), 130);
    assert.doesNotMatch((await screen.history()).join('\n'), / left|\^C/);
  });

  test('off a terminal nothing is written, and nothing but the polls wakes it up', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    const trace = path.join(home.dir, 'trace');
    const tracing = ['-f', '-qq', '-o', trace];
    const started = start(home, [...tracing, plexctl, 'login', '--server', server.url, ...loginFlags], {
      command: 'strace',
      env: { ...server.trust, TERM: 'xterm-256color', ASAN_OPTIONS: 'detect_leaks=0' }, // no leak checker works below strace
    });
    const [link] = await started.until(LINK);
    while (polls(server) < 2) await later(20);
    await approve(server, link);
    const result = await started.done;
    assertExit(result, 0);
    assert.equal(result.stderr, '');
    const text = fs.readFileSync(trace, 'utf8');
    assert.equal(wakeUps(text), `${polls(server)} ${polls(server)}\n`);
    const restless = text.replace(/^(\d+ +)timerfd_settime.*$/gm, '$&\n$1clock_nanosleep(CLOCK_MONOTONIC, 0, {}, NULL) = 0');
    assert.equal(wakeUps(restless), `${2 * polls(server)} ${polls(server)}\n`, 'the control');
  });
});
