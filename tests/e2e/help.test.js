// SPDX-License-Identifier: Apache-2.0
//
// Help of every command and subcommand of ours: short on a screen, long with all there is, and a man page; they agree, and
// their examples work.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { assertExit, prefix, run, scratch } = require('./lib/harness.js');
const { pluginDir } = require('./lib/plugin_dir.js');
const { synopsis, usage } = require('./lib/synopsis.js');

const SCREEN = { columns: 80, lines: 23 }; // and a line for the prompt

async function printed(home, args, env) {
  const result = await run(home, args, { env });
  assertExit(result, 0);
  return result.stdout;
}

// The words of the rows below a heading, each with its text.
function rows(help, heading) {
  const section = new RegExp(`^${heading}.*:\n((?:  .*\n)+)`, 'm').exec(help);
  return section ? [...section[1].matchAll(/^  (\S+) +(.*)$/gm)].map(([, word, text]) => ({ word, text })) : [];
}

// The words of each command and subcommand, with the summary that the list above it shows.
async function allCommands(home) {
  const commands = [];
  for (const { word, text } of rows(await printed(home, ['--help']), 'Commands')) {
    commands.push({ words: [word], summary: text });
    for (const below of rows(await printed(home, [word, '--help']), 'Subcommands')) commands.push({ words: [word, below.word], summary: below.text });
  }
  return commands;
}

function flags(help) {
  const section = /^Flags:\n((?: .*\n)+)/m.exec(help);
  return section ? [...section[1].matchAll(/^ {2}(?:-\w, | {4})--([a-z-]+)/gm)].map(([, name]) => name) : [];
}

function examples(help) {
  const section = /^Examples:\n((?:  .*\n)+)/m.exec(help);
  return section ? section[1].replace(/ \\\n\s+/g, ' ').split('\n').map((line) => line.trim()).filter(Boolean) : [];
}

const required = (help) => (help.match(/\(required\b/g) || []).length;

// The words that plexctl is called with when a shell runs the line. ${fpath[1]} is zsh's, and counts from 1 there.
function called(home, line) {
  fs.mkdirSync(path.join(home.dir, '.local/share/bash-completion/completions'), { recursive: true });
  fs.mkdirSync(path.join(home.dir, '.config/fish/completions'), { recursive: true });
  const record = path.join(home.dir, 'called');
  const script = `plexctl() { printf '%s\\0' "$@" >${record}; }; source() { cat "$@" >/dev/null; }; terraform() { :; }; fpath=(- "$HOME"); ${line}`;
  execFileSync('bash', ['-c', script], { env: home.env, cwd: home.dir });
  return fs.readFileSync(record, 'utf8').split('\0').slice(0, -1);
}

test('every command: short help fits a screen, and says in its usage what long help and man page say', async (t) => {
  const home = scratch(t);
  const commands = await allCommands(home);
  assert.ok(commands.length >= 16, JSON.stringify(commands));
  for (const { words, summary } of commands) {
    const what = words.join(' ');
    const short = await printed(home, [...words, '--help']);
    const long = await printed(home, ['help', ...words]);
    const lines = short.split('\n').slice(0, -1);
    assert.ok(lines.length <= SCREEN.lines, `${what}: ${lines.length} lines`);
    for (const line of lines) assert.ok(line.length <= SCREEN.columns && !line.endsWith('...'), line);
    assert.ok(lines[0].startsWith(summary), what);
    assert.match(lines.slice(-2).join('\n').replace(/\n +/g, ' '),
      new RegExp(`^More: \`plexctl help ${what}\` \\(--man: man page\\); --[a-z-]+, etc\\.: \`plexctl help\`$`, 'm'));
    assert.equal(required(short), required(long), what);
    assert.deepEqual(usage(short), usage(long), what);
    assert.deepEqual(synopsis(await printed(home, ['help', '--man', ...words])), usage(long), what);
    assert.deepEqual(flags(short), flags(long), what);
  }
});

test('every command has two examples or more, and none is a usage fault', async (t) => {
  const home = scratch(t);
  for (const { words } of await allCommands(home)) {
    const what = words.join(' ');
    const long = await printed(home, ['help', ...words]);
    const lines = examples(long);
    assert.ok(lines.length >= 2, what);
    assert.deepEqual(examples(await printed(home, [...words, '--help'])), lines.slice(0, 2), what);
    const waiving = long.split(/\n {6}(?=--)/).filter((text) => /\(instead of\s+what\s+is\s+required\)/.test(text.split('\n\n')[0])).map((text) => text.match(/^--[a-z-]+/)[0]);
    const wanted = usage(long)[0].replace(/\[[^\]]*\]+/g, '').match(/--[a-z-]+/g) || [];
    for (const line of lines) {
      const args = called(home, line);
      // With --help all is parsed and nothing is done; what is missing it does not say.
      await printed(home, ['--help', ...args]);
      const isWaived = waiving.some((flag) => args.includes(flag));
      if (!isWaived && words.join(' ') === args.slice(0, words.length).join(' ')) for (const flag of wanted) assert.ok(args.includes(flag), line);
    }
  }
});

