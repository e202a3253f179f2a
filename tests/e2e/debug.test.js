// SPDX-License-Identifier: Apache-2.0
//
// --debug: what it traces, to the letter but for the times; and the canary: no secret is on any output, whatever a run
// comes to. The canaries hold bytes that look different in each form they could leak in.
'use strict';

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { assertNoSecret, loginFlags, prefix, run, scratch } = require('./lib/harness.js');
const peers = require('./lib/peers.js');
const { pluginDir } = require('./lib/plugin_dir.js');

const deviceCode = 'canary+device/code~0123456789==';
const token = 'canary.access+token/0123456789~==';

const pending = (response) => peers.problem(response, 400, 'authorization_pending');
// Behind it the connection ends, as where a server keeps one for less than the interval.
const slowDown = (response, request) => {
  response.on('finish', () => request.socket.end());
  peers.problem(response, 400, 'slow_down');
};
const busy = (response) => peers.problem(response, 503, 'busy', 'why', { 'retry-after': '2' });
const reset = (response, request) => request.socket.resetAndDestroy();
const denied = (response) => peers.problem(response, 400, 'access_denied');
const approved = (response) => peers.reply(response, 200, { access_token: token, token_type: 'Bearer', expires_in: 3600 });
const echo = (status, code) => (response, request, body) => peers.problem(response, status, code, `what is ${JSON.parse(body).device_code}?`);

function assertNoCanary(text) {
  for (const secret of [deviceCode, token]) assertNoSecret(text, secret);
}

test('the canary is caught in every form that it could leak in', () => {
  assertNoCanary('nothing here, not even canary');
  for (const secret of [deviceCode, token]) {
    for (const lead of ['', 'a', 'ab', 'Bearer ', '{"device_code":"']) {
      for (const shown of [secret, Buffer.from(secret).toString('hex'), encodeURIComponent(secret),
        Buffer.from(lead + secret).toString('base64'), Buffer.from(lead + secret).toString('base64url')]) {
        assert.throws(() => assertNoCanary(`plexctl: debug: ${shown}\n`), /is shown/, shown);
      }
    }
  }
});

// With the debug lines away, what is left is what a run without --debug says.
function split(result) {
  const lines = result.stderr.split('\n').filter(Boolean);
  const debug = lines.filter((line) => line.startsWith('plexctl: debug: ')).map((line) => line.slice('plexctl: debug: '.length));
  assertNoCanary(result.stdout + result.stderr);
  for (const line of lines) assert.match(line, /^plexctl: [\x20-\x7e]+$/);
  return { debug, others: lines.filter((line) => !line.startsWith('plexctl: debug: ')) };
}

// The first wait is longer than the interval by up to half of it, whatever was drawn.
const jitter = /^waiting (1[0-4]\d\d|1500|9\d\d) ms(?= before the next poll: the interval is 1 s$)/;
const withoutTimes = (line) => line.replace(/ after \d+ ms/, ' after N ms').replace(jitter, 'waiting 1 s')
  .replace(/waiting (\d+) ms/, (all, ms) => `waiting ${Math.ceil(ms / 1000)} s`);

const POST = (url, call) => `POST ${url}/v1/auth/${call}`;

function settings(home, url, plugin = 'login') {
  return [`plugin ${prefix}/lib/plexctl/commands/${plugin}.so`, `config file ${home.configFile}`, `server ${url} from --server`,
    'output table from the default'];
}

