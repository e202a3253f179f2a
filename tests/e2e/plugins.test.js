// SPDX-License-Identifier: Apache-2.0
//
// Plugins of third parties: built against the installed header alone, found, trusted, refused, run.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { NOBODY, assertExit, plexctl, prefix, run, sourceDir, start } = require('./lib/harness.js');
const { measure, repeatAlone, timed } = require('./lib/late.js');
const { compile, pluginDir } = require('./lib/plugin_dir.js');
const { cannotMount } = require('./lib/trouble.js');

// A plugin whose libraries are gone.
function needLibraries(home, ...options) {
  for (const name of ['none', 'nor_this']) {
    compile(`${home.dir}/lib${name}.so`, `-DNONE=plexctl_test_${name}`, path.join(sourceDir, 'tests/plugins/none.c'));
  }
  compile(path.join(home.pluginDir, 'needs-libraries.so'), path.join(sourceDir, 'tests/plugins/needs_libraries.c'), '-L', home.dir,
    '-Wl,--no-as-needed', '-lnone', '-lnor_this', ...options);
  for (const name of ['none', 'nor_this']) fs.rmSync(`${home.dir}/lib${name}.so`);
}

// A plugin that brings libraries of the names that plexctl opens json-c and libyaml by, with nothing in them.
function bringLibraries(home) {
  const sonames = fs.readFileSync(path.join(prefix, 'bin/plexctl'), 'latin1').match(/lib(?:json-c|yaml-0)\.so\.\d+/g);
  assert.equal(new Set(sonames).size, 2);
  for (const soname of sonames) {
    compile(path.join(home.dir, soname), '-DNONE=plexctl_test_none', path.join(sourceDir, 'tests/plugins/none.c'), `-Wl,-soname,${soname}`);
  }
  compile(path.join(home.pluginDir, 'echo-args.so'), path.join(sourceDir, 'tests/plugins/echo_args.c'), '-L', home.dir,
    `-Wl,--no-as-needed,-rpath,${home.dir}`, ...sonames.map((soname) => `-l:${soname}`));
}

