// SPDX-License-Identifier: Apache-2.0
//
// A word that is nearly right: the message names the one that was meant, the exit code is as ever, and no token is shown.
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { assertExit, assertTidy, loginFlags, run, scratch } = require('./lib/harness.js');
const { pluginDir } = require('./lib/plugin_dir.js');

const TOKEN = 'canary-token-0123456789abcdef';

function world(t) {
  const home = pluginDir(t, { completer: 'completer' });
  const profile = (host) => ({ server: `https://${host}`, token: TOKEN, token_type: 'Bearer' });
  home.writeConfig({ default: 'prod', profiles: { prod: profile('p.test'), staging: profile('s.test'), 'pre-prod': profile('q.test') } });
  return home;
}

const TYPOS = [
  // command line, exit code, what is said
  ['whoam', 2, /unknown command "whoam"; did you mean "whoami"\?/],
  ['Whoami', 2, /did you mean "whoami"\?/],
  ['prfoile list', 2, /did you mean "profile"\?/],
  ['completr one', 2, /did you mean "completer"\?/],
  ['frobnicate', 2, /unknown command "frobnicate"; see `plexctl help`/],
  ['help whoma', 2, /did you mean "whoami"\?/],
  ['help profile lst', 2, /unknown subcommand "lst" of `plexctl profile`; did you mean "list"\?/],
  ['profile lst', 2, /unknown subcommand "lst" of `plexctl profile`; did you mean "list"\?/],
  ['help help help', 2, /unknown subcommand "help" of `plexctl help`; it has none; see `plexctl help --help`/],
  ['help login now', 2, /unknown subcommand "now" of `plexctl login`; it has none; see `plexctl login --help`/],
  ['help profile frobnicate', 2, /unknown subcommand "frobnicate" of `plexctl profile`; it has list, show, doctor/],
  ['p', 2, /unknown command "p"; did you mean "plugin" or "profile"\?/],
  ['whoami --pro', 2, /unknown flag --pro; did you mean --profile\?/],
  ['login --i', 2, /unknown flag --i; did you mean --idp-binding-id or --if-expiring\?/],
  ['-v', 2, /unknown flag -v; did you mean --version\?/],
  ['-V', 2, /unknown flag -V; did you mean --version\?/],
  ['profile frobnicate', 2, /it has list, show, doctor/],
  ['plugin docter', 2, /did you mean "doctor"\?/],
  ['completion bahs', 2, /did you mean "bash"\?/],
  ['whoami --sever https://x.test', 2, /unknown flag --sever; did you mean --server\?/],
  ['whoami -server https://x.test', 2, /did you mean --server\? long flags have two dashes/],
  ['login --domian-id x', 2, /unknown flag --domian-id; did you mean --domain-id\?/],
  ['--domain-id x login', 2, /a command's own flags stand after the command word/],
  ['profile --ouput json list', 2, /unknown flag --ouput; did you mean --output\?/],
  ['completer --colr red', 2, /unknown flag --colr; did you mean --colour\?/],
  ['whoami --frobnicate', 2, /unknown flag --frobnicate; see `plexctl whoami --help`/],
  ['whoami --output jsn', 2, /--output: "jsn" is unknown; did you mean json\? give one of table, json, yaml/],
  ['whoami -o JSON', 2, /did you mean json\?/],
  ['profile list -oyml', 2, /did you mean yaml\?/],
  ['whoami --output xml', 2, /--output: "xml" is unknown; give one of table, json, yaml/],
  ['completer --colour grene', 2, /--colour: "grene" is unknown; did you mean green\? give one of red, green, /],
  ['whoami --profile stagin', 3, /profile "stagin" does not exist in \S+; did you mean "staging"\? Else run `plexctl login --profile-name stagin`/],
  ['profile show Prod', 3, /did you mean "prod"\?/],
  ['profile show --profile pre-prd', 3, /did you mean "pre-prod"\?/],
  ['profile show frobnicate', 3, /does not exist in \S+; run `plexctl login --profile-name frobnicate`, or choose one with --profile: prod, staging, pre-prod/],
  [`login --profile stagin ${loginFlags.join(' ')}`, 3, /did you mean "staging"\?/],
  [`login --profile-name .x ${loginFlags.join(' ')}`, 2, /is no profile name; give 1 to 64 of/],
  ['login --domain-id 123', 2, /--domain-id: "123" is no UUID; give 8-4-4-4-12 hexadecimal digits/],
  ['login', 2, /login: missing --domain-id UUID, --idp-binding-id UUID; give them, or use --again, --if-expiring, --resume or --list-bindings; see --help/],
  ['login --domain-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0', 2, /login: missing --idp-binding-id UUID; give it, or see --help/],
  ['whoami --server', 2, /--server needs a value: --server URL/],
  ['whoami now', 2, /unexpected argument "now"; `plexctl whoami` takes none/],
];

test('what was meant is named', async (t) => {
  const home = world(t);
  for (const [line, code, says] of TYPOS) {
    const result = await run(home, line.split(' '));
    assertExit(result, code, says);
    assertTidy(result, [TOKEN]);
    assert.equal(result.stdout, '', line);
  }
});

test('a token that stands where a name should is not taken for one', async (t) => {
  const home = world(t);
  const result = await run(home, ['whoami', `--token=${TOKEN}`]);
  assertExit(result, 2, /unknown flag --token; did you mean --token-file\?/);
  assertTidy(result, [TOKEN]);
  const empty = await run(scratch(t), ['whoami', '--profile', 'stagin']);
  assertExit(empty, 3, /profile "stagin" does not exist: no profile is saved in \S+; run `plexctl login --profile-name stagin`/);
});
