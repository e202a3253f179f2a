// SPDX-License-Identifier: Apache-2.0
//
// Tab in the real shells: bash, zsh and fish on a pseudo-terminal, fish also by `complete -C`; and `plexctl __complete`, which they ask.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { describe, test } = require('node:test');
const { askAgain, askWords } = require('./lib/ask_again.js');
const { prefix, run, scratch } = require('./lib/harness.js');
const { pluginDir } = require('./lib/plugin_dir.js');
const { defer } = require('./lib/defer.js');
const { measure, repeatAlone, timed } = require('./lib/late.js');

const TOKEN = 'canary-token-0123456789abcdef';
const EVIL = '$(touch PWNED)`touch PWNED`\'; touch PWNED; \'" !! ; touch PWNED';
// What tests/plugins/completer.c offers and can stand on a command line.
const KINDS = ['one', 'two words', "it's", EVIL, 'say "hi"', 'back\\slash', 'a:b', 'a=b', 'x@y', '~root', '#no', 'br{a,b}', 'str*', 'äh', 'wow!'];
const ALL = '\u0018a'; // puts all candidates in

// A home with the plugin, profiles and a file to find.
function world(t) {
  const home = pluginDir(t, { completer: 'completer' });
  const profile = (host) => ({ server: `https://${host}`, token: TOKEN, token_type: 'Bearer' });
  home.writeConfig({
    default: 'staging',
    profiles: { staging: profile('s.example.com'), prod: profile('p.example.com'), 'pro-2': profile('q.example.com'), '$(touch PWNED)': profile('evil'), 'a b': profile('b') },
  });
  home.env.LC_ALL = 'C.UTF-8';
  home.work = path.join(home.dir, 'work');
  fs.mkdirSync(home.work);
  fs.writeFileSync(path.join(home.work, 'some file'), '');
  return home;
}

function assertUntouched(home) {
  const found = execFileSync('find', [home.dir, '-name', 'PWNED*'], { encoding: 'utf8' });
  assert.equal(found, '');
}

// The lines that the shell has after the keys of each; `text` is what it sources before.
async function typed(home, shell, cases, text) {
  const script = path.join(home.dir, `script.${shell}`);
  fs.writeFileSync(script, text ?? (await run(home, ['completion', shell])).stdout);
  fs.rmSync(path.join(home.work, 'report'), { force: true });
  const typist = path.join(__dirname, 'lib/typist.py');
  return JSON.parse(await fed('python3', [typist, shell, script, home.work], JSON.stringify(cases), home));
}

function fed(command, args, input, home) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: home.env, cwd: home.work, stdio: ['pipe', 'pipe', 'pipe'] });
    const out = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => { out[name] += text; });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(out.stdout) : reject(new Error(`${command} ended with ${code}: ${out.stderr}`))));
    child.stdin.end(input);
  });
}

// The words of a line as the shell reads them back.
function readBack(home, command, line) {
  const script = line.replace(/^plexctl/, "printf '%s\\n'");
  return execFileSync(command[0], [...command.slice(1), script], { cwd: home.work, env: home.env, encoding: 'utf8' }).split('\n').slice(0, -1);
}