// The polls' replies, the exit code, and the trace behind the settings.
const scripts = [
  ['success', [pending, approved], 0, (url) => [
    `${POST(url, 'device-code')}: HTTP 200 after N ms, new connection`,
    'waiting 1 s before the next poll: the interval is 1 s',
    `${POST(url, 'device-token')}: HTTP 400 after N ms, kept connection`,
    'waiting 1 s before the next poll: authorization_pending, the interval is 1 s',
    `${POST(url, 'device-token')}: HTTP 200 after N ms, kept connection`]],
  ['slow_down', [slowDown, approved], 0, (url) => [
    `${POST(url, 'device-code')}: HTTP 200 after N ms, new connection`,
    'waiting 1 s before the next poll: the interval is 1 s',
    `${POST(url, 'device-token')}: HTTP 400 after N ms, kept connection`,
    'waiting 6 s before the next poll: slow_down, the interval is 6 s',
    `${POST(url, 'device-token')}: HTTP 200 after N ms, new connection`]],
  ['503', [busy, approved], 0, (url) => [
    `${POST(url, 'device-code')}: HTTP 200 after N ms, new connection`,
    'waiting 1 s before the next poll: the interval is 1 s',
    `${POST(url, 'device-token')}: HTTP 503 after N ms, kept connection, Retry-After 2 s`,
    'waiting 2 s before the next poll: HTTP 503, Retry-After 2 s, retry 1',
    `${POST(url, 'device-token')}: HTTP 200 after N ms, kept connection`]],
  ['reset', [reset, approved], 0, (url) => [
    `${POST(url, 'device-code')}: HTTP 200 after N ms, new connection`,
    'waiting 1 s before the next poll: the interval is 1 s',
    `${POST(url, 'device-token')}: no whole reply after N ms, kept connection`,
    'waiting 2 s before the next poll: no whole reply, retry 1',
    `${POST(url, 'device-token')}: HTTP 200 after N ms, new connection`]],
  ['denial', [denied], 1, (url) => [
    `${POST(url, 'device-code')}: HTTP 200 after N ms, new connection`,
    'waiting 1 s before the next poll: the interval is 1 s',
    `${POST(url, 'device-token')}: HTTP 400 after N ms, kept connection`]],
];

