// SPDX-License-Identifier: Apache-2.0
//
// Plugins that crash, end the process or come back wrong, with a token in memory: whose fault it is is said in one
// line, the exit code is 1, and config file and terminal are as they were.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { assertExit, plexctl, prefix, run, scratch, sourceDir, start } = require('./lib/harness.js');
const { pluginDir } = require('./lib/plugin_dir.js');

// A sanitizer has handlers of its own, and its report is worth more than our line.
const isSanitized = 'ASAN_OPTIONS' in process.env;
const AUTHOR = 'report this fault of the plugin to its author';
const token = 'canary-of-the-token-in-memory';
const config = `{"default": "work", "kept": [1, 2.50],
  "profiles": {"work": {"server": "https://localhost:1", "token": "${token}", "token_type": "Bearer"}}}\n`;

function homeWith(t, word, source) {
  const home = pluginDir(t, { [word]: source });
  home.writeConfig(config);
  home.file = path.join(home.pluginDir, `${word}.so`);
  home.who = `plexctl: plugin "${word}" 1.0.0 (${home.file})`;
  return home;
}

// What the config file is, to be compared.
function stateOf(home) {
  const { ino, mode, mtimeNs } = fs.statSync(home.configFile, { bigint: true });
  return { ino, mode, mtimeNs, text: fs.readFileSync(home.configFile, 'utf8'), files: fs.readdirSync(path.dirname(home.configFile)) };
}

async function runUnchanged(home, args, options) {
  const before = stateOf(home);
  const result = await run(home, args, options);
  assert.deepEqual(stateOf(home), before);
  return result;
}

function assertFault(home, result, what, when, stdout = '') {
  assertExit(result, 1);
  assert.equal(result.stderr, `${home.who} ${what} ${when}; ${AUTHOR}\n`);
  assert.equal(result.stdout, stdout);
}

// Where the sanitizer has the word: it says so, and we do not say otherwise.
function assertLeftToSanitizer(result, report) {
  assert.equal(result.code, null, result.stderr);
  assert.match(result.stderr, report);
  assert.doesNotMatch(result.stderr, /^plexctl: /m);
}