// Line typed, and the line after Tab in bash and zsh; they differ where the quotes do.
const TABS = [
  ['plexctl whoa', 'plexctl whoami '],
  ['plexctl profile li', 'plexctl profile list '],
  ['plexctl profile nosuch li', 'plexctl profile nosuch li'],
  ['plexctl help profile doc', 'plexctl help profile doctor '],
  ['plexctl help complet', 'plexctl help complet'],
  ['plexctl completion fi', 'plexctl completion fish '],
  ['plexctl login --dom', 'plexctl login --domain-id '],
  ['plexctl --vers', 'plexctl --version '],
  ['plexctl login --vers', 'plexctl login --vers'],
  ['plexctl --output js', 'plexctl --output json '],
  ['plexctl --output=y', 'plexctl --output=yaml '],
  ['plexctl -oj', 'plexctl -ojson '],
  ['plexctl --output json --profile sta', 'plexctl --output json --profile staging '],
  ['plexctl --profile=sta', 'plexctl --profile=staging '],
  ['plexctl --profile staging whoa', 'plexctl --profile staging whoami '],
  ['plexctl profile show sta', 'plexctl profile show staging '],
  ['plexctl profile show pro', 'plexctl profile show pro'],
  ['plexctl profile show prod sta', 'plexctl profile show prod sta'],
  ['plexctl login --profile-name prod --profile-name sta', 'plexctl login --profile-name prod --profile-name staging '],
  ['plexctl completer --ki', 'plexctl completer --kind '],
  ['plexctl completer --old-profile sta', 'plexctl completer --old-profile staging '],
  ['plexctl completer --force=fa', 'plexctl completer --force=false '],
  ['plexctl completer --force on', 'plexctl completer --force one '],
  ['plexctl completer --kind tw', 'plexctl completer --kind two\\ words '],
  ['plexctl completer --kind two\\ w', 'plexctl completer --kind two\\ words '],
  ["plexctl completer --kind 'tw", "plexctl completer --kind 'two words' "],
  ['plexctl completer --kind "sa', 'plexctl completer --kind "say \\"hi\\"" '],
  ['plexctl completer --kind=tw', 'plexctl completer --kind=two\\ words '],
  ['plexctl completer --kind=a:', 'plexctl completer --kind=a:b '],
  ['plexctl completer -ktw', 'plexctl completer -ktwo\\ words '],
  ['plexctl completer -k x@', 'plexctl completer -k x@y '],
  ["plexctl completer --kind 'a b' -k it", "plexctl completer --kind 'a b' -k it\\'s "],
  ['plexctl completer --kind x --fact ', 'plexctl completer --kind x --fact '],
  ['plexctl completer --kind="a b" --fact a', 'plexctl completer --kind="a b" --fact a\\ b '],
  ['plexctl --server https://x.test completer --fact ht', 'plexctl --server https://x.test completer --fact https://x.test '],
  ['plexctl --profile prod completer --fact ht', 'plexctl --profile prod completer --fact https://p.example.com '],
  ['plexctl completer --count x --fact n', 'plexctl completer --count x --fact n'],
  ['plexctl completer -da', 'plexctl completer -da'],
  ['plexctl completer -- -da', 'plexctl completer -- -dash '],
  ['plexctl completer -- --ki', 'plexctl completer -- --ki'],
  ['plexctl completer one so', 'plexctl completer one some\\ file '],
  ['plexctl completer --file=so', 'plexctl completer --file=some\\ file '],
  ['plexctl completer -f so', 'plexctl completer -f some\\ file '],
  ['plexctl completer --how crash --misbehave ', 'plexctl completer --how crash --misbehave '],
  ['plexctl nosuch ', 'plexctl nosuch '],
  ['plexctl completer --kind $(', 'plexctl completer --kind $('],
  ['plexctl completer --kind $(touch PWNED-typed) --kind tw', 'plexctl completer --kind $(touch PWNED-typed) --kind two\\ words '],
];

