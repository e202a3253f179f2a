// SPDX-License-Identifier: Apache-2.0
//
// plexctl env: what a shell makes of it, what is refused, and that Terraform's pair of variables works in an environment that
// has nothing else.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { test } = require('node:test');
const { askWords } = require('./lib/ask_again.js');
const { assertExit, devserver, login, run, scratch } = require('./lib/harness.js');
const peers = require('./lib/peers.js');

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

// As a shell that has evaluated it goes on.
test('a token of the pair goes to no other server than the pair\'s', async (t) => {
  const home = scratch(t);
  const seen = [];
  const planes = await Promise.all(['production', 'staging'].map((name) => peers.server(t, (request, body, response) => {
    seen.push(`${name} ${request.headers.authorization}`);
    peers.reply(response, 200, { principal_type: 'user', subject: 'alice' });
  })));
  const [production, staging] = planes.map(({ url }, i) => ({ server: url, token: `the-token-of-number-${i}` }));
  home.writeConfig({ default: 'production', profiles: { production, staging } });
  const printed = await run(home, ['env', '--profile', 'staging', '--reveal-secrets', '-o', 'json'], { reveals: true });
  assertExit(printed, 0);
  const env = JSON.parse(printed.stdout);
  const refused = await run(home, ['whoami'], { env });
  const origin = (url) => `http://localhost:${new URL(url).port}`;
  assertExit(refused, 3, new RegExp(`PLEXSPHERE_TOKEN is for ${origin(staging.server)} by PLEXSPHERE_ENDPOINT, and is not sent to ${origin(production.server)};`));
  assertExit(await run(home, ['whoami'], { env: { ...env, PLEXSPHERE_ENDPOINT: 'staging' } }), 2, /PLEXSPHERE_ENDPOINT/);
  assert.deepEqual(seen, []);
  assertExit(await run(home, ['whoami', '--profile', 'staging'], { env }), 0);
  assert.deepEqual(seen, [`staging Bearer ${staging.token}`]);
});

test('an expired token is printed with one warning', async (t) => {
  const home = scratch(t);
  const uuid = '0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0';
  home.writeConfig({ default: 'x', profiles: { x: { server: 'https://cp.example.com', token: 'the-token-of-the-profile', expires_at: '2001-01-01T00:00:00Z', domain_id: uuid, idp_binding_id: uuid } } });
  const result = await run(home, ['env', '--reveal-secrets'], { reveals: true });
  assertExit(result, 0);
  assert.equal(result.stderr, 'plexctl: warning: this token has expired at 2001-01-01T00:00:00Z; run `plexctl login --again --profile-name x`\n');
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
  const offered = await askWords(t, scratch(t), ['env', '--shell', '']);
  assert.deepEqual(offered.stdout.split('\n').slice(1).map((line) => line.split('\t')[0]).filter((line) => line).sort(), ['bash', 'fish', 'sh', 'zsh']);
});