describe('faults of plugins', { concurrency: 2 }, () => {
  for (const [how, signal, report] of [
    ['null', 'SIGSEGV', /AddressSanitizer: SEGV/], ['overflow', 'SIGSEGV', /AddressSanitizer: stack-overflow/],
    ['bad-pointer', 'SIGSEGV', /AddressSanitizer: SEGV/], ['thread', 'SIGSEGV', /AddressSanitizer: SEGV/],
    ['abort', 'SIGABRT', /^/], ['7', 'SIGBUS', /AddressSanitizer: BUS/], ['8', 'SIGFPE', /AddressSanitizer: FPE/],
    ['4', 'SIGILL', /^/], ['5', 'SIGTRAP', /^/], ['31', 'SIGSYS', /^/],
  ]) {
    test(`a crash (${how}) is the plugin's`, async (t) => {
      const home = homeWith(t, 'crasher', 'crasher');
      const result = await runUnchanged(home, ['crasher', 'now', how]);
      if (isSanitized) assertLeftToSanitizer(result, report);
      else assertFault(home, result, `crashed by ${signal}`, 'while running `plexctl crasher now`');
    });
  }

  test('a crash that leaves no stack to report it on ends by its signal', async (t) => {
    const home = homeWith(t, 'crasher', 'crasher');
    const result = await runUnchanged(home, ['crasher', 'now', 'no-stack']);
    assert.equal(result.signal, 'SIGSEGV', result.stderr);
    assert.equal(result.stderr, '');
  });

  test('an exit after SIGINT ends by SIGINT', async (t) => {
    const home = homeWith(t, 'leaver', 'leaver');
    const result = await runUnchanged(home, ['leaver', 'exit-after-sigint']);
    assert.equal(result.signal, 'SIGINT');
    assert.equal(result.stderr, `${home.who} ended the process with exit code 0 while running \`plexctl leaver\`; ${AUTHOR}\n`);
  });

  for (const [how, what] of [
    ['exit-0', 'ended the process with exit code 0'], ['exit-64', 'ended the process with exit code 64'],
    ['quick-exit', 'ended the process by quick_exit()'], ['pthread-exit', 'ended the process with exit code 0'],
    ['exit-in-thread', 'ended the process with exit code 0'],
  ]) {
    test(`an end of the process (${how}) is the plugin's`, async (t) => {
      const home = homeWith(t, 'leaver', 'leaver');
      assertFault(home, await runUnchanged(home, ['leaver', how]), what, 'while running `plexctl leaver`');
    });
  }

  test('a thread that is left running, and signals that are held back, keep plexctl from nothing', async (t) => {
    const home = homeWith(t, 'leaver', 'leaver');
    const threaded = await runUnchanged(home, ['leaver', 'thread-left']);
    assertExit(threaded, 0);
    assert.equal(threaded.stdout, 'done\n');
    const held = await runUnchanged(home, ['leaver', 'signals-held']);
    assert.equal(held.signal, 'SIGINT');
    assert.equal(held.stdout, 'done\n');
  });

  for (const [word, source, what, why, stdout] of [
    ['odd-status', 'odd_status', 'returned the unknown status 4711', '', ''],
    ['emits-twice', 'emits_twice', 'called a service against its contract', ': output->emit was called a second time; the first result stands', 'RESULT  first\n'],
    ['closes-stream', 'closes_stream', 'closed standard input, output or error', '', ''],
  ]) {
    test(`tests/plugins/${source}.c ${what}`, async (t) => {
      const home = homeWith(t, word, source);
      assertFault(home, await runUnchanged(home, [word]), what, `while running \`plexctl ${word}\`${why}`, stdout);
    });
  }

  for (const [fault, what, when, stdout, isCrash] of [
    ['crash', 'crashed by SIGSEGV', 'while being loaded', '', true],
    ['exit', 'ended the process with exit code 0', 'while being loaded', '', false],
    ['crash-at-end', 'crashed by SIGSEGV', 'after running `plexctl bad-constructor`', 'done\n', true],
  ]) {
    test(`a constructor or destructor (${fault}) is the plugin's`, async (t) => {
      const home = homeWith(t, 'bad-constructor', 'bad_constructor');
      const result = await runUnchanged(home, ['bad-constructor'], { env: { PLEXCTL_TEST_FAULT: fault } });
      if (isSanitized && isCrash) assertLeftToSanitizer(result, /AddressSanitizer: SEGV/);
      else assertFault(home, result, what, when, stdout);
    });
  }

  test('plugin doctor calls a crash while loading a finding, and a crash of help the plugin\'s', { skip: isSanitized && 'the sanitizer reports it' }, async (t) => {
    const home = homeWith(t, 'bad-constructor', 'bad_constructor');
    const env = { PLEXCTL_TEST_FAULT: 'crash' };
    const doctor = await run(home, ['plugin', 'doctor', '-o', 'json'], { env });
    assert.equal(doctor.code, 1);
    assert.match(JSON.stringify(JSON.parse(doctor.stdout)), /bad-constructor\.so.*signal 11, SEGV/);
    assertFault(home, await run(home, ['help', 'bad-constructor'], { env }), 'crashed by SIGSEGV', 'while being loaded');
  });

  test('plugin doctor sees a crash also where SIGCHLD was ignored', { skip: isSanitized && 'the sanitizer reports it' }, async (t) => {
    const home = homeWith(t, 'bad-constructor', 'bad_constructor');
    const doctor = await run(home, ['--ignore-signal=CHLD', plexctl, 'plugin', 'doctor'], { command: '/usr/bin/env', env: { PLEXCTL_TEST_FAULT: 'crash' } });
    assert.match(doctor.stdout, /crashes when it is loaded \(signal 11, SEGV\)/);
  });

  test('a process that a constructor starts keeps plugin doctor from nothing', async (t) => {
    const home = homeWith(t, 'bad-constructor', 'bad_constructor');
    assertExit(await run(home, ['plugin', 'doctor'], { env: { PLEXCTL_TEST_FAULT: 'fork' } }), 0);
  });

  test('a C++ exception that escapes is the plugin\'s', { skip: isSanitized && 'ASan of a C program knows no C++ exceptions' }, async (t) => {
    const home = homeWith(t, 'thrower', 'hello');
    execFileSync(process.env.CXX || 'c++', ['-shared', '-fPIC', '-I', path.join(prefix, 'include'), '-o', home.file, path.join(sourceDir, 'tests/plugins/thrower.cc')]);
    const result = await runUnchanged(home, ['thrower']);
    assert.match(result.stderr, /terminate called.*\n.*thrown\n/);
    assert.equal(result.code, 1);
    assert.ok(result.stderr.endsWith(`\n${home.who} crashed by SIGABRT while running \`plexctl thrower\`; ${AUTHOR}\n`), result.stderr);
  });

  test("a signal that another process sends kills, and is nobody's fault", { skip: isSanitized && 'the sanitizer reports it' }, async (t) => {
    const home = homeWith(t, 'sleeper', 'sleeper');
    const sleeper = start(home, ['sleeper']);
    await sleeper.until(/sleeping/);
    sleeper.child.kill('SIGSEGV');
    const result = await sleeper.done;
    assert.equal(result.signal, 'SIGSEGV');
    assert.equal(result.stderr, '');
  });

  test("plexctl's own plugins are named the same way, and plexctl is at fault", async (t) => {
    const home = homeWith(t, 'leaver', 'leaver');
    const installed = path.join(home.dir, 'own');
    fs.cpSync(prefix, installed, { recursive: true });
    const file = path.join(installed, 'lib/plexctl/commands/leaver.so');
    fs.copyFileSync(home.file, file);
    const result = await run(home, ['leaver', 'exit-0'], { command: path.join(installed, 'bin/plexctl') });
    assert.equal(result.code, 1);
    assert.throws(() => assertExit(result, 1), /fault of plexctl/); // so that no test of ours takes it for a failure
    assert.equal(result.stderr, `plexctl: plugin "leaver" 1.0.0 (${file}) ended the process with exit code 0 while running \`plexctl leaver\`; report this fault of plexctl\n`);
  });
});

