// SPDX-License-Identifier: Apache-2.0
//
// The conformance kit for authors: each plugin in tests/plugins/check makes the one check fail that it names, and no
// other; good plugins pass all.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { assertExit, domainId, loginFlags, prefix, run, scratch, sourceDir } = require('./lib/harness.js');
const { compile } = require('./lib/plugin_dir.js');

const commands = path.join(prefix, 'lib/plexctl/commands');
const release = [];
let built;

before(() => {
  built = scratch({ after: (done) => release.push(done) }).dir;
});

after(async () => {
  for (const done of release) await done();
});

// The object made of a source in tests/plugins; named for the source.
function build(source, flags = []) {
  const object = path.join(built, `${path.basename(source, '.c').replaceAll('_', '-')}.so`);
  compile(object, '-O1', ...flags, path.join(sourceDir, 'tests/plugins', source));
  return object;
}

async function check(t, ...args) {
  const result = await run(scratch(t), ['plugin', 'check', ...args]);
  const lines = result.stdout.split('\n');
  assert.equal(lines[0], 'TAP version 13', `${result.stdout}\n${result.stderr}`);
  const rows = lines.map((line) => line.match(/^(not )?ok (\d+) - (.*?)(: \S.*?)?( # SKIP .*)?$/)).filter(Boolean);
  assert.ok(lines.includes(`1..${rows.length}`), result.stdout);
  rows.forEach((row, index) => assert.equal(Number(row[2]), index + 1));
  return { ...result, rows, failed: rows.filter((row) => row[1]).map((row) => row[3]) };
}

const bad = fs.readdirSync(path.join(sourceDir, 'tests/plugins/check')).filter((name) => name.endsWith('.c'));
const replies = (name) => path.join(sourceDir, `tests/plugins/check/replies_${name}.json`);

// What a source says of itself behind `word`.
function says(name, word) {
  const source = fs.readFileSync(path.join(sourceDir, 'tests/plugins', name), 'utf8');
  return (source.match(new RegExp(`^ \\* ${word}: (.*)$`, 'm')) || ['', ''])[1];
}

// LeakSanitizer cannot look while strace does.
function withoutLeakCheck({ ASAN_OPTIONS: options }) {
  return options ? { ASAN_OPTIONS: options.replace('detect_leaks=1', 'detect_leaks=0') } : {};
}

function assertFails(result, fails) {
  assert.deepEqual([...new Set(result.failed)], [fails], result.stdout);
  assertExit(result, 1, /checks failed; standard output says why/);
  for (const row of ['rule', 'found', 'wanted', 'fix']) assert.match(result.stdout, new RegExp(`^  ${row}: ".+"$`, 'm'));
}

describe('plexctl plugin check', { concurrency: 2 }, () => {
  for (const [name, fails] of [
    ...bad.map((file) => [`check/${file}`, says(`check/${file}`, 'fails')]),
    ['clashing_flag.c', 'plexctl loads it'],
    ['constructor.c', 'the note fits'],
    ['grabber.c', 'it runs'],
    ['lying_note.c', 'plexctl loads it'],
    ['minor_ahead.c', 'the note fits'],
    ['missing_library.c', 'plexctl loads it'],
    ['odd_status.c', 'statuses are known ones'],
    ['small_record.c', 'plexctl loads it'],
  ]) {
    test(`"${fails}" fails for ${name}, and says why`, async (t) => {
      assertFails(await check(t, build(name, says(name, 'flags').split(' ').filter(Boolean))), fails);
    });
  }

  test('each check fails for one of these plugins', async (t) => {
    const { rows } = await check(t, build('hello.c'));
    const failing = new Set([...bad.map((file) => says(`check/${file}`, 'fails')), 'plexctl loads it', 'statuses are known ones']);
    assert.deepEqual(rows.map((row) => row[3]).filter((name) => !failing.has(name)), []);
  });

  for (const name of ['asker', 'echo_args', 'hello', 'placeholder', 'sleeper', 'subcommands']) {
    test(`${name}.c passes`, async (t) => {
      const result = await check(t, build(`${name}.c`));
      assertExit(result, 0);
      assert.deepEqual(result.failed, [], result.stdout);
    });
  }

  // Not devserver: it serves until a signal ends it.
  for (const [name, ...args] of [['profile'], ['whoami', '--replies', replies('whoami')], ['login', '--replies', replies('login')],
    ['login', '--replies', replies('login'), '--', ...loginFlags, '--no-wait'],
    ['login', '--replies', replies('login'), '--', '--list-bindings', '--domain-id', domainId]]) {
    test(`plexctl's own ${[name, ...args.filter((arg) => /^--[nl]/.test(arg))].join(' ')} passes`, async (t) => {
      const result = await check(t, path.join(commands, `${name}.so`), ...args);
      assertExit(result, 0);
      assert.deepEqual(result.failed, [], result.stdout);
      if (args.length) assert.match(result.stdout, /^# \d+ passed, 0 failed, 0 skipped$/m);
      assert.doesNotMatch(result.stdout, /# it returns/);
    });
  }

  test('without a network, and leaves nothing behind', async (t) => {
    const home = scratch(t);
    const trace = path.join(home.dir, 'trace');
    fs.mkdirSync(path.join(home.dir, 'tmp'));
    const result = await run(home, ['-f', '-qq', '-e', 'trace=socket,connect,execveat', '-o', trace, path.join(prefix, 'bin/plexctl'),
      'plugin', 'check', path.join(commands, 'whoami.so'), '--replies', replies('whoami')],
    { command: 'strace', env: { TMPDIR: path.join(home.dir, 'tmp'), ...withoutLeakCheck(home.env) } });
    assertExit(result, 0);
    const calls = fs.readFileSync(trace, 'utf8');
    assert.match(calls, /execveat\(/);
    assert.doesNotMatch(calls, /socket\(|connect\(/);
    assert.deepEqual(fs.readdirSync(path.join(home.dir, 'tmp')), []);
  });

  test('what stands behind -- is the command line', async (t) => {
    const file = build('subcommands.c');
    const result = await check(t, file, '--', 'show', '--all');
    assertExit(result, 0);
    assert.ok(result.rows.some((row) => row[4] === ': subcommands' || /subcommands show$/.test(row[0])), result.stdout);
    assert.doesNotMatch(result.stdout, /subcommands list/);
    assertFails(await check(t, file, '--', 'show', '--none'), 'it runs');
  });

  test('a request that has no recorded reply is told', async (t) => {
    const home = scratch(t);
    const file = path.join(home.dir, 'none.json');
    fs.writeFileSync(file, '[]');
    const result = await check(t, path.join(commands, 'whoami.so'), '--replies', file);
    assert.match(result.stdout, /^# there is no reply to GET \/v1\/auth\/whoami/m);
  });

  for (const [what, args, pattern] of [
    ['no file', [], /FILE/],
    ['a file that is not there', ['./none.so'], /none\.so/],
    ['a directory', ['/tmp'], /no regular file/],
    ['replies that are not there', [path.join(commands, 'whoami.so'), '--replies', 'none.json'], /--replies: none\.json/],
    ['replies that are none', [path.join(commands, 'whoami.so'), '--replies', path.join(commands, 'whoami.so')], /--replies/],
  ]) {
    test(`refuses ${what}`, async (t) => {
      const result = await run(scratch(t), ['plugin', 'check', ...args]);
      assertExit(result, 2, pattern);
    });
  }

  test('only check takes words behind --', async (t) => {
    assertExit(await run(scratch(t), ['plugin', 'list', '--', 'x']), 2, /list takes nothing behind "--"/);
  });

  test('a plexctl that was built without the kit says what is missing', async (t) => {
    const home = scratch(t);
    const tree = path.join(home.dir, 'tree');
    fs.cpSync(prefix, tree, { recursive: true });
    fs.rmSync(path.join(tree, 'lib/plexctl/plugin-check'));
    const result = await run(home, ['plugin', 'check', 'x.so'], { command: path.join(tree, 'bin/plexctl') });
    assertExit(result, 1, /libelf-dev/);
  });

  test('a kit that others may write to is not executed', async (t) => {
    const home = scratch(t);
    const tree = path.join(home.dir, 'tree');
    fs.cpSync(prefix, tree, { recursive: true });
    fs.chmodSync(path.join(tree, 'lib/plexctl/plugin-check'), 0o777);
    const result = await run(home, ['plugin', 'check', 'x.so'], { command: path.join(tree, 'bin/plexctl') });
    assertExit(result, 1, /plugin-check: .*chmod/);
  });
});
