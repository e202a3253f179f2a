// SPDX-License-Identifier: Apache-2.0
//
// Errors that explain: for each class the one line, to the letter. login's first request and whoami's meet the same
// troubles; what a poll can meet follows.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const net = require('node:net');
const { describe, test } = require('node:test');
const { assertExit, bindingId, domainId, loginFlags, run, scratch } = require('./lib/harness.js');
const peers = require('./lib/peers.js');

const checkServer = 'check that the server runs and that its address is right';
const html = ' with HTML, which does not look like a plexsphere API';
const noApi = 'this does not look like a plexsphere API; check --server';
const restart = 'restart with `plexctl login`';
const maybeUsed = 'a reply was lost before, so the approval may have been used';

// Every row: what plexctl meets, and the line behind the phase. `set` gives the server's URL, more environment, and what
// stands for PLACE in the line.
const rows = [
  ['a name without an address', async () => ({ url: 'https://does-not-exist.invalid', env: { RES_OPTIONS: 'timeout:1 attempts:1' } }),
    'looking up does-not-exist.invalid:443: its name has no address; check the name and your network'],
  ['a port that refuses', async () => at(peers.refusingPort),
    `connecting to PLACE: Connection refused; ${checkServer}`],
  ['plain http on the port', async (t) => at((await peers.server(t, (request, body, response) => peers.reply(response, 200, {}))).port),
    "TLS handshake with PLACE: it does not answer in TLS; check scheme and port of the server's URL"],
  ['a peer that hangs up', async (t) => at(await hangUp(t)), `TLS handshake with PLACE: the connection was cut; ${checkServer}`],
  ['an unknown authority', (t, home) => tls(t, home, 'good', {}),
    "TLS handshake with PLACE: the certificate comes from an unknown issuer; if a private authority issued it, name that authority's " +
    'certificate in SSL_CERT_FILE'],
  ['an authority that SSL_CERT_FILE does not name', (t, home) => tls(t, home, 'good', { SSL_CERT_FILE: `${home.dir}/selfSigned.pem` }),
    'TLS handshake with PLACE: the certificate comes from an unknown issuer; if you trust its issuer, add the issuer\'s certificate to ' +
    'HOME/selfSigned.pem (SSL_CERT_FILE)'],
  ['a self-signed certificate', (t, home) => tls(t, home, 'selfSigned'),
    "TLS handshake with PLACE: the certificate is self-signed and not trusted; if you trust its issuer, add the issuer's certificate to " +
    'HOME/ca.pem (SSL_CERT_FILE)'],
  ['an expired certificate', (t, home) => tls(t, home, 'expired'),
    "TLS handshake with PLACE: the certificate has expired; it must be renewed, unless this machine's clock is wrong (SSL_CERT_FILE does not mend that)"],
  ['a certificate for another name', (t, home) => tls(t, home, 'otherName'),
    'TLS handshake with PLACE: the certificate is for another host name; give the name it is issued for in --server ' +
    '(SSL_CERT_FILE does not mend that)'],
  ['an SSL_CERT_FILE that is not there', (t, home) => tls(t, home, 'good', { SSL_CERT_FILE: `${home.dir}/none.pem` }),
    'certificate authorities for PLACE: they cannot be read; check what is there: HOME/none.pem (SSL_CERT_FILE)'],
  ['a proxy that refuses', async () => ({
    url: 'https://cp.example.com', env: { https_proxy: `http://someone:canary@localhost:${peers.refusingPort}` }, port: peers.refusingPort,
  }), 'connecting to cp.example.com:443 through the proxy localhost:PORT of https_proxy: Connection refused; check the proxy variable'],
  ['a proxy that wants a password', (t) => proxied(t, 407),
    'connecting to cp.example.com:443 through the proxy localhost:PORT of https_proxy: the proxy answered HTTP 407; give its user and ' +
    'password in the proxy variable'],
  ['a proxy that forbids', (t) => proxied(t, 403),
    'connecting to cp.example.com:443 through the proxy localhost:PORT of https_proxy: the proxy answered HTTP 403; check the proxy ' +
    'variable, or name the server in NO_PROXY'],
  ['a Problem behind a proxy', async (t, home) => {
    const made = await tls(t, home, 'good', undefined, (response) => peers.problem(response, 500, 'internal_error'));
    const { port } = await peers.proxy(t, 200);
    return { ...made, env: { ...made.env, https_proxy: `http://someone:canary@127.0.0.1:${port}` }, port };
  }, 'https://PLACE/ROUTE through the proxy 127.0.0.1:PORT of https_proxy answered HTTP 500: Title: why (code internal_error); try again ' +
    'later, or tell whoever runs the control plane'],
  ['500 with HTML', (t) => plain(t, (response) => peers.reply(response, 500, '<h1>Oops</h1>', 'text/html')),
    `http://PLACE/ROUTE answered HTTP 500${html}; try again later, or tell whoever runs the control plane`],
  ['503 that says when', (t) => plain(t, (response) => peers.problem(response, 503, 'busy', 'why', { 'retry-after': '7' })),
    'http://PLACE/ROUTE answered HTTP 503: Title: why (code busy); try again in 7 s'],
  ['a redirect', (t) => plain(t, (response) => peers.reply(response, 302, '', 'text/plain', { location: 'https://cp.example.com/' })),
    'http://PLACE/ROUTE answered HTTP 302; plexctl follows no redirect: check --server'],
  ['404 in plain text', (t) => plain(t, (response) => peers.reply(response, 404, 'none', 'text/plain')),
    `http://PLACE/ROUTE answered HTTP 404; ${noApi}`],
  ['403', (t) => plain(t, (response) => peers.problem(response, 403, 'forbidden')),
    'http://PLACE/ROUTE answered HTTP 403: Title: why (code forbidden); ask whoever runs the control plane for access', 4],
  ['words for the terminal', (t) => plain(t, (response) => peers.problem(response, 401, 'a\u001b[2J', 'b\u202ec\nd')),
    'http://PLACE/ROUTE answered HTTP 401: Title: b\\u{202e}c\\x0ad (code a\\x1b[2J); log in again with `plexctl login`'],
  ['a reply that is cut', (t) => plain(t, (response) => cutShort(response)), `reply from PLACE: it was cut short; ${checkServer}`],
];

