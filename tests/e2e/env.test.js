// SPDX-License-Identifier: Apache-2.0
//
// plexctl env: what a shell makes of it, what is refused, and that Terraform's pair of variables works in an environment that
// has nothing else.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { test } = require('node:test');
const { assertExit, devserver, login, run, scratch } = require('./lib/harness.js');

const SHELLS = {
  sh: 'eval "$(plexctl env --reveal-secrets)"; printf "%s\\n" "$PLEXSPHERE_ENDPOINT" "$PLEXSPHERE_TOKEN"; env',
  bash: 'source <(plexctl env --shell bash --reveal-secrets); printf "%s\\n" "$PLEXSPHERE_ENDPOINT" "$PLEXSPHERE_TOKEN"; env',
  zsh: 'source <(plexctl env --shell zsh --reveal-secrets); printf "%s\\n" "$PLEXSPHERE_ENDPOINT" "$PLEXSPHERE_TOKEN"; env',
  fish: 'plexctl env --shell fish --reveal-secrets | source; printf "%s\\n" $PLEXSPHERE_ENDPOINT $PLEXSPHERE_TOKEN; env',
};
const token = 'of-the.environment_~+/=-';

for (const [shell, script] of Object.entries(SHELLS)) {
  const program = ['/bin', '/usr/bin'].map((dir) => `${dir}/${shell}`).find((file) => fs.existsSync(file));
  test(`${shell} reads back what was printed, byte for byte`, { skip: program ? false : `no ${shell} here` }, async (t) => {
    for (const path of ['', "/it's", '/$(id)`id`&x;!~*', '/a"b']) {
      const server = `https://cp.example.com${path}`;
      const home = scratch(t);
      home.holdsSecret(`${home.dir}/.local/share/fish/fish_history`);
      const result = await run(home, ['-c', script], { command: program, reveals: true, env: { PLEXSPHERE_URL: server, PLEXSPHERE_TOKEN: token } });
      assert.equal(result.code, 0, result.stderr);
      assert.deepEqual(result.stdout.split('\n').slice(0, 2), [server, token]);
      assert.ok(result.stdout.includes(`\nPLEXSPHERE_ENDPOINT=${server}\n`), 'it is exported');
    }
  });
}

test('the pair is enough where there is nothing else', async (t) => {
  const server = await devserver(t);
  const home = scratch(t);
  assertExit(await login(home, server), 0);
  const printed = await run(home, ['env', '--reveal-secrets', '-o', 'json'], { reveals: true });
  assertExit(printed, 0);
  const pair = JSON.parse(printed.stdout);
  assert.deepEqual(pair, { PLEXSPHERE_ENDPOINT: server.url, PLEXSPHERE_TOKEN: home.readConfig().profiles.default.token });
  const yaml = await run(home, ['env', '--reveal-secrets', '-o', 'yaml'], { reveals: true });
  assert.match(yaml.stdout, new RegExp(`^PLEXSPHERE_ENDPOINT: ['"]?${server.url}['"]?\nPLEXSPHERE_TOKEN: ['"]?${pair.PLEXSPHERE_TOKEN}['"]?\n$`));
  const who = await run(scratch(t), ['whoami', '--server', pair.PLEXSPHERE_ENDPOINT], { env: { ...server.trust, PLEXSPHERE_TOKEN: pair.PLEXSPHERE_TOKEN } });
  assertExit(who, 0);
  assert.match(who.stdout, /alice@example\.test/);
});

test('nothing is printed without --reveal-secrets, whatever else is missing', async (t) => {
  const home = scratch(t);
  home.writeConfig({ default: 'x', profiles: { x: { server: 'https://cp.example.com', token: 'the-token-of-the-profile' } } });
  for (const args of [['env'], ['env', '-o', 'json'], ['env', '--reveal-secrets=false'], ['env', '--profile', 'nobody']]) {
    const result = await run(home, args);
    assertExit(result, 2, /^plexctl: env prints the token; give --reveal-secrets if that is wanted$/m);
    assert.equal(result.stdout, '');
  }
});

test('server and token are needed, and a token stays with the origin that issued it', async (t) => {
  const home = scratch(t);
  assertExit(await run(home, ['env', '--reveal-secrets']), 3, /no server/);
  home.writeConfig({ default: 'x', profiles: { x: { server: 'https://cp.example.com', token: 'the-token-of-the-profile' } } });
  const elsewhere = await run(home, ['env', '--reveal-secrets', '--server', 'https://elsewhere.example.com']);
  assertExit(elsewhere, 3, /was issued by https:\/\/cp\.example\.com:443 and is not sent to https:\/\/elsewhere/);
  assert.equal(elsewhere.stdout, '');
  assertExit(await run(home, ['env', '--reveal-secrets', '--shell', 'tcsh']), 2, /one of sh, bash, zsh, fish/);
});

test('Tab offers the shells', async (t) => {
  const offered = await run(scratch(t), ['__complete', 'words', 'env', '--shell', '']);
  assert.deepEqual(offered.stdout.split('\n').slice(1).map((line) => line.split('\t')[0]).filter((line) => line).sort(), ['bash', 'fish', 'sh', 'zsh']);
});
