// SPDX-License-Identifier: Apache-2.0
//
// What an author does who has the installed tree alone: `plexctl plugin new`, then the lines that it prints, typed by an
// ordinary user with umask 002. The tree lies elsewhere than it was installed to.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { NOBODY, assertExit, prefix, run, scratch, sourceDir } = require('./lib/harness.js');

const isRoot = process.getuid() === 0;
const uid = isRoot ? NOBODY : undefined;

// Released in after(): the moved tree is for all tests here.
const release = [];
let tree;

before(() => {
  tree = path.join(scratch({ after: (done) => release.push(done) }).dir, 'tree');
  fs.cpSync(prefix, tree, { recursive: true });
});

after(async () => {
  for (const done of release) await done();
});

// A home of `owner` (undefined: of whoever runs this), and a shell that types `lines` there.
function author(t, owner) {
  const home = scratch(t);
  if (owner !== undefined) fs.chownSync(home.dir, owner, owner);
  home.env = { PATH: `${tree}/bin:/usr/bin:/bin`, HOME: home.dir, LC_ALL: 'C.UTF-8', ...sanitizers(home.env) };
  home.type = (lines, cwd = home.dir) =>
    run(home, ['-e', '-o', 'pipefail', '-c', `umask 002\n${lines}`], { command: '/bin/bash', cwd, uid: owner });
  return home;
}

function sanitizers(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.endsWith('_OPTIONS')));
}

function succeeded(result) {
  // What a build ends with says why it failed; a log may be cut behind some lines.
  assert.equal(result.code, 0, `${result.stderr}\n${result.stdout.split('\n').slice(-15).join('\n')}`);
  return result.stdout;
}

function without(text, pattern) {
  assert.doesNotMatch(text, pattern);
  return text;
}

// The lines that `plexctl plugin new` prints to be typed.
async function begin(home, name, args) {
  const printed = succeeded(await home.type(`plexctl plugin new ${name} ${args}`));
  const [, lines] = printed.match(/:\n\n([^]+)$/);
  return lines;
}

// What README says of packages, staged below `stage`.
function packageLines(project, stage) {
  const blocks = [...fs.readFileSync(path.join(project, 'README.md'), 'utf8').matchAll(/^```sh\n([^]*?)^```/gm)];
  return blocks[1][1].replaceAll('/tmp/package', stage);
}

// The installed page is the record's.
function assertPage(home, name) {
  const page = path.join(home.dir, `.local/share/man/man1/plexctl-${name}.1`);
  execFileSync('mandoc', ['-Tlint', '-Wwarning', page]);
  const text = fs.readFileSync(page, 'utf8');
  for (const wanted of ['\n.Nd Greet somebody\n', '-greeting', 'WHOM', `plexctl ${name} world\n`]) assert.ok(text.includes(wanted), text);
}