describe('--debug', { concurrency: 4 }, () => {
  for (const [name, script, code, trace] of scripts) {
    test(`login, ${name}: every request and wait, no secret`, async (t) => {
      const home = scratch(t);
      // Which keeps a connection for longer than any wait, so that whose it is does not depend on the clock.
      const { url } = await peers.scripted(t, deviceCode, script);
      const result = await run(home, ['login', '--server', url, ...loginFlags, '--debug']);
      const { debug, others } = split(result);
      assert.equal(result.code, code, result.stderr);
      assert.equal(others.length, code || (name === '503' || name === 'reset' ? 1 : 0), result.stderr);
      assert.deepEqual(debug.map(withoutTimes), [...settings(home, url), ...trace(url)]);
      if (code === 0) assert.equal(home.readConfig().profiles.default.token, token);
    });
  }

  for (const [name, script] of [
    ['a 503 that repeats the device code', [echo(503, 'busy'), approved]],
    ['a denial that repeats the device code', [echo(400, 'access_denied')]],
    ['an unknown code that is the device code', [(response, request, body) => peers.problem(response, 400, JSON.parse(body).device_code)]],
    ['a key that is the device code, twice', [(response) => peers.reply(response, 200, `{"${deviceCode}":1,"${deviceCode}":2}`)]],
    ['a redirect to the token', [(response) => peers.reply(response, 302, '', 'text/plain', { location: `/${encodeURIComponent(token)}` })]],
    ['a token that is no bearer token', [(response) => peers.reply(response, 200, { access_token: `${token} `, token_type: 'Bearer', expires_in: 1 })]],
    ['a reply cut behind the token', [(response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      response.write(`{"access_token":"${token}"`, () => response.destroy());
    }, (response) => peers.problem(response, 400, 'invalid_grant')]],
  ]) {
    test(`login, ${name}: no secret`, async (t) => {
      const { url } = await peers.scripted(t, deviceCode, script);
      const { debug } = split(await run(scratch(t), ['login', '--server', url, ...loginFlags], { env: { PLEXCTL_DEBUG: '1' } }));
      assert.ok(debug.some((line) => line.startsWith(POST(url, 'device-token'))));
    });
  }

  for (const [from, args, env, source] of [
    ['the profile', [], {}, 'the profile'],
    ['PLEXSPHERE_TOKEN', [], { PLEXSPHERE_TOKEN: token }, 'PLEXSPHERE_TOKEN'],
    ['--token-file', ['--token-file', '-'], {}, '--token-file'],
  ]) {
    test(`whoami with the token from ${from}: source, no secret`, async (t) => {
      const home = scratch(t);
      const { url } = await peers.server(t, (request, body, response) => {
        assert.equal(request.headers.authorization, `Bearer ${token}`);
        peers.reply(response, 200, { principal_type: 'user', subject: 'alice' });
      });
      home.writeConfig({ default: 'work', profiles: { work: { server: url, token, token_type: 'Bearer' } } });
      const result = await run(home, ['whoami', '--debug', '-o', 'json', ...args], { env, input: `${token}\n` });
      assert.equal(result.code, 0, result.stderr);
      assert.deepEqual(split(result).debug.map(withoutTimes), [
        `plugin ${prefix}/lib/plexctl/commands/whoami.so`, `config file ${home.configFile}`,
        'profile "work" from the config file\'s default', `server ${url} from the profile`, `token from ${source}`, 'output json from --output',
        `GET ${url}/v1/auth/whoami: HTTP 200 after N ms, new connection`]);
    });
  }

  test('whoami through a proxy: the proxy, without its password', async (t) => {
    const home = scratch(t);
    const tls = peers.certificates(home.dir);
    const { url } = await peers.server(t, (request, body, response) => peers.problem(response, 401, 'unauthorized'), tls.good);
    const { port } = await peers.proxy(t, 200);
    const result = await run(home, ['whoami', '--debug', '--server', url], {
      env: { SSL_CERT_FILE: tls.ca, PLEXSPHERE_TOKEN: token, https_proxy: `http://someone:canary@127.0.0.1:${port}`, NO_PROXY: 'other.test' },
    });
    const { debug, others } = split(result);
    assert.equal(withoutTimes(debug.at(-1)),
      `GET ${url}/v1/auth/whoami: HTTP 401 after N ms, new connection through the proxy 127.0.0.1:${port} of https_proxy`);
    assert.equal(others.length, 1);
    assert.doesNotMatch(result.stderr, /someone|canary/);
  });

  test("a third party's query is in no trace and no error", async (t) => {
    const home = pluginDir(t, { asker: 'asker' });
    const asked = [];
    const { url } = await peers.server(t, (request, body, response) => {
      asked.push(request.url);
      peers.problem(response, 404, 'thing_not_found');
    });
    const { debug, others } = split(await run(home, ['asker', '--server', url, '--debug']));
    assert.deepEqual(asked, ['/v1/things?key=canary-of-the-query']);
    assert.equal(withoutTimes(debug.at(-1)), `GET ${url}/v1/things: HTTP 404 after N ms, new connection`);
    assert.deepEqual(others, [`plexctl: ${url}/v1/things answered HTTP 404: Title: why (code thing_not_found)`]);
  });

  test('profile show: no secret but where --reveal-secrets asks for it', async (t) => {
    const home = scratch(t);
    home.writeConfig({ default: 'work', profiles: { work: { server: 'https://cp.example.com', token, token_type: 'Bearer' } } });
    for (const args of [['profile', 'show'], ['profile', 'list'], ['profile', 'show', '-o', 'json']]) {
      const result = await run(home, [...args, '--debug']);
      assert.equal(result.code, 0, result.stderr);
      assert.equal(split(result).debug[1], `config file ${home.configFile}`);
    }
    const revealed = await run(home, ['profile', 'show', '--reveal-secrets', '--debug'], { reveals: true });
    assert.ok(revealed.stdout.includes(token));
    assertNoCanary(revealed.stderr);
  });
});