function at(port, env = {}) {
  return { url: `https://localhost:${port}`, env, place: `localhost:${port}` };
}

async function tls(t, home, name, env = { SSL_CERT_FILE: `${home.dir}/ca.pem` }, answer = (response) => peers.reply(response, 200, {})) {
  const certificate = peers.certificates(home.dir)[name];
  return at((await peers.server(t, (request, body, response) => answer(response), certificate)).port, env);
}

async function plain(t, answer) {
  const { port, url } = await peers.server(t, (request, body, response) => answer(response));
  return { url, env: {}, place: `localhost:${port}` };
}

async function proxied(t, status) {
  const { port } = await peers.proxy(t, status);
  return { url: 'https://cp.example.com', env: { https_proxy: `http://someone:canary@localhost:${port}` }, port };
}

function hangUp(t) {
  const server = net.createServer((socket) => socket.once('data', () => socket.end()));
  t.after(() => server.close());
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}

function cutShort(response) {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
  response.write('{"access_token":"', () => response.destroy());
}

const commands = {
  login: [(url) => ['login', '--server', url, ...loginFlags], 'device-code request', 'v1/auth/device-code'],
  whoami: [(url) => ['whoami', '--server', url], 'whoami request', 'v1/auth/whoami'],
};

async function meet(t, command, row) {
  const [, set, line, code = 1] = row;
  const [args, phase, route] = commands[command];
  const home = scratch(t);
  const { url, env, place, port } = await set(t, home);
  const result = await run(home, args(url), { env: { PLEXSPHERE_TOKEN: 'token', ...env } });
  assertExit(result, code);
  const expected = line.replaceAll('PLACE', place).replaceAll('PORT', port).replaceAll('HOME', home.dir).replaceAll('ROUTE', route);
  assert.equal(result.stderr, `plexctl: ${phase}: ${expected}\n`);
  assert.equal(result.stdout, '');
  assert.ok(!fs.existsSync(home.configFile));
}

