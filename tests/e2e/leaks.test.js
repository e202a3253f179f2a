// SPDX-License-Identifier: Apache-2.0
//
// The canary that the harness holds to every run and every scratch home: programs that leak are caught by it, and what
// a test declares is let be.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { devserver, domainId, bindingId, scratch, start } = require('./lib/harness.js');
const { noteIssued } = require('./lib/leaks.js');

const token = 'issued-token+0a1b/2c3d~4e5f';
const deviceCode = 'issued-device-code/6789+abcd';
noteIssued(`{"access_token":"${token}"}`);
noteIssued(`{"device_code": "${deviceCode}", "cut`);

// Runs a script in a home of its own, and the clean-up of a test that had it.
async function play(script, { prepare = () => {}, options = {} } = {}) {
  let end;
  const home = scratch({ after: (action) => { end = action; } });
  prepare(home);
  await start(home, ['-c', script], { command: '/bin/sh', ...options }).done;
  try {
    await end();
  } finally {
    assert.ok(!fs.existsSync(home.dir), 'the home is removed in any case');
  }
}

const saved = (home) => home.writeConfig({ profiles: { default: { token: 'saved-token.000-111-222' } } });

describe('a program is caught', () => {
  for (const [name, script, where, prepare] of [
    ['that prints a token', `printf '%s' '${token}'`, /the output of/],
    ['that prints a token in base64 to stderr', `printf 'x%s' '${token}' | base64 >&2`, /the output of/],
    ['that prints a device code %-encoded', `echo '${encodeURIComponent(deviceCode)}'`, /the output of/],
    ['that prints a token that only the config file has', 'echo saved-token.000-111-222', /the output of/, saved],
    ['that leaves a token in a file', `echo '${token}' >"$HOME/.history"`, /\.history/],
    ['that leaves a token in hex beside the config file',
      `printf %s '${token}' | od -An -tx1 | tr -d ' \\n' >"$XDG_CONFIG_HOME/plexctl/.config.json.abcdefghij.tmp"`, /\.tmp/, saved],
    ['that saves a device code', `printf '%s' '{"x":"${deviceCode}"}' >"$XDG_CONFIG_HOME/plexctl/config.json"`, /config\.json/, saved],
  ]) {
    test(name, () => assert.rejects(play(script, { prepare }), (error) => /a secret stands in/.test(error.message) && where.test(error.message)));
  }

  test('that prints what devserver issued to it', async (t) => {
    const server = await devserver(t);
    const body = JSON.stringify({ domain_id: domainId, idp_binding_id: bindingId });
    const script = `curl -s -H 'Content-Type: application/json' -d '${body}' ${server.direct}/v1/auth/device-code`;
    const tapped = script.replace(server.direct, server.url);
    // Behind the tap it is heard of; what the canary has not heard of it cannot know.
    await play(script, { options: { env: { CURL_CA_BUNDLE: server.trust.SSL_CERT_FILE } } });
    await assert.rejects(play(tapped, { options: { env: { CURL_CA_BUNDLE: server.trust.SSL_CERT_FILE } } }), /a secret stands in the output/);
    // curl does not send what plexctl does, and the tap would hold that against it.
    server.exchanges.length = 0;
  });
});

describe('a program is let be', () => {
  test('that was asked to reveal', () => play(`echo '${token}'`, { options: { reveals: true } }));

  test('whose test wrote a token file', () =>
    play('true', { prepare: (home) => fs.writeFileSync(home.holdsSecret(path.join(home.dir, 'token')), token) }));

  test('that saves a token in the config file', () =>
    play(`printf '%s' '{"token":"${token}"}' >"$XDG_CONFIG_HOME/plexctl/config.json"`, { prepare: saved }));
});