describe('plugins', { concurrency: 2 }, () => {
  test('one from PLEXCTL_PLUGIN_PATH runs, is in help and in plugin list', async (t) => {
    const home = pluginDir(t, { hello: 'hello' });
    assertExit(await run(home, ['hello']), 0);
    assert.match((await run(home, ['help'])).stdout, /^ +hello +\S/m);
    const list = await run(home, ['plugin', 'list', '-o', 'json']);
    assertExit(list, 0);
    const entry = JSON.parse(list.stdout).find((one) => one.command === 'hello');
    assert.equal(entry.verdict, 'ok');
    assert.equal(entry.path, path.join(home.pluginDir, 'hello.so'));
  });

  for (const [args, value, isOn] of [
    [[], undefined, false], [[], '', false], [[], '0', false], [[], '1', true],
    [['--debug'], undefined, true], [['--debug'], '0', true], [['--debug=false'], '1', false],
  ]) {
    test(`its debug lines with ${args.join(' ') || 'no flag'} and PLEXCTL_DEBUG=${value}: ${isOn ? 'shown' : 'not shown'}`, async (t) => {
      const home = pluginDir(t, { hello: 'hello' });
      const result = await run(home, ['hello', ...args], { env: value === undefined ? {} : { PLEXCTL_DEBUG: value } });
      assert.equal(result.code, 0);
      const lines = [`plugin ${home.pluginDir}/hello.so`, `config file ${home.configFile}`, 'output table from the default', 'about to say hello'];
      assert.equal(result.stderr, isOn ? lines.map((line) => `plexctl: debug: ${line}\n`).join('') : '');
    });
  }

  test('one from ~/.local/lib/plexctl/plugins runs', async (t) => {
    const home = pluginDir(t, { hello: 'hello' });
    const local = path.join(home.dir, '.local/lib/plexctl/plugins');
    fs.mkdirSync(local, { recursive: true, mode: 0o755 });
    fs.copyFileSync(path.join(home.pluginDir, 'hello.so'), path.join(local, 'hello.so'));
    delete home.env.PLEXCTL_PLUGIN_PATH;
    assertExit(await run(home, ['hello']), 0);
  });

  test('one that a package put beside plexctl runs, also below ~/.local, and is not taken for plexctl\'s own', async (t) => {
    for (const where of ['opt', '.local']) {
      const home = pluginDir(t, { hello: 'hello', grabber: 'grabber' });
      const installed = path.join(home.dir, where);
      fs.cpSync(prefix, installed, { recursive: true });
      const beside = path.join(installed, 'lib/plexctl/plugins');
      fs.cpSync(home.pluginDir, beside, { recursive: true });
      delete home.env.PLEXCTL_PLUGIN_PATH;
      const command = path.join(installed, 'bin/plexctl');
      assertExit(await run(home, ['hello'], { command }), 0);
      assertExit(await run(home, ['grabber', '--server', 'https://localhost:1'], { command }), 4);
      assert.ok(!fs.existsSync(home.configFile));
    }
  });

  test('neither a relative element, nor the current directory, nor PATH is searched', async (t) => {
    const home = pluginDir(t, { hello: 'hello' });
    const result = await run(home, ['hello'], { cwd: home.pluginDir, env: { PLEXCTL_PLUGIN_PATH: '.:plugins', LD_LIBRARY_PATH: home.pluginDir, PATH: home.pluginDir } });
    assertExit(result, 2, /unknown command/);
  });

  test('one that brings libraries of the names of json-c and libyaml does not give them to plexctl', async (t) => {
    const home = pluginDir(t, {});
    bringLibraries(home);
    for (const format of ['table', 'json', 'yaml']) {
      const result = await run(home, ['echo-args', 'word', '-o', format]);
      assertExit(result, 0);
      assert.match(result.stdout, /word/);
    }
    assert.match((await run(home, ['plugin', 'list', '-o', 'yaml'])).stdout, /echo-args/);
    assertExit(await run(home, ['plugin', 'doctor', '-o', 'yaml']), 0);
  });

  test("plexctl's own command is never shadowed", async (t) => {
    const home = pluginDir(t, { whoami: 'hello' });
    assertExit(await run(home, ['whoami']), 3);
  });

  test('a plugin for another ABI is refused and its constructor never runs', async (t) => {
    const home = pluginDir(t, { constructor: 'constructor' });
    const mark = path.join(home.dir, 'mark');
    const env = { PLEXCTL_TEST_MARK: mark };
    for (const args of [['constructor'], ['help'], ['plugin', 'list'], ['plugin', 'doctor'], ['completion', 'bash']]) {
      await run(home, args, { env });
      assert.ok(!fs.existsSync(mark), args.join(' '));
    }
    assertExit(await run(home, ['constructor'], { env }), 1, /^plexctl: .*constructor\.so.*ABI/);
  });

  test('one bad plugin breaks neither help nor another command; doctor names it', async (t) => {
    const home = pluginDir(t, { hello: 'hello' });
    fs.writeFileSync(path.join(home.pluginDir, 'bad.so'), 'not ELF');
    assertExit(await run(home, ['help']), 0);
    assertExit(await run(home, ['hello']), 0);
    const doctor = await run(home, ['plugin', 'doctor']);
    assert.equal(doctor.code, 1);
    assert.match(doctor.stdout, /bad\.so/);
    const json = await run(home, ['plugin', 'doctor', '-o', 'json']);
    assert.ok(JSON.stringify(JSON.parse(json.stdout)).includes('bad.so'));
  });

  test('plugin list tells what each needs, and opens only what passes', async (t) => {
    const home = pluginDir(t, { grabber: 'grabber', mark: 'mark', subcommands: 'subcommands', 'small-record': 'small_record' });
    const mark = path.join(home.dir, 'mark'); // of mark.so, whose note is for mark-aaa
    const list = await run(home, ['plugin', 'list', '-o', 'json'], { env: { PLEXCTL_TEST_MARK: mark } });
    assertExit(list, 0);
    const rows = new Map(JSON.parse(list.stdout).map((row) => [row.command, row]));
    assert.deepEqual(rows.get('whoami').needs, ['server', 'token']);
    assert.deepEqual(rows.get('login').needs, ['server', 'saves profiles']);
    assert.deepEqual(rows.get('grabber').needs, ['saves profiles (denied)']);
    assert.deepEqual(rows.get('profile').subcommands[0], { command: 'list', needs: [] });
    assert.equal(rows.get('profile').needs.length, 0);
    assert.equal(rows.get('subcommands').verdict, 'ok');
    assert.deepEqual([rows.get('mark').verdict, rows.get('mark').needs, rows.get('mark').abi], ['refused', null, null]);
    assert.deepEqual([rows.get('small-record').verdict, rows.get('small-record').needs, rows.get('small-record').abi], ['refused', null, '1.0']);
    assert.ok(!fs.existsSync(mark));
    const table = await run(home, ['plugin', 'list']);
    assert.match(table.stdout, /^COMMAND +VERSION +ABI +VERDICT +NEEDS +PATH\n/);
    assert.match(table.stdout, /^whoami +\S+ +1\.0 +ok +server, token +\//m);
    assert.match(table.stdout, /^profile +\S+ +1\.0 +ok +nothing +\//m);
    assert.match(table.stdout, /^mark +- +- +refused +- +\//m);
  });

  test('plugin doctor tells rule, found, wanted, fix, shadow and the first missing library, in three formats', async (t) => {
    const home = pluginDir(t, { hello: 'hello', 'minor-ahead': 'minor_ahead', login: 'hello' });
    const file = (name) => path.join(home.pluginDir, `${name}.so`);
    needLibraries(home);
    fs.chmodSync(file('hello'), 0o666);

    const json = await run(home, ['plugin', 'doctor', '-o', 'json']);
    assertExit(json, 1, /4 of \d+ plugins are refused/);
    const findings = JSON.parse(json.stdout);
    const of = (name) => findings.find((one) => one.file === file(name));
    assert.deepEqual(of('hello'), {
      file: file('hello'), verdict: 'refused', rule: 'mode', found: `file ${file('hello')} can be written by others (mode 0666)`,
      wanted: 'by its owner alone', fix: `chmod go-w ${file('hello')}`, shadowed_by: null, missing_libraries: [],
    });
    assert.deepEqual([of('minor-ahead').rule, of('minor-ahead').found, of('minor-ahead').wanted], ['abi', 'needs plugin ABI 1.999', 'at most 1.0']);
    assert.equal(of('login').rule, 'name');
    assert.equal(of('needs-libraries').rule, 'load');
    assert.deepEqual(of('needs-libraries').missing_libraries, ['libnone.so']);
    const yaml = await run(home, ['plugin', 'doctor', '-o', 'yaml']);
    assert.match(yaml.stdout, /missing_libraries:\n +- libnone\.so\n/);
    const blocks = (await run(home, ['plugin', 'doctor'])).stdout.split('\n\n');
    assert.equal(blocks.length, 4);
    assert.match(blocks.join('\n\n'), /^MISSING +libnone\.so$/m);
    assert.equal(blocks.length, findings.length);
  });

  // The system's loader runs what DT_AUDIT names, even where it only lists what an object needs.
  test('an audit library of a plugin that lacks another library never runs', async (t) => {
    const home = pluginDir(t, { mark: 'mark' });
    const audit = path.join(home.dir, 'mark.so');
    const env = { PLEXCTL_TEST_MARK: path.join(home.dir, 'mark') };
    fs.renameSync(path.join(home.pluginDir, 'mark.so'), audit);
    needLibraries(home, `-Wl,--audit=${audit}`);
    for (const args of [['plugin', 'list'], ['plugin', 'doctor'], ['needs-libraries'], ['help']]) {
      const result = await run(home, args, { env });
      assert.ok([0, 1].includes(result.code), result.stderr);
      assert.ok(!fs.existsSync(env.PLEXCTL_TEST_MARK), args.join(' '));
    }
    execFileSync('ldd', [path.join(home.pluginDir, 'needs-libraries.so')], { env: { ...home.env, ...env } });
    assert.ok(fs.existsSync(env.PLEXCTL_TEST_MARK), 'the control: ldd runs it');
  });

  test('plugin doctor tells what a shadowed one is shadowed by, and fails for that alone not', async (t) => {
    const home = pluginDir(t, { hello: 'hello' });
    const second = path.join(home.dir, 'second');
    fs.cpSync(home.pluginDir, second, { recursive: true });
    const doctor = await run(home, ['plugin', 'doctor', '-o', 'json'], { env: { PLEXCTL_PLUGIN_PATH: `${home.pluginDir}:${second}` } });
    assertExit(doctor, 0);
    const [finding, ...more] = JSON.parse(doctor.stdout);
    assert.deepEqual(more, []);
    assert.deepEqual([finding.file, finding.verdict, finding.rule, finding.shadowed_by],
      [`${second}/hello.so`, 'shadowed', 'order', `${home.pluginDir}/hello.so`]);
  });

  for (const [source, code, pattern] of [
    ['placeholder', 64, /not implemented/],
    ['odd_status', 1, /fault of the plugin/],
    ['lying_note', 1, /lying-note\.so.*command/],
    ['no_symbol', 1, /plexctl_plugin_v1/],
    ['small_record', 1, /record has 16 bytes/],
    ['minor_ahead', 1, /ABI/],
    ['missing_library', 1, /missing-library\.so.*plexctl_test_no_such_function/],
    ['clashing_flag', 1, /server/],
  ]) {
    const word = source.replace('_', '-');
    test(`tests/plugins/${source}.c ends with exit ${code}`, async (t) => {
      const home = pluginDir(t, { [word]: source });
      assertExit(await run(home, [word]), code, pattern);
    });
  }

  test('one on a file system that is mounted noexec is refused, with the fix', { skip: cannotMount }, async (t) => {
    const home = pluginDir(t, { hello: 'hello' });
    const script = `mount -t tmpfs -o noexec,mode=755,size=1m none "$1" && cp "$2" "$1/hello.so" && exec "$3" hello`;
    const dir = path.join(home.dir, 'noexec');
    fs.mkdirSync(dir);
    const result = await run(home, ['-m', '--propagation', 'private', 'sh', '-c', script, 'sh', dir, path.join(home.pluginDir, 'hello.so'), plexctl],
      { command: 'unshare', env: { PLEXCTL_PLUGIN_PATH: dir } });
    assertExit(result, 1, /cannot be loaded: .*; wanted is a file system that is not mounted noexec; fix: .*remount,exec "\$\(findmnt -no TARGET -T \/.*hello\.so\)"`$/m);
  });

  test('a stranger that asks for the right to save a profile is denied it', async (t) => {
    const home = pluginDir(t, { grabber: 'grabber' });
    const result = await run(home, ['grabber', '--server', 'https://localhost:1']);
    assertExit(result, 4);
    assert.ok(!fs.existsSync(home.configFile));
  });

  test('a writable plugin and a plugin in a writable directory are refused, with the fix', async (t) => {
    const home = pluginDir(t, { hello: 'hello' });
    fs.chmodSync(path.join(home.pluginDir, 'hello.so'), 0o777);
    assertExit(await run(home, ['hello']), 1, /hello\.so.*chmod/);
    fs.chmodSync(path.join(home.pluginDir, 'hello.so'), 0o755);
    fs.chmodSync(home.pluginDir, 0o777);
    assertExit(await run(home, ['hello']), 1, /chmod/);
  });

  test('root refuses what another user owns', { skip: process.getuid() !== 0 && 'needs root' }, async (t) => {
    const home = pluginDir(t, { hello: 'hello' });
    fs.chownSync(path.join(home.pluginDir, 'hello.so'), NOBODY, NOBODY);
    assertExit(await run(home, ['hello']), 1, /hello\.so.*own/);
  });

  test('a plugin that sleeps dies by SIGINT within 200 ms', (t) => measure(t, 'SIGINT', 200, async (one) => {
    const attempt = start(pluginDir(one, { sleeper: 'sleeper' }), ['sleeper']);
    await attempt.until(/^sleeping$/m);
    attempt.child.kill('SIGINT');
    const { result, took } = await timed(attempt.done);
    assert.equal(result.signal, 'SIGINT');
    return took;
  }));

  test('flags of every type reach the plugin, checked', async (t) => {
    const home = pluginDir(t, { 'echo-args': 'echo_args' });
    const id = '0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0';
    const shown = async (...args) => {
      const result = await run(home, ['echo-args', '-o', 'json', ...args]);
      assertExit(result, 0);
      return JSON.parse(result.stdout);
    };
    const none = { text: 'none', colour: 'red', id: null, link: null, file: null, as: null, FIRST: 'one', count: 0, wait: 90, SECOND: 0, force: false, password: null, text_given: false };
    assert.deepEqual(await shown('one'), none);
    assert.deepEqual(await shown('--text=none', '-n', '-5', '-f', '--colour', 'green', '--id', id, '--link', 'https://x.test/a', '--wait', '2m', '--file', './a b', '--as', 'prod', '--password', 'hunter2', '--', '-one', '42'),
      { ...none, text_given: true, count: -5, wait: 120, force: true, colour: 'green', id, link: 'https://x.test/a', file: './a b', as: 'prod', password: '***', FIRST: '-one', SECOND: 42 });
    for (const [args, pattern] of [
      [[], /FIRST/], [['one', 'two'], /SECOND.*"two"/], [['one', '2', '3'], /takes at most 2/], [['one', '--count', '101'], /--count.*"101"/],
      [['one', '--colour', 'blue'], /--colour.*"blue"/], [['one', '--id', 'x'], /--id.*"x"/], [['one', '--link', 'x'], /--link.*"x"/],
      [['one', '--wait', '1m30s'], /--wait.*"1m30s"/], [['one', '--file='], /--file/], [['one', '--as', 'a/b'], /--as.*"a\/b"/],
      [['one', '--force=maybe'], /--force.*"maybe"/], [['one', '--nosuch'], /--nosuch/],
    ]) {
      const result = await run(home, ['echo-args', ...args]);
      assertExit(result, 2, pattern);
      assert.equal(result.stdout, '');
    }
  });

  test('subcommands of a third party run', async (t) => {
    const home = pluginDir(t, { subcommands: 'subcommands' });
    for (const [args, stdout] of [[['list'], 'list\n'], [['show'], 'show\n'], [['show', '--all'], 'show all\n'], [['show', '--all=false'], 'show\n']]) {
      const result = await run(home, ['subcommands', ...args]);
      assertExit(result, 0);
      assert.equal(result.stdout, stdout);
    }
    assertExit(await run(home, ['subcommands', 'list', '--all']), 2, /--all/);
    assertExit(await run(home, ['subcommands', '--all', 'show']), 2, /--all.*`plexctl subcommands show`/);
    assertExit(await run(home, ['subcommands', 'shwo']), 2, /"shwo".*show/);
  });
});

repeatAlone();
