// SPDX-License-Identifier: Apache-2.0
//
// Man pages: those that `plexctl help --man` prints from a record, and the hand-written ones against the records.
'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { assertExit, run, scratch, sourceDir } = require('./lib/harness.js');
const { rendered, synopsis, usage } = require('./lib/synopsis.js');
const { pluginDir } = require('./lib/plugin_dir.js');

function assertLintClean(mdoc, what) {
  const result = spawnSync('mandoc', ['-Tlint', '-Wstyle'], { input: mdoc, encoding: 'utf8' });
  const said = result.stdout.split('\n').filter((line) => line && !line.includes('referenced manual not found'));
  assert.deepEqual(said, [], what);
}

async function printed(home, words, env = {}) {
  const page = await run(home, ['help', '--man', ...words], { env });
  assertExit(page, 0);
  return page.stdout;
}

for (const file of fs.readdirSync(path.join(sourceDir, 'man')).filter((name) => name.endsWith('.1'))) {
  const words = file.slice(0, -'.1'.length).split('-').slice(1); // none of plexctl(1)
  test(`the SYNOPSIS of ${file} is what help says`, async (t) => {
    const page = fs.readFileSync(path.join(sourceDir, 'man', file), 'utf8');
    const help = await run(scratch(t), ['help', ...words]);
    assertExit(help, 0);
    const wanted = usage(help.stdout);
    assert.deepEqual(synopsis(page), wanted);
    assert.notDeepEqual(synopsis(page.replace('.Op Ar flags', '.Op Fl -no-such-flag')), wanted); // the control
  });
}

test('each command of our own has a page, but help and version, which are in plexctl(1)', async (t) => {
  const [, list] = (await run(scratch(t), ['help'])).stdout.match(/^Commands .*\n([^]*?)\n\S/m);
  const words = [...list.matchAll(/^ {2}(\w+)/gm)].map(([, word]) => word).filter((word) => !['help', 'version'].includes(word));
  assert.ok(words.includes('devserver') && words.includes('plugin'), list);
  for (const word of words) assert.ok(fs.existsSync(path.join(sourceDir, `man/plexctl-${word}.1`)), word);
});

test('the page of a third party with odd texts reads as its record is written', async (t) => {
  const home = pluginDir(t, { completer: 'completer' });
  const page = await printed(home, ['completer']);
  assertLintClean(page);
  assert.deepEqual(synopsis(page), usage((await run(home, ['help', 'completer'])).stdout));
  const text = rendered(page);
  for (const part of [
    /^NAME\n +plexctl-completer . Complete "values" Fl \\e$/m,
    /^ +\.Dd begins this paragraph\. +'br begins a sentence, and \\\(bu is no bullet; "quotes" stay\. +A line that \.is broken here starts with a dot\.$/m,
    /^ +\.kept \\as it is\n +'and this\n\n +The end$/m,
    /^ +KIND +A kind; Fl and Ar are \\fBwords\\fP$/m,
    /^ +-k, --kind "KIND"\n +\.TH is \\no macro, "nor" is 'this$/m,
    /^ +--colour red\|green\|dark blue\|it's\|\$\(touch PWNED\)\n +'A colour \(default: red\)$/m,
    /^ +--count NUMBER\n +How many \(1 to 9\)$/m,
    /^ +64 +unimplemented$/m,
    /^EXAMPLES\n +plexctl completer 'a \\b' --kind "x"\n +\.dot$/m,
  ]) assert.match(text, part);
  assert.ok(!fs.existsSync(path.join(home.dir, 'PWNED')));
});

test('each page of our own is without fault', async (t) => {
  const home = scratch(t);
  for (const words of [['login'], ['whoami'], ['profile'], ['profile', 'show'], ['devserver'], ['help'], ['version'], ['plugin'], ['completion']]) {
    assertLintClean(await printed(home, words), words.join(' '));
  }
});

test('the page of a subcommand is its own, and the date is that of the sources', async (t) => {
  const home = pluginDir(t, { subcommands: 'subcommands' });
  const page = await printed(home, ['profile', 'show'], { SOURCE_DATE_EPOCH: '1795521600' });
  assert.match(page, /^\.Dd November 24, 2026\n\.Dt PLEXCTL-PROFILE-SHOW 1\n/);
  assert.deepEqual(synopsis(page), usage((await run(home, ['help', 'profile', 'show'])).stdout));
  assertLintClean(await printed(home, ['subcommands']));
});

test('--man without a command, or with an unknown one, is a usage fault', async (t) => {
  const home = scratch(t);
  assertExit(await run(home, ['help', '--man']), 2, /--man wants a command/);
  assertExit(await run(home, ['help', '--man', 'lgoin']), 2, /did you mean "login"/);
});
