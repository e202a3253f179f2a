// SPDX-License-Identifier: Apache-2.0
//
// The conformance kit for authors: each plugin in tests/plugins/check makes the one check fail that it names, and no
// other; good plugins pass all.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { assertExit, prefix, run, scratch, sourceDir } = require('./lib/harness.js');

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
  execFileSync(process.env.CC || 'cc', ['-shared', '-fPIC', '-O1', '-I', path.join(prefix, 'include'), ...flags, '-o', object,
    path.join(sourceDir, 'tests/plugins', source)]);
  return object;
}

async function check(t, ...args) {
  const result = await run(scratch(t), ['plugin', 'check', ...args]);
  const lines = result.stdout.split('\n');
  assert.equal(lines[0], 'TAP version 13', `${result.stdout}\n${result.stderr}`);
  const rows = lines.map((line) => line.match(/^(not )?ok (\d+) - (.*?)(: \S+)?( # SKIP .*)?$/)).filter(Boolean);
  assert.ok(lines.includes(`1..${rows.length}`), result.stdout);
  rows.forEach((row, index) => assert.equal(Number(row[2]), index + 1));
  return { ...result, rows, failed: rows.filter((row) => row[1]).map((row) => row[3]) };
}

const bad = fs.readdirSync(path.join(sourceDir, 'tests/plugins/check')).filter((name) => name.endsWith('.c'));

describe('plexctl plugin check', { concurrency: 2 }, () => {
  for (const name of bad) {
    const source = fs.readFileSync(path.join(sourceDir, 'tests/plugins/check', name), 'utf8');
    const [, fails] = source.match(/^ \* fails: (.*)$/m);
    const flags = (source.match(/^ \* flags: (.*)$/m) || ['', ''])[1].split(' ').filter(Boolean);
    test(`"${fails}" fails for ${name}, and says why`, async (t) => {
      const result = await check(t, build(`check/${name}`, flags));
      assert.deepEqual([...new Set(result.failed)], [fails], result.stdout);
      assertExit(result, 1);
      for (const row of ['rule', 'found', 'wanted', 'fix']) assert.match(result.stdout, new RegExp(`^  ${row}: ".+"$`, 'm'));
    });
  }
});