test('the trap: an example that does not parse is noticed', async (t) => {
  const home = scratch(t);
  assert.deepEqual(called(home, 'source <(plexctl completion bash --colour "a b")'), ['completion', 'bash', '--colour', 'a b']);
  await assert.rejects(printed(home, ['--help', 'completion', 'bash', '--colour', 'a b']));
});

test('plexctl alone and --help are the short form, help the long one; each fits a screen', async (t) => {
  const home = scratch(t);
  const short = await printed(home, []);
  const long = await printed(home, ['help']);
  assert.equal(await printed(home, ['--help']), short);
  for (const text of [short, long]) {
    const lines = text.split('\n').slice(0, -1);
    assert.ok(lines.length <= SCREEN.lines && lines.every((line) => line.length <= SCREEN.columns), text);
  }
  assert.equal(examples(short).length, 2);
  assert.match(short, /^Command line for operators of a plexsphere control plane\n\nUsage: plexctl \[flags\] <command> \[flags\]\n/);
  for (const flag of long.match(/--[a-z-]+/g)) assert.ok(short.includes(flag), flag);
});

test('a plugin of a third party has both forms, from its record', async (t) => {
  const home = pluginDir(t, { completer: 'completer' });
  const [short, long] = [await printed(home, ['completer', '--help']), await printed(home, ['help', 'completer'])];
  assert.deepEqual(usage(short), usage(long));
  assert.deepEqual(flags(short), flags(long));
  assert.equal(/^Flags:\n((?: .*\n)+)/m.exec(short)[1].split('\n').length - 1, flags(short).length); // a line each
  assert.match(short, /\nMore: `plexctl help completer` \(--man: man page\);\s+--server, etc.: `plexctl help`\n$/);
});

test('help wraps to COLUMNS, and is never wider than 80', async (t) => {
  const home = scratch(t);
  for (const args of [['help'], ['--help'], ['help', 'devserver'], ['login', '--help'], ['help', 'profile', 'show']]) {
    const [narrow, usual, wide] = await Promise.all(['40', '80', '200'].map((COLUMNS) => printed(home, args, { COLUMNS })));
    assert.equal(wide, usual);
    assert.notEqual(narrow, usual);
    const words = (text) => text.replaceAll(' \\\n', '\n').split(/\s+/).join(' ');
    assert.equal(words(narrow), words(usual));
    const overlong = narrow.split('\n').filter((line) => line.length > 40);
    assert.ok(overlong.every((line) => /^ *(\S+|--\S+ \S+)( \\)?$/.test(line)), overlong.join('\n'));
  }
});

test('what is printed is ASCII, and coloured only where it is forced', async (t) => {
  const home = scratch(t);
  for (const args of [['help'], ['--help'], ['help', 'devserver'], ['profile', 'list'], ['plugin', 'list'], ['nosuch']]) {
    const plain = await run(home, args, { env: { TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' } });
    const text = plain.stdout + plain.stderr.replaceAll(prefix, '');
    assert.match(text, /^[\n -~]*$/);
    const forced = await run(home, args, { env: { CLICOLOR_FORCE: '1' } });
    // eslint-disable-next-line no-control-regex
    const bare = (from) => from.replace(/\x1b\[\d*m/g, '');
    assert.deepEqual([bare(forced.stdout), bare(forced.stderr)], [plain.stdout, plain.stderr]);
    const both = await run(home, args, { env: { CLICOLOR_FORCE: '1', NO_COLOR: '1' } });
    assert.deepEqual([both.stdout, both.stderr], [plain.stdout, plain.stderr]);
  }
});