describe('plexctl plugin new', { concurrency: 2 }, () => {
  for (const [build, name, last] of [['make', 'hello', ''], ['meson', 'hello-2', ''], ['autotools', 'my-tool', 'make distcheck']]) {
    test(`with ${build}: builds, checks, installs and runs from the installed files alone`, async (t) => {
      const home = author(t, uid);
      const project = path.join(home.dir, name);
      const lines = await begin(home, name, `--build ${build}`);
      const typed = await home.type(lines);
      assert.match(without(succeeded(typed), /warning/i), /^MESSAGE +Hello, world!$/m);
      without(typed.stderr, /warning/i);
      assertExit(await home.type('plexctl plugin doctor'), 0);
      const list = JSON.parse(succeeded(await home.type('plexctl plugin list -o json')));
      assert.equal(list.find((one) => one.command === name).path, path.join(home.dir, `.local/lib/plexctl/plugins/${name}.so`));
      assertPage(home, name);
      execFileSync('shellcheck', [path.join(project, 'test.sh'), path.join(project, 'man.sh')]);

      const stage = path.join(home.dir, 'stage');
      const environment = lines.match(/^export .*$/m)[0];
      succeeded(await home.type(`${environment}\n${packageLines(project, stage)}${last}`, project));
      assert.ok(fs.existsSync(path.join(stage, tree, `lib/plexctl/plugins/${name}.so`)));
      assert.ok(fs.existsSync(path.join(stage, `usr/share/man/man1/plexctl-${name}.1`)));
      // Neither the checkout nor the place that plexctl was installed to has left a trace in what was made.
      assert.throws(() => execFileSync('grep', ['-rF', '-e', sourceDir, '-e', `${path.resolve(prefix)}/`, project]), { status: 1 });
    });
  }

  test('the checkout is not looked at: by name of every file that a build opens', async (t) => {
    const home = author(t, uid);
    const lines = await begin(home, 'hello', '');
    fs.writeFileSync(path.join(home.dir, 'lines'), lines);
    succeeded(await home.type('strace -f -qq -e trace=%file -o trace bash -e lines'));
    const trace = fs.readFileSync(path.join(home.dir, 'trace'), 'utf8');
    assert.ok(trace.includes(`include/plexctl/plugin.h", O_RDONLY`) && trace.includes(`${tree}/lib/`));
    assert.ok(!trace.includes(`"${sourceDir}`) && !trace.includes(`"${path.resolve(prefix)}/`));
  });

  test('without PKG_CONFIG_PATH make finds the plexctl in PATH; without that it says what to set, and so does meson', async (t) => {
    const home = author(t, undefined);
    await begin(home, 'hello', '');
    succeeded(await home.type('cd hello && make && make clean'));
    const lost = await home.type('cd hello && make PLEXCTL=./none');
    assert.equal(lost.code, 2);
    assert.match(lost.stderr, /^Makefile:\d+: \*\*\* plexctl-plugin\.pc is not found: .* export PKG_CONFIG_PATH=PREFIX\/lib\/pkgconfig, where plexctl itself is PREFIX\/bin\/plexctl\. /m);
    const [, hint] = fs.readFileSync(path.join(home.dir, 'hello/README.md'), 'utf8').match(/^(export PKG_CONFIG_PATH=.*)$/m);
    await begin(home, 'hello', '--build meson --directory other');
    assert.match((await home.type('cd other && meson setup build')).stdout, /ERROR: .*plexctl-plugin\.pc is not found: export PKG_CONFIG_PATH=/);
    succeeded(await home.type(`${hint}\ncd other && meson setup build`));
  });

  test('the man page follows the record, and is whole or as it was', async (t) => {
    const home = author(t, undefined);
    await begin(home, 'hello', '');
    succeeded(await home.type("cd hello && make && sed -i 's/What to say/What is said/' hello.c && make"));
    const page = fs.readFileSync(path.join(home.dir, 'hello/plexctl-hello.1'), 'utf8');
    assert.ok(page.includes('What is said') && !page.includes('What to say'), page);
    const failed = await home.type(`cd hello && touch hello.c && PKG_CONFIG_PATH=${tree}/lib/pkgconfig make PLEXCTL=false`);
    assert.match(failed.stderr, /\[Makefile:\d+: plexctl-hello\.1\] Error 1$/m);
    assert.equal(fs.readFileSync(path.join(home.dir, 'hello/plexctl-hello.1'), 'utf8'), page);
  });

  test('warns of a word that another plugin serves', async (t) => {
    const home = author(t, undefined);
    succeeded(await home.type(await begin(home, 'hello', '')));
    const result = await home.type('plexctl plugin new hello --directory again');
    succeeded(result);
    assert.equal(result.stderr, `plexctl: warning: \`plexctl hello\` is served by "${home.dir}/.local/lib/plexctl/plugins/hello.so" already; of two plugins with one word the first in \`plexctl plugin list\` runs\n`);
  });

  test("the project's own test fails where the plugin does", async (t) => {
    const home = author(t, undefined);
    const lines = await begin(home, 'hello', '--directory "a project"');
    const result = await home.type(`${lines.replace('make check', "sed -i 's/%s, %s!/%s %s/' hello.c\nmake check")}`);
    assert.notEqual(result.code, 0);
    assert.match(result.stderr, /FAILED: the output lacks: Hello, world!/);
  });

  for (const [what, args, pattern] of [
    ['a directory that exists', 'tools --directory .', /"\." exists already/],
    ['a word with capitals', 'Hello', /^plexctl: NAME: "Hello" is no command word; give 1 to 31 of a-z, 0-9 and '-', a letter first$/m],
    ["one of plexctl's built-in words", 'version', /"version" is plexctl's own command/],
    ["one of plexctl's own plugins", 'login', /"login" is plexctl's own command/],
    ['another build system', 'hello --build cmake', /--build.*"cmake"/],
    ['no name', '', /NAME/],
  ]) {
    test(`refuses ${what}`, async (t) => {
      const home = author(t, undefined);
      assertExit(await home.type(`plexctl plugin new ${args}`), 2, pattern);
      assert.deepEqual(fs.readdirSync(home.dir), []);
    });
  }
});
