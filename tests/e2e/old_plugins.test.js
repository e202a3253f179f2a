// SPDX-License-Identifier: Apache-2.0
//
// Plugins of every released minor, built with that minor's plugin.h (tests/abi/v*), on today's plexctl.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { askWords } = require('./lib/ask_again.js');
const { assertExit, devserver, domainId, run, scratch, sourceDir } = require('./lib/harness.js');

const abiDir = path.join(sourceDir, 'tests/abi');
const minors = fs.readdirSync(abiDir).filter((name) => /^v1\.\d+$/.test(name));

function build(t, minor, name) {
  const home = scratch(t);
  const dir = path.join(home.dir, 'plugins');
  fs.mkdirSync(dir);
  execFileSync(process.env.CC || 'cc', ['-std=c11', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC', '-I', path.join(abiDir, minor),
    '-o', path.join(dir, `${name}.so`), path.join(abiDir, minor, `${name}.c`)]);
  home.env.PLEXCTL_PLUGIN_PATH = dir;
  return home;
}

test('there is a released minor', () => assert.ok(minors.includes('v1.0'), abiDir));

for (const minor of minors) {
  describe(`plugins of ABI ${minor}`, { concurrency: 2 }, () => {
    test('every service answers as promised', async (t) => {
      const server = await devserver(t);
      const home = build(t, minor, 'services');
      const result = await run(home, ['services', '--server', server.url, '-o', 'json', '--yes', '--debug', '--count', '7', 'here'],
        { env: { ...server.trust, PLEXSPHERE_TOKEN: 'unknown-to-the-server' } });
      assert.equal(result.code, 0, result.stderr);
      const [link, ...document] = result.stdout.split('\n');
      assert.equal(link, 'https://cp.example.com/device');
      assert.deepEqual(JSON.parse(document.join('\n')), { list: ['one', ['one']], text: 'ä', secret: '***', number: -5, truth: true });
      assert.match(result.stderr, /^plexctl: warning: this is a drill$/m);
      assert.match(result.stderr, /^plexctl: debug: services was here$/m);
    });

    test('all that its record says is understood', async (t) => {
      const home = build(t, minor, 'record');
      const flags = ['-t', 'some words', '--number', '-1', '-S', '--choice=a', '--id', domainId, '--link', 'https://cp.example.com/x',
        '--time', '2h', '--file', './f', '--password', 'hush', '--as', 'staging'];
      const result = await run(home, ['record', 'show', ...flags, 'one', '2', '--output', 'json', '--yes']);
      assertExit(result, 0);
      assert.deepEqual(JSON.parse(result.stdout), { text: 'some words', choice: 'a', id: domainId, link: 'https://cp.example.com/x',
        file: './f', as: 'staging', FIRST: 'one', number: -1, time: 7200, SECOND: 2, switch: true, password: '***' });
      assert.match((await run(home, ['record', 'show', ...flags, 'one'])).stdout, /^CHOICE +a\nSECONDS +7200\n$/);
      assertExit(await run(home, ['record', 'show', 'one']), 2, /--id/);
      const help = await run(home, ['help', 'record', 'show']);
      assertExit(help, 0);
      for (const said of ['WORDS', 'One paragraph.', '    kept as it is', 'plexctl record show --id', 'SECOND']) {
        assert.ok(help.stdout.includes(said), said);
      }
    });

    test('what it offers for a value is offered', async (t) => {
      const home = build(t, minor, 'record');
      const offered = async (...words) => (await askWords(t, home, ['record', 'show', ...words])).stdout;
      for (const words of [['--text'], ['one']]) {
        assert.match(await offered(...words, ''), /^42\b[^]*^4711\b/m);
        assert.doesNotMatch(await offered(...words, '4'), /4711/);
      }
    });

    test('it is listed as sound', async (t) => {
      const list = await run(build(t, minor, 'record'), ['plugin', 'list', '-o', 'json']);
      assertExit(list, 0);
      assert.equal(JSON.parse(list.stdout).find((row) => row.command === 'record').verdict, 'ok');
    });
  });
}