describe('completion', { concurrency: 2 }, () => {
  for (const [shell, command] of [['bash', ['bash', '-c']], ['zsh', ['zsh', '-fc']]]) {
    test(`Tab in ${shell}`, async (t) => {
      const home = world(t);
      const keys = [...TABS.map(([line]) => `${line}\t`), `plexctl completer --kind ${ALL}`, `plexctl ${ALL}`,
        `plexctl completer --kind "wow\t`, `plexctl completer --colour=${ALL}`];
      const got = await askAgain(t, keys, (some) => typed(home, shell, some),
        (i, line) => keys[i] === line + (keys[i].endsWith('\t') ? '\t' : ALL) && TABS[i]?.[1] !== line);
      assert.deepEqual(TABS.map(([line], i) => [line, got[i]]), TABS);
      const [kinds, words, wow, colours] = got.slice(TABS.length);
      assert.deepEqual(readBack(home, command, kinds.replace(' completer --kind', '')).sort(), [...KINDS, '-dash'].sort());
      for (const word of ['completer', 'login', 'whoami', 'help']) assert.ok(words.split(' ').includes(word), words);
      assert.ok(!words.includes('__complete'), words);
      assert.ok(wow.endsWith('wow"\\!"" ') || wow.endsWith('wow\\!" '), wow);
      for (const colour of ['red', 'green', 'dark\\ blue', "it\\'s", '\\$\\(touch\\ PWNED\\)']) assert.ok(colours.includes(colour), colours);
      assertUntouched(home);
    });
  }

  test('Tab in fish', async (t) => {
    const home = world(t);
    fs.writeFileSync(path.join(home.dir, 'script.fish'), (await run(home, ['completion', 'fish'])).stdout);
    const lines = [...TABS.map(([line]) => line), 'plexctl completer --kind ', 'plexctl whoa'];
    const script = [`source ${path.join(home.dir, 'script.fish')}`, 'while read -l line; echo "== $line"; complete -C --escape "$line"; end'].join('\n');
    const ask = async (some) => {
      const out = await fed('fish', ['--no-config', '-c', script], some.map((line) => `${line}\n`).join(''), home);
      const answers = out.split(/^== .*\n/m).slice(1).map((text) => text.split('\n').slice(0, -1));
      assert.equal(answers.length, some.length, out);
      return answers;
    };
    const answers = await askAgain(t, lines, ask, (i, answer) => answer.length === 0 && TABS[i]?.[1] !== lines[i]);
    for (const [i, [line, after]] of TABS.entries()) {
      const words = answers[i].map((answer) => answer.split('\t')[0]);
      const [last] = readBack(home, ['bash', '-c'], after.replace(/\$\(.*?(\)|$)/, 'x')).slice(-1);
      // Where bash stands still there is nothing to put in, or more than one; "$(" starts a command in fish.
      if (after === line) assert.notEqual(words.length, 1, line);
      else assert.deepEqual(words.map((word) => readBack(home, ['fish', '-c'], `plexctl ${word}`)), [[last]], line);
    }
    const kinds = answers[TABS.length];
    assert.deepEqual(readBack(home, ['fish', '-c'], `plexctl ${kinds.map((kind) => kind.split('\t')[0]).join(' ')}`).sort(),
      [...KINDS, '-dash'].filter((kind) => !kind.startsWith('~')).sort());
    assert.match(kinds.find((kind) => kind.startsWith('one')), /^one\tthe first: /);
    assert.match(answers[TABS.length + 1][0], /^whoami\tShow who /);
    assertUntouched(home);
  });

  // Where another shell quotes it otherwise, or stands still for "$(", fish is asked above.
  test('Tab in fish, on a terminal', async (t) => {
    const home = world(t);
    const tabs = TABS.filter(([line, after]) => line !== after && !/['"$]/.test(line));
    assert.ok(tabs.length >= 25);
    const keys = tabs.map(([line]) => `${line}\t`);
    const got = await askAgain(t, keys, (some) => typed(home, 'fish', some), (i, line) => keys[i] === `${line}\t`);
    assert.deepEqual(tabs.map(([line], i) => [line, got[i]]), tabs);
    assert.deepEqual(await typed(home, 'fish', [`${tabs[0][0]}\t`], ''), [tabs[0][0]]); // the control: without our script
    assertUntouched(home);
  });

  test('zsh and fish find the installed scripts by themselves', async (t) => {
    const home = world(t);
    const share = path.join(prefix, 'share');
    const keys = ['plexctl whoa\t', 'plexctl profile li\t']; // the first loads the function
    const autoload = `fpath=(${share}/zsh/site-functions $fpath)\ncompinit -u -D\n`;
    assert.deepEqual(await askAgain(t, keys, (some) => typed(home, 'zsh', some, autoload), (i, line) => keys[i] === `${line}\t`),
      ['plexctl whoami ', 'plexctl profile list ']);
    const asked = ['complete -C "plexctl whoa"'];
    const [[answer]] = await askAgain(t, asked, async ([line]) => [[execFileSync('fish', ['-c', line],
      { cwd: home.work, env: { ...home.env, XDG_DATA_DIRS: `${share}:/usr/share` }, encoding: 'utf8' })]], (i, [text]) => text === '');
    assert.match(answer, /^whoami\tShow who /);
  });

  test('the trap: a candidate that a shell evaluates is noticed', (t) => {
    const home = world(t);
    for (const [shell, command] of [['bash', ['bash', '-c']], ['zsh', ['zsh', '-fc']], ['fish', ['fish', '-c']]]) {
      readBack(home, command, `plexctl "${'$(touch PWNED)'}"`);
      assert.throws(() => assertUntouched(home), shell);
      fs.rmSync(path.join(home.work, 'PWNED'));
    }
  });

  test('zsh and fish are given descriptions, and nothing that a terminal acts on', async (t) => {
    const home = world(t);
    const { stdout } = await askWords(t, home, ['completer', '--kind', '']);
    assert.match(stdout, /^one\tthe first: \$\(touch PWNED\).*\\x0a\\x1b\[2J$/m);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(stdout, /[\x00-\x08\x0b-\x1f\x7f\u202e]/);
    assert.deepEqual(stdout.split('\n').slice(1, -1).map((line) => line.split('\t')[0]).sort(), [...KINDS, '-dash'].sort());
  });

  test('profiles complete by their names, never with a token', async (t) => {
    const home = world(t);
    const { stdout } = await askWords(t, home, ['--profile', '']);
    assert.equal(stdout, 'words\nstaging\thttps://s.example.com\nprod\thttps://p.example.com\npro-2\thttps://q.example.com\n');
    assert.ok(!stdout.includes(TOKEN));
  });

  for (const [what, args, env] of [
    ['no question', []], ['no words', ['words']], ['another shell', ['tcsh', 'x', 'y']], ['too few', ['bash', 'plexctl ']],
    ['a crash', ['words', 'completer', '--how', 'crash', '--misbehave', '']],
    ['an exit', ['words', 'completer', '--how', 'exit', '--misbehave', '']],
    ['no place for a config file', ['words', '--profile', ''], { HOME: '', XDG_CONFIG_HOME: '' }],
  ]) {
    test(`${what}: no more than an empty list, not a word on stderr, exit 0`, async (t) => {
      const home = world(t);
      const result = await run(home, ['__complete', ...args], { env: { PLEXCTL_DEBUG: '1', ...env } });
      assert.deepEqual([result.code, result.stderr, result.stdout.replace(/^words\n/, '')], [0, '', '']);
    });
  }

  test('what a plugin prints is not seen, nor is a broken config file complained of', async (t) => {
    const home = world(t);
    const result = await askWords(t, home, ['completer', '--misbehave', '']);
    assert.deepEqual([result.code, result.stderr, result.stdout], [0, '', 'words\nbefore\t\n']);
    home.writeConfig('{');
    const broken = await askWords(t, home, ['--profile', ''], { env: { PLEXCTL_DEBUG: '1' } });
    assert.deepEqual([broken.code, broken.stderr, broken.stdout], [0, '', 'words\n']);
  });

  test('a process that a plugin starts keeps neither the shell waiting nor its values from it', async (t) => {
    const result = await askWords(t, world(t), ['completer', '--how', 'fork', '--misbehave', '']);
    assert.deepEqual([result.code, result.stderr, result.stdout], [0, '', 'words\nbefore\t\n']);
  });

  for (const how of ['hang', 'wait']) {
    test(`a plugin that ${how === 'hang' ? 'hangs' : 'waits for a server'} is killed after 2 s, and nothing is offered`, (t) => measure(t, how, 4000, async (one) => {
      const home = world(one);
      const silent = net.createServer().listen(0, '127.0.0.1');
      const connections = [];
      silent.on('connection', (socket) => connections.push(new Promise((resolve) => socket.on('close', resolve).on('error', () => {}).resume())));
      await new Promise((resolve) => silent.on('listening', resolve));
      defer(one, () => silent.close());
      const { result, took } = await timed(run(home, ['__complete', 'words', '--server', `http://127.0.0.1:${silent.address().port}`, 'completer', '--how', how, '--misbehave', '']));
      assert.deepEqual([result.code, result.stderr, result.stdout], [0, '', '']);
      assert.ok(took >= 1900, `${took} ms`);
      if (how === 'wait' && connections.length === 0) return Infinity; // killed before it got there
      assert.equal(connections.length, how === 'wait' ? 1 : 0);
      await Promise.all(connections);
      return took;
    }));
  }

  test('only the plugin whose word stands there is opened, and a refused one never', async (t) => {
    const home = pluginDir(t, { completer: 'completer', hello: 'hello', refused: 'hello' });
    fs.chmodSync(path.join(home.pluginDir, 'refused.so'), 0o777);
    const opened = async (...words) => {
      const log = path.join(home.dir, 'strace');
      const tracing = ['-f', '-y', '-e', 'trace=mmap', '-o', log, path.join(prefix, 'bin/plexctl'), '__complete', 'words'];
      await askAgain(t, [words], ([asked]) => [execFileSync('strace', [...tracing, ...asked],
        { env: { ...home.env, ASAN_OPTIONS: 'detect_leaks=0' }, encoding: 'utf8' })], (i, answer) => answer === ''); // no leak checker works under strace
      const mapped = fs.readFileSync(log, 'utf8').split('\n').filter((line) => line.includes('PROT_EXEC'));
      return ['completer', 'hello', 'refused', 'whoami'].filter((name) => mapped.some((line) => line.includes(`/${name}.so>`)));
    };
    assert.deepEqual(await opened(''), []);
    assert.deepEqual(await opened('compl'), []);
    assert.deepEqual(await opened('help', 'compl'), []);
    assert.deepEqual(await opened('completer', '--kind', ''), ['completer']);
    assert.deepEqual(await opened('help', 'hello', ''), ['hello']);
    assert.deepEqual(await opened('refused', ''), []);
    const flags = (await askWords(t, home, ['refused', '--'])).stdout;
    assert.match(flags, /^--server\t/m);
  });

  test('a plugin completes as soon as it is installed, and no longer when it is gone', async (t) => {
    const home = world(t);
    const words = async () => (await askWords(t, home, ['comple'])).stdout;
    assert.match(await words(), /^completer\tComplete values$/m);
    fs.rmSync(path.join(home.pluginDir, 'completer.so'));
    assert.equal(await words(), "words\ncompletion\tPrint a shell's completion script\n");
  });

  test('__complete stands in no list', async (t) => {
    const home = scratch(t);
    assert.ok(!(await run(home, ['help'])).stdout.includes('__complete'));
    assert.ok(!(await askWords(t, home, ['_'])).stdout.includes('__complete'));
  });
});

repeatAlone();