describe('a request that fails', { concurrency: 4 }, () => {
  for (const command of Object.keys(commands)) {
    for (const row of rows) test(`${command}: ${row[0]}`, (t) => meet(t, command, row));
  }

  test('login: a Problem about what was asked for', async (t) => {
    const { url } = await peers.server(t, (request, body, response) => peers.problem(response, 404, 'idp_binding_not_found'));
    const result = await run(scratch(t), ['login', '--server', url, '--domain-id', domainId, '--idp-binding-id', bindingId]);
    assertExit(result, 1);
    assert.equal(result.stderr, `plexctl: device-code request: ${url}/v1/auth/device-code answered HTTP 404: Title: why ` +
      '(code idp_binding_not_found); check --domain-id and --idp-binding-id\n');
  });

  for (const [command, what, body, why] of [
    ['login', 'device-code response', { ...peers.deviceCode('device-code-of-the-test'), interval: '5' }, '`interval` must be a whole number of seconds from 1 to 3600'],
    ['whoami', 'whoami response', { principal_type: 'user' }, '`subject` must be a text'],
  ]) {
    test(`${command}: a malformed reply`, async (t) => {
      const { port, url } = await peers.server(t, (request, sent, response) => peers.reply(response, 200, body));
      const result = await run(scratch(t), commands[command][0](url), { env: { PLEXSPHERE_TOKEN: 'token' } });
      assertExit(result, 1);
      assert.equal(result.stderr, `plexctl: malformed ${what}: ${why} (HTTP 200 from localhost:${port}); check --server\n`);
    });

    test(`${command}: 200 with HTML`, async (t) => {
      const { url } = await peers.server(t, (request, sent, response) => peers.reply(response, 200, '<p>', 'text/html'));
      const result = await run(scratch(t), commands[command][0](url), { env: { PLEXSPHERE_TOKEN: 'token' } });
      assertExit(result, 1);
      assert.equal(result.stderr, `plexctl: malformed ${what}: ${url}/${commands[command][2]} answered HTTP 200${html}; check --server\n`);
    });
  }
});

const gone = (response) => peers.problem(response, 400, 'invalid_grant');
const pending = (response) => peers.problem(response, 400, 'authorization_pending');
const lose = (response, request) => request.socket.destroy();
const goneLine = (url) => `the device code is not accepted any more: ${url}/v1/auth/device-token answered HTTP 400: Title: why (code invalid_grant)`;

// What the polls meet; the last ends the login. Warnings, then the error.
const polls = [
  ['denied', [(response) => peers.problem(response, 400, 'access_denied')], [],
    (url) => `the login was denied in the browser: ${url}/v1/auth/device-token answered HTTP 400: Title: why (code access_denied); ${restart}`],
  ['no grant any more', [gone], [], (url) => `${goneLine(url)}; ${restart}`],
  ['no grant any more after a lost reply', [lose, gone], ['the connection was closed before it came'], (url) => `${goneLine(url)}; ${maybeUsed}; ${restart}`],
  ['no grant any more after a cut reply', [cutShort, gone], ['it was cut short'], (url) => `${goneLine(url)}; ${maybeUsed}; ${restart}`],
  ['no grant any more after a lost reply and one that is pending', [lose, pending, gone], ['the connection was closed before it came'],
    (url) => `${goneLine(url)}; ${restart}`],
  ['expired after a lost reply', [lose, (response) => peers.problem(response, 400, 'expired_token')], ['the connection was closed before it came'],
    () => `device-code session expired before approval; ${restart} (${maybeUsed})`],
  ['a token without its end', [(response) => peers.reply(response, 200, '{"access_token":"')], [],
    (url) => `malformed device-token response: line 1, column 18: the string has no closing quote (HTTP 200 from ${url.slice(7)}); check --server; ` +
      `the approval may have been used, so ${restart}`],
  ['an unknown code', [(response) => peers.problem(response, 400, 'odd')], [],
    (url) => `device-token request: ${url}/v1/auth/device-token answered HTTP 400: Title: why (code odd); ${restart}`],
  ['HTML', [(response) => peers.reply(response, 200, '<p>', 'text/html')], [],
    (url) => `malformed device-token response: ${url}/v1/auth/device-token answered HTTP 200${html}; check --server`],
];

describe('a poll that fails', { concurrency: 4 }, () => {
  for (const [name, script, warnings, line] of polls) {
    test(name, async (t) => {
      const home = scratch(t);
      const { url } = await peers.scripted(t, 'device-code-of-the-test', script);
      const result = await run(home, ['login', '--server', url, ...loginFlags]);
      assertExit(result, 1);
      const warned = warnings.map((why) => `plexctl: warning: reply from ${url.slice(7)}: ${why}; plexctl goes on asking until the code expires\n`);
      assert.equal(result.stderr, `${warned.join('')}plexctl: ${line(url)}\n`);
      assert.ok(!fs.existsSync(home.configFile));
    });
  }
});
