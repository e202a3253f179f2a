// SPDX-License-Identifier: Apache-2.0
//
// Screens as a person sees them, in tmux: help, long help in a pager.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { openScreen } = require('./lib/screen.js');
const { NOBODY, plexctl, prefix, run, scratch } = require('./lib/harness.js');

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

const SIZES = [{ columns: 80, lines: 24 }, { columns: 40, lines: 12 }];
const LOCALES = ['C.UTF-8', 'C', 'de_DE.ISO-8859-1'];

// A shell's prompt stands behind what was printed, as for a person.
function atPrompt(t, home, args, options) {
  const command = ['sh', '-c', '"$0" "$@"; status=$?; printf "next> "; read line; exit $status', plexctl, ...args];
  return openScreen(t, home, args, { ...options, command });
}

for (const size of SIZES) {
  const name = `${size.columns}x${size.lines}`;

  for (const LC_ALL of LOCALES) {
    test(`--help at ${name} in ${LC_ALL}: whole lines, in ASCII`, async (t) => {
      const home = scratch(t);
      for (const args of [['--help'], ['login', '--help'], ['profile', 'show', '--help']]) {
        const screen = await atPrompt(t, home, args, { ...size, env: { LC_ALL } });
        const lines = await screen.until(/^next>$/m);
        const printed = (await screen.history()).join('\n');
        assert.match(printed, /^[\n -~]*$/);
        const overlong = printed.split('\n').filter((line) => line.length > size.columns);
        assert.ok(overlong.every((line) => / [0-9a-f-]{36}( \\)?$/.test(line)), overlong.join('\n')); // a UUID is not broken
        if (size.lines === 24) assert.match(lines.join('\n'), /\nUsage: plexctl /); // nothing went out at the top
        assert.equal(printed.replace(/ \\\n/g, '\n').split(/\s+/).join(' ').replace(/ next>.*$/, ''),
          (await run(home, args)).stdout.replace(/ \\\n/g, '\n').split(/\s+/).join(' ').trim());
      }
    });
  }

  test(`long help at ${name}: less shows it from its start, a page at a time, and leaves it there`, async (t) => {
    const home = scratch(t);
    const screen = await atPrompt(t, home, ['help', 'devserver'], size);
    const first = await screen.until(/^:$/m);
    assert.match(first[0], /^Run a control plane for development and/);
    assert.equal(first[size.lines - 1], ':');
    await screen.keys('G');
    await screen.until(/64 unimplemented\n\(END\)$/);
    await screen.keys('q');
    await screen.until(/64 unimplemented\nnext>$/);
    await screen.keys('Enter');
    assert.equal(await screen.status(), 0);
  });

  test(`headings stand out at ${name}, and with NO_COLOR they do not`, async (t) => {
    const home = scratch(t);
    const bold = await openScreen(t, home, ['login', '--help'], size);
    assert.equal(await bold.status(), 0);
    assert.match(await bold.raw(/etc.: `plexctl help`\r\n/), /\r\n\x1b\[1mFlags:\x1b\[0m\r\n/); // eslint-disable-line no-control-regex
    if (size.lines === 24) assert.match(await bold.styled(), /\x1b\[1mFlags:/); // eslint-disable-line no-control-regex
    const plain = await openScreen(t, home, ['login', '--help'], { ...size, env: { NO_COLOR: '1' } });
    assert.equal(await plain.status(), 0);
    assert.ok(!(await plain.raw(/etc.: `plexctl help`\r\n/)).includes('\x1b'));
  });
}

test('the titles of a table stand out on a terminal, and its columns stay in line; rows that do not fit become lines, and a value stays whole', async (t) => {
  const home = scratch(t);
  const server = `https://${'control-plane.'.repeat(5)}example.com`;
  home.writeConfig({ default: 'a', profiles: { a: { server, token: 'canary-token-0123456789', token_type: 'Bearer' }, bcd: { server: 'https://b.test' } } });
  const show = async (columns) => {
    const screen = await openScreen(t, home, ['profile', 'list'], { columns, lines: 12 });
    assert.equal(await screen.status(), 0);
    assert.match(await screen.raw(/b\.test/), /\x1b\[1mNAME\x1b\[0m {2,}/); // eslint-disable-line no-control-regex
    return (await screen.history()).join('\n').trimEnd();
  };
  assert.equal(await show(200), (await run(home, ['profile', 'list'])).stdout.trimEnd());
  const rows = (await show(40)).split('\n\n');
  assert.equal(rows.length, 2);
  assert.match(rows[0], new RegExp(`^DEFAULT +true\nNAME +a\nSERVER\n${server}\n`));
  assert.match(rows[1], /^DEFAULT +false\nNAME +bcd\nSERVER +https:\/\/b\.test\n/);
});

test('what fits a terminal is not paged: plexctl help on 24 lines, every --help', async (t) => {
  const home = scratch(t);
  const env = { PLEXCTL_PAGER: 'echo paged; cat' };
  for (const args of [['help'], ['help', 'whoami'], ['login', '--help'], ['devserver', '--help']]) {
    const screen = await atPrompt(t, home, args, { env });
    const lines = await screen.until(/^next>$/m);
    assert.ok(!lines.includes('paged') && lines.some((line) => line.startsWith('Usage: plexctl ')), lines.join('\n'));
  }
  const short = await atPrompt(t, home, ['help'], { lines: 12, env });
  await short.until(/^next>$/m);
  assert.ok((await short.history()).includes('paged'));
});

test('a pager that is not there loses nothing', async (t) => {
  const home = scratch(t);
  const screen = await openScreen(t, home, ['help', 'devserver'], { env: { PLEXCTL_PAGER: 'no-such-pager -x' } });
  assert.equal(await screen.status(), 0);
  const all = (await screen.history()).join('\n').trimEnd();
  assert.match(all, /no-such-pager: not found\n/);
  assert.ok(all.endsWith((await run(home, ['help', 'devserver'])).stdout.trimEnd()));
});

for (const env of [{ LESS: '-i' }, { LESS: 'i', PAGER: 'less' }, { LESS: '', PLEXCTL_PAGER: 'less -i' }]) {
  test(`headings stand out in less, whatever its options: ${JSON.stringify(env)}`, async (t) => {
    const screen = await openScreen(t, scratch(t), ['help', 'devserver'], { env });
    const lines = await screen.until(/\n:$/);
    assert.ok(lines.some((line) => line.startsWith('Usage: plexctl devserver')), lines.join('\n'));
    assert.match(await screen.styled(), /\x1b\[1mUsage:/); // eslint-disable-line no-control-regex
    await screen.keys('q');
    assert.equal(await screen.status(), 0);
  });
}

test('C-c in the pager leaves it there, and ends plexctl by that signal when the pager has ended', async (t) => {
  const screen = await openScreen(t, scratch(t), ['help', 'devserver']);
  await screen.until(/^:$/m);
  await screen.keys('C-c', 'C-c');
  // What is typed behind C-c the terminal may throw away.
  for (let tries = 0; tries < 500 && (await screen.lines()).at(-1) !== '(END)'; tries++) await screen.keys('G');
  assert.equal((await screen.lines()).at(-1), '(END)');
  await screen.keys('q');
  assert.equal(await screen.status(), 130);
});

test('on a dumb terminal long help is printed as it is', async (t) => {
  const home = scratch(t);
  const screen = await openScreen(t, home, ['help', 'devserver'], { env: { TERM: 'dumb', PAGER: 'less' } });
  assert.equal(await screen.status(), 0);
  assert.equal((await screen.raw(/unimplemented\r\n/)).replaceAll('\r\n', '\n'), (await run(home, ['help', 'devserver'])).stdout);
});

const rootAlone = process.getuid() !== 0 && 'only root can give plexctl more than its caller has';
const sanitised = process.env.ASAN_OPTIONS && 'a sanitizer does not start under AT_SECURE';

test('plexctl that has more rights than its caller runs no pager', { skip: rootAlone || sanitised }, async (t) => {
  const home = scratch(t);
  const copy = path.join(home.dir, 'opt');
  fs.cpSync(prefix, copy, { recursive: true });
  const binary = path.join(copy, 'bin/plexctl');
  const command = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', binary, 'help', 'devserver'];
  const show = async () => {
    const screen = await openScreen(t, home, [], { command, env: { PLEXCTL_PAGER: 'echo paged; cat' } });
    assert.equal(await screen.status(), 0);
    return (await screen.history()).join('\n');
  };
  assert.match(await show(), /^paged\nRun a control plane/); // the control
  execFileSync('setcap', ['cap_net_bind_service+ep', binary]);
  execFileSync('cp', ['/bin/cat', path.join(home.dir, 'cat')]);
  execFileSync('setcap', ['cap_net_bind_service+ep', path.join(home.dir, 'cat')]);
  const held = execFileSync(path.join(home.dir, 'cat'), ['/proc/self/status'], { encoding: 'utf8', uid: NOBODY, gid: NOBODY });
  if (!/CapEff:\s+0*400\b/.test(held)) {
    t.skip('a file capability has no effect on this file system');
    return;
  }
  assert.match(await show(), /^Run a control plane/);
});
