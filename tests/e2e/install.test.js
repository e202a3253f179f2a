// SPDX-License-Identifier: Apache-2.0
//
// The installed tree: it works from any place, and a cheap command loads no library but the C library, and no plugin.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { assertExit, devserver, login, prefix, run, scratch, sourceDir } = require('./lib/harness.js');

test('the tree can be moved as a whole', async (t) => {
  const home = scratch(t);
  const moved = path.join(home.dir, 'moved here');
  fs.cpSync(prefix, moved, { recursive: true });
  const command = path.join(moved, 'bin/plexctl');
  assertExit(await run(home, ['profile', 'list'], { command }), 0);
  assertExit(await run(home, ['whoami', '--server', 'https://localhost:1'], { command, env: { PLEXSPHERE_TOKEN: 'x' } }), 1);
});

test('plexctl works through a symlink to it', async (t) => {
  const home = scratch(t);
  const link = path.join(home.dir, 'plexctl');
  fs.symlinkSync(path.join(prefix, 'bin/plexctl'), link);
  assertExit(await run(home, ['profile', 'list'], { command: link }), 0);
});

// What a run opens and maps, by strace
function opens(home, args, env = {}) {
  const trace = path.join(home.dir, 'trace');
  spawnSync('strace', ['-f', '-e', 'trace=mmap,open,openat', '-o', trace, path.join(prefix, 'bin/plexctl'), ...args], {
    env: { ...home.env, ASAN_OPTIONS: 'detect_leaks=0', ...env }, // the leak checker cannot work below strace
  });
  return fs.readFileSync(trace, 'utf8').split('\n');
}

