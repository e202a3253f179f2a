// SPDX-License-Identifier: Apache-2.0
//
// Plugins that are not in C, tests/plugins/cpp and tests/plugins/rust: built in a copy, against the installed tree alone.
// An exception or a panic in them ends as one line and exit 1.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { assertExit, bindingId, devserver, domainId, prefix, run, scratch, sourceDir } = require('./lib/harness.js');

// Skipped where there is none. script/bootstrap installs none: Debian 12's rustc, which is enough, takes 290 MB.
const RUST_MINOR = 63;
function noRust() {
  try {
    execFileSync('cargo', ['--version'], { stdio: 'ignore' });
    const version = execFileSync('rustc', ['--version'], { encoding: 'utf8' });
    const [, major, minor] = version.match(/ (\d+)\.(\d+)\./).map(Number);
    return (major === 1 && minor < RUST_MINOR) && `the Rust plugin: rustc is 1.${minor}, wanted is 1.${RUST_MINOR} or later`;
  } catch {
    return 'the Rust plugin: cargo or rustc is not installed (apt-get install cargo, or https://rustup.rs)';
  }
}

// A home with a copy of tests/plugins/`language`, built by `make(project, output)`, and a server.
async function author(t, language, make) {
  const server = await devserver(t); // directly: the tap lets through what plexctl itself asks
  const home = scratch(t);
  const plugins = path.join(home.dir, 'plugins');
  const project = path.join(home.dir, language);
  fs.mkdirSync(plugins);
  fs.cpSync(path.join(sourceDir, 'tests/plugins', language), project, { recursive: true });
  const built = make(project);
  const word = path.basename(built, '.so').replace(/^lib/, '');
  const file = path.join(plugins, `${word}.so`);
  fs.copyFileSync(built, file);
  fs.chmodSync(file, 0o755);
  home.env = { ...home.env, ...server.trust, PLEXCTL_PLUGIN_PATH: plugins, PLEXSPHERE_URL: server.direct };
  home.plexctl = (...args) => run(home, [word, ...args]);
  home.assertWell = async () => {
    assertExit(await run(home, ['plugin', 'doctor']), 0);
    assertExit(await run(home, ['plugin', 'check', file]), 0);
    const symbols = execFileSync('nm', ['-D', '--defined-only', file], { encoding: 'utf8' });
    assert.match(symbols, /^\S+ T plexctl_plugin_v1\n$/);
  };
  return home;
}

const rows = (result) => {
  assertExit(result, 0);
  return JSON.parse(result.stdout);
};

function makeCpp(project) {
  const env = { PATH: process.env.PATH, PKG_CONFIG_PATH: path.join(prefix, 'lib/pkgconfig'), CXXFLAGS: '-O1 -Werror' };
  execFileSync('make', ['-C', project], { env });
  return path.join(project, 'bindings.so');
}

function makeRust(project) {
  const env = { ...process.env, RUSTFLAGS: '-D warnings' };
  const cargo = (step) => execFileSync('cargo', [step, '--quiet', '--release', '--offline', '--locked'], { cwd: project, env, encoding: 'utf8' });
  cargo('build');
  assert.match(cargo('test'), /^test result: ok\. 1 passed/m);
  return path.join(project, 'target/release/libhealth.so');
}

// "HostJson.kind = 16" of abi.rs, as an assertion in C on the installed header.
function layoutInC(project) {
  const text = fs.readFileSync(path.join(project, 'src/abi.rs'), 'utf8').match(/^layout!\(\n([^]*?)^\);/m)[1];
  const assertions = [...text.matchAll(/(\w+)\.(\w+) = (\d+)/g)].map(([, type, member, offset]) => {
    const name = type === 'Rows' ? 'flags' : type.replace(/(?<!^)[A-Z]/g, '_$&').toLowerCase();
    return `_Static_assert(offsetof(struct plexctl_${name}, ${member === 'kind' ? 'type' : member}) == ${offset}, "${type}.${member}");`;
  });
  assert.ok(assertions.length > 30);
  return `#include <plexctl/plugin.h>\n${assertions.join('\n')}\n`;
}

function compile(text) {
  execFileSync('cc', ['-std=c11', '-fsyntax-only', '-I', path.join(prefix, 'include'), '-x', 'c', '-'], { input: text, stdio: ['pipe', 'ignore', 'pipe'] });
}

describe('plugins in other languages', { concurrency: 2 }, () => {
  test('C++: flags, a request, JSON and a table; an exception stays inside', async (t) => {
    const home = await author(t, 'cpp', makeCpp);
    await home.assertWell();
    const [row] = rows(await home.plexctl('--domain-id', domainId, '-o', 'json'));
    assert.equal(row.id, bindingId);
    assert.match((await home.plexctl('--domain-id', domainId)).stdout, /^ALIAS +LABEL +ISSUER +ID\n.*\n$/);
    assert.equal(rows(await home.plexctl('--domain-id', domainId, '--row', '0', '-o', 'json')).length, 1);
    assertExit(await home.plexctl('--domain-id', domainId, '--row', '7'), 1, /^plexctl: .*\(which is 7\) >= .*\n$/);
    assertExit(await home.plexctl('--domain-id', 'x'), 2, /--domain-id/);
    assertExit(await home.plexctl(), 2, /--domain-id/);
    assertExit(await home.plexctl('--domain-id', domainId, '--server', 'http://127.0.0.1:1'), 1, /127\.0\.0\.1:1/);
  });

  test('Rust: flags, a request, JSON and a table; a panic stays inside', { skip: noRust() }, async (t) => {
    const home = await author(t, 'rust', makeRust);
    await home.assertWell();
    const all = rows(await home.plexctl('-o', 'json'));
    assert.deepEqual(all.map((row) => row.status), ['ok']);
    assert.match((await home.plexctl()).stdout, /^CHECK +STATUS +DETAIL\n.*\n$/);
    assert.deepEqual(rows(await home.plexctl('--failing', '-o', 'json')), []);
    assertExit(await home.plexctl('--row', '7'), 1, /^plexctl: a panic: index out of bounds: the len is 1 but the index is 7\n$/);
    assertExit(await home.plexctl('--row', 'x'), 2, /--row/);
    assertExit(await home.plexctl('--server', 'http://127.0.0.1:1'), 1, /127\.0\.0\.1:1/);
  });

  test("the Rust plugin's offsets are the header's", () => {
    const text = layoutInC(path.join(sourceDir, 'tests/plugins/rust'));
    compile(text);
    assert.throws(() => compile(text.replace(') == 16,', ') == 17,')), /static assertion failed/);
  });
});