// On a terminal of its own, by script(1): so wide that no line is broken: what stood on it, and its modes before and after `command`.
async function onTerminal(home, command) {
  const script = `stty cols 400; stty -g >${home.dir}/before; ${command}; echo "exit $?"; stty -g >${home.dir}/after`;
  const result = await run(home, ['-qec', script, '/dev/null'], { command: '/usr/bin/script', env: { SHELL: '/bin/sh', TERM: 'xterm', NO_COLOR: '1' } });
  const [before, after] = ['before', 'after'].map((name) => fs.readFileSync(path.join(home.dir, name), 'utf8'));
  return { text: result.stdout, isRestored: before === after };
}

describe('the terminal after a crash', { skip: isSanitized && 'the sanitizer reports it, and no more' }, () => {
  test('has no progress line, and the modes it had', async (t) => {
    const home = homeWith(t, 'crasher', 'crasher');
    const { text, isRestored } = await onTerminal(home, `${plexctl} crasher now null`);
    assert.equal(text, `\r\x1b[Kabout to crash\r\x1b[K${home.who} crashed by SIGSEGV while running \`plexctl crasher now\`; ${AUTHOR}\r\nexit 1\r\n`);
    assert.ok(isRestored);
  });

  // The control: a program that does what the plugin does, and is not looked after.
  test('would be seen to be left without echo', async (t) => {
    const home = scratch(t);
    const { text, isRestored } = await onTerminal(home, "sh -c 'stty -echo -icanon; printf waiting; kill -SEGV $$'");
    assert.match(text, /waiting(?!\r\x1b\[K)/);
    assert.ok(!isRestored);
  });
});