for (const args of [['help'], ['--version'], ['version']]) {
  test(`${args.join(' ')} loads the C library only, and no plugin`, async (t) => {
    const opened = new Map();
    const libraries = new Set();
    for (const line of opens(scratch(t), args)) {
      const open = line.match(/openat\(.*"([^"]*\.so[^"]*)".* = (\d+)$/);
      if (open) opened.set(open[2], open[1]);
      if (open && /\/lib[^/]*$/.test(open[1])) libraries.add(path.basename(open[1]).replace(/\.so.*/, ''));
      // A plugin's note is read; nothing of the file is mapped executable.
      const map = line.match(/mmap\(.*PROT_EXEC.*MAP_\w+(?:\|\w+)*, (\d+),/);
      if (map) assert.doesNotMatch(opened.get(map[1]) ?? '', /^(login|whoami|profile|devserver)\.so$|(commands|plugins)\//);
    }
    assert.deepEqual([...libraries].filter((name) => !/san$/.test(name)), ['libc']);
  });
}

test('the TLS libraries that configure found are opened ahead of libcurl, but where others may be meant', async (t) => {
  const [ahead] = fs.readFileSync(path.join(prefix, 'bin/plexctl'), 'latin1').match(/lib(crypto|gnutls)\.so[\w. -]*/) ?? [];
  if (!ahead) return t.skip('configure found none that may be');
  const home = scratch(t);
  const args = ['whoami', '--server', 'https://localhost:1'];
  const orderOf = (env) => {
    const text = opens(home, args, { PLEXSPHERE_TOKEN: 'x', ...env }).join('\n');
    assert.match(text, /\/libcurl\.so/);
    return ahead.split(' ').map((name) => text.indexOf(`/${name}"`) < text.indexOf('/libcurl.so'));
  };
  assert.ok(orderOf({}).every((isAhead) => isAhead));
  assert.ok(orderOf({ LD_LIBRARY_PATH: home.dir }).every((isAhead) => !isAhead));
});

// Found where the linker's cache is asked; here a file that is none stands before it.
const spoiled = [
  ['libjson-c.so.5', ['profile', 'list']],
  ['libjson-c.so.5', ['plugin', 'list']],
  ['libjson-c.so.5', ['version', '--output', 'json']],
  ['libyaml-0.so.2', ['version', '--output', 'yaml']],
];
for (const [library, args] of spoiled) {
  test(`${args.join(' ')} says so where ${library} cannot be opened, and what needs none works`, async (t) => {
    const home = scratch(t);
    fs.writeFileSync(path.join(home.dir, library), '');
    const env = { LD_LIBRARY_PATH: home.dir };
    const result = await run(home, args, { env });
    assertExit(result, 1);
    const said = `plexctl: ${home.dir}/${library}: file too short; install ${library} again, a library that plexctl was built with\n`;
    assert.equal(result.stderr, said);
    assert.equal(result.stdout, '');
    assertExit(await run(home, ['--version'], { env }), 0);
    assertExit(await run(home, ['help'], { env }), 0);
  });
}

test('a config file is read without json-c, and not blamed for it', async (t) => {
  const home = scratch(t);
  const profile = { server: 'https://cp.example.com', token: 'psp_1', token_type: 'Bearer' };
  home.writeConfig({ version: 1, default: 'work', profiles: { work: profile } });
  fs.writeFileSync(path.join(home.dir, 'libjson-c.so.5'), '');
  const env = { LD_LIBRARY_PATH: home.dir };
  const result = await run(home, ['env', '--reveal-secrets'], { env, reveals: true });
  assertExit(result, 0);
  assert.match(result.stdout, /^export PLEXSPHERE_ENDPOINT=.*cp\.example\.com.*\nexport PLEXSPHERE_TOKEN=.*psp_1.*\n$/);
});

test('the header and the manual are installed', () => {
  const pages = fs.readdirSync(path.join(sourceDir, 'man')).map((page) => `share/man/man${page.at(-1)}/${page}`);
  assert.ok(pages.length >= 10, pages.join());
  for (const file of ['include/plexctl/plugin.h', ...pages]) {
    assert.ok(fs.existsSync(path.join(prefix, file)), file);
  }
  assert.deepEqual(fs.readdirSync(path.join(prefix, 'lib/plexctl')).filter((name) => name.endsWith('.la')), []);
});

// `tree`/plexctl-plugin.pc by its variables and flags, with paths made plain
function pkgConfig(tree, args) {
  const env = { PATH: '/usr/bin:/bin', PKG_CONFIG_PATH: path.join(tree, 'lib/pkgconfig') };
  return execFileSync('pkg-config', [...args, 'plexctl-plugin'], { env, encoding: 'utf8' }).trim();
}

test('pkg-config names header, plugin directory and ABI, also where the tree was moved', (t) => {
  const moved = path.join(scratch(t).dir, 'moved');
  fs.cpSync(prefix, moved, { recursive: true });
  const header = fs.readFileSync(path.join(prefix, 'include/plexctl/plugin.h'), 'utf8');
  const abi = (part) => header.match(new RegExp(`^#define PLEXCTL_ABI_${part} (\\d+)$`, 'm'))[1];
  for (const tree of [prefix, moved]) {
    for (const options of [[], ['--define-prefix']]) {
      const ask = (...args) => pkgConfig(tree, [...options, ...args]);
      const [, include] = ask('--cflags').match(/^-I(\S+)$/);
      assert.equal(path.resolve(include), path.join(tree, 'include'));
      assert.equal(path.resolve(ask('--variable=plugindir')), path.join(tree, 'lib/plexctl/plugins'));
      assert.equal(ask('--libs'), '');
      assert.equal(ask('--variable=abi_major'), abi('MAJOR'));
      assert.equal(ask('--variable=abi_minor'), abi('MINOR'));
      assert.equal(ask('--modversion'), `${abi('MAJOR')}.${abi('MINOR')}`);
    }
  }
  assert.equal(pkgConfig(prefix, ['--define-variable=prefix=/usr', '--variable=plugindir']), '/usr/lib/plexctl/plugins');
});

test('completion scripts are installed as they are printed, and accepted by their shells', async (t) => {
  const home = scratch(t);
  for (const [shell, place] of [['bash', 'bash-completion/completions/plexctl'], ['zsh', 'zsh/site-functions/_plexctl'],
    ['fish', 'fish/vendor_completions.d/plexctl.fish']]) {
    const result = await run(home, ['completion', shell]);
    assertExit(result, 0);
    const file = path.join(prefix, 'share', place);
    assert.equal(fs.readFileSync(file, 'utf8'), result.stdout);
    execFileSync(shell, ['-n', file]);
    assert.ok(result.stdout.includes('plexctl __complete'), shell);
  }
});

test('SSLKEYLOGFILE writes nothing', async (t) => {
  const server = await devserver(t);
  const home = scratch(t);
  const log = path.join(home.dir, 'keys');
  assertExit(await login(home, server, [], { env: { SSLKEYLOGFILE: log } }), 0);
  assert.ok(!fs.existsSync(log));
});
