// SPDX-License-Identifier: Apache-2.0
//
// The command line: help, version, usage faults, the rows of the flag and exit-code tables that need no server.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { assertExit, assertTidy, bindingId, domainId, loginFlags, run, scratch, sourceDir } = require('./lib/harness.js');

const [, version] = fs.readFileSync(path.join(sourceDir, 'configure.ac'), 'utf8').match(/^AC_INIT\(\[plexctl\], \[([0-9.]+)\]/m);
const nowhere = ['--server', 'https://localhost:1'];

for (const args of [['--version'], ['version'], ['version', '-o', 'table'], ['-o', 'table', 'version']]) {
  test(`${args.join(' ')} prints the version`, async (t) => {
    const result = await run(scratch(t), args);
    assertExit(result, 0);
    assert.match(result.stdout, new RegExp(`^plexctl ${version.replaceAll('.', '\\.')}$`, 'm'));
  });
}

test('version --output json is a document', async (t) => {
  const result = await run(scratch(t), ['version', '--output=json']);
  assertExit(result, 0);
  assert.equal(JSON.parse(result.stdout).version, version);
});

for (const args of [['help'], ['--help'], ['-h'], []]) {
  test(`plexctl ${args.join(' ')} lists every command`, async (t) => {
    const result = await run(scratch(t), args);
    assertExit(result, 0);
    for (const word of ['login', 'whoami', 'profile', 'devserver', 'version', 'help', 'completion', 'plugin', 'env']) {
      assert.match(result.stdout, new RegExp(`^ +${word} +\\S`, 'm'));
    }
    for (const flag of ['--server', '--profile', '--token-file', '--output', '--yes', '--reveal-secrets', '--debug']) {
      assert.ok(result.stdout.includes(flag), flag);
    }
  });
}

for (const [args, patterns] of [
  [['login', '--help'], [/--domain-id UUID/, /--idp-binding-id UUID/, /--profile-name/, /default/]],
  [['help', 'login'], [/--domain-id UUID/]],
  [['profile', '--help'], [/\blist\b/, /\bshow\b/, /\bdoctor\b/]],
  [['profile'], [/\blist\b/, /\bshow\b/]],
  [['profile', 'show', '--help'], [/NAME/]],
  [['help', 'profile', 'show'], [/NAME/]],
  [['whoami', '-h'], [/Usage/i]],
  [['devserver', '--help'], [/--fault/, /--tls-dir/]],
  [['plugin', '--help'], [/\blist\b/, /\bdoctor\b/]],
]) {
  test(`${args.join(' ')} describes it`, async (t) => {
    const result = await run(scratch(t), args);
    assertExit(result, 0);
    for (const pattern of patterns) assert.match(result.stdout, pattern);
  });
}

// Usage faults: exit 2, naming the flag and the fix.
for (const [name, args, pattern] of [
  ['a missing --domain-id', ['login', '--idp-binding-id', bindingId, ...nowhere], /--domain-id/],
  ['a missing --idp-binding-id', ['login', '--domain-id', domainId, ...nowhere], /--idp-binding-id/],
  ['a malformed --domain-id', ['login', '--domain-id', 'x', '--idp-binding-id', bindingId, ...nowhere], /--domain-id/],
  ['braces around a UUID', ['login', '--domain-id', `{${domainId}}`, '--idp-binding-id', bindingId, ...nowhere], /--domain-id/],
  ['a UUID without dashes', ['login', '--domain-id', domainId.replaceAll('-', ''), '--idp-binding-id', bindingId, ...nowhere], /--domain-id/],
  ['an unknown --output', ['login', ...loginFlags, ...nowhere, '--output', 'xml'], /--output.*json/],
  ['an unknown --output before the word', ['-o', 'jsn', 'whoami'], /json/],
  ['a profile name with a slash', ['login', ...loginFlags, ...nowhere, '--profile-name', 'a/b'], /--profile-name/],
  ['a profile name with a leading dot', ['login', ...loginFlags, ...nowhere, '--profile-name', '.a'], /--profile-name/],
  ['an empty profile name', ['login', ...loginFlags, ...nowhere, '--profile-name='], /--profile-name/],
  ['a positional argument', ['login', ...loginFlags, ...nowhere, 'extra'], /extra/],
  ['an unknown flag', ['login', '--domain-ids', domainId], /--domain-ids.*--domain-id/],
  ['an abbreviated flag', ['login', '--domain', domainId], /--domain\b/],
  ['a flag without its value', ['login', '--domain-id'], /--domain-id/],
  ['an unknown command', ['logn'], /logn.*login/],
  ['a command that leads out', ['../login'], /unknown command/],
  ['an unknown subcommand', ['profile', 'lst'], /lst.*list/],
  ['a server without https', ['login', ...loginFlags, '--server', 'http://cp.example.com'], /https/],
  ['a server with userinfo', ['login', ...loginFlags, '--server', 'https://a:b@localhost'], /user/i],
  ['a server with a query', ['login', ...loginFlags, '--server', 'https://localhost/?x=1'], /query/],
  ['a server with a fragment', ['login', ...loginFlags, '--server', 'https://localhost/#x'], /fragment/],
  ['a server that is no URL', ['login', ...loginFlags, '--server', 'localhost'], /--server|https/],
]) {
  test(`${name} is a usage fault (exit 2)`, async (t) => {
    assertExit(await run(scratch(t), args), 2, pattern);
  });
}

// Exit 3
for (const [name, args, env] of [
  ['login without a server', ['login', ...loginFlags], {}],
  ['login with an empty PLEXSPHERE_URL', ['login', ...loginFlags], { PLEXSPHERE_URL: '' }],
  ['login with a missing profile that the server must come from', ['login', ...loginFlags, '--profile', 'nope'], {}],
  ['whoami without a server', ['whoami'], {}],
  ['whoami without a token', ['whoami', '--server', 'https://localhost:1'], {}],
  ['whoami with a missing profile', ['whoami', '--server', 'https://localhost:1', '--profile', 'nope'], {}],
  ['profile show of a missing profile', ['profile', 'show', 'nope'], {}],
]) {
  test(`${name} ends with exit 3`, async (t) => {
    assertExit(await run(scratch(t), args, { env }), 3);
  });
}

test('usage comes before the server (2 before 3)', async (t) => {
  assertExit(await run(scratch(t), ['login', '--domain-id', 'x']), 2);
});

test('an unreachable server ends login with exit 1', async (t) => {
  assertExit(await run(scratch(t), ['login', ...loginFlags, ...nowhere]), 1, /localhost:1/);
});

test('foreign bytes in a command word are escaped', async (t) => {
  const result = await run(scratch(t), ['\u001b[31mred']);
  assertExit(result, 2, /\\x1b/i);
  assertTidy(result);
});

test('the last of a repeated flag wins, before and after the word', async (t) => {
  const result = await run(scratch(t), ['--output', 'yaml', 'version', '--output', 'json']);
  assertExit(result, 0);
  assert.equal(JSON.parse(result.stdout).version, version);
});

test('output to a full device is an error', async (t) => {
  const result = await run(scratch(t), ['-c', 'plexctl help >/dev/full'], { command: '/bin/sh' });
  assert.equal(result.code, 1);
  assert.match(result.stderr, /^plexctl: cannot write to standard output/);
});

test('a closed standard output is a failed write; closed input and error do no harm', async (t) => {
  for (const [redirection, code] of [['<&- 2>&-', 0], ['>&-', 1], ['<&- >&- 2>&-', 1]]) {
    const result = await run(scratch(t), ['-c', `plexctl version ${redirection}`], { command: '/bin/sh' });
    assert.equal(result.code, code, redirection);
  }
});
