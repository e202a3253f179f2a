// SPDX-License-Identifier: Apache-2.0
//
// Proxies that refuse, lie and stall. They carry https only, and their password is a secret.
'use strict';

const { canary, close, cut, drip, endless, hear, quick, reply, reset, stall, token, tunnel, who } = require('../wire.js');

const secret_url = `http://joe:${canary.proxy_password}@127.0.0.1:{proxy}`;
const established = 'HTTP/1.1 200 Connection established\r\n\r\n';

// The bearer is for the server alone, whatever the proxy says.
const bearer = /cAnArY\.access/;
const refused = { endpoint: 'whoami', tls: {}, does: [who()], env: { https_proxy: secret_url }, exit: 1, requests: 0, says: /proxy/i, ...quick };
const never = { ...refused, never_sent: bearer };
const works = { ...refused, proxy: [established, tunnel], exit: 0, says: undefined, shows: /alice/, requests: 1 };
const direct = { ...works, proxy: [reply('503 Not me'), close] };
// Connecting takes 10 s at most.
const stalls = { ...never, says: /timed out/, max_ms: 14000 };

module.exports = [
  ...['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'].map((name) => ({
    ...works, name: `${name} carries https`, env: { [name]: secret_url },
  })),
  { ...works, name: 'a tunnel for the whole login', endpoint: 'device-token', does: [token()], shows: /Logged in/ },
  {
    ...works, name: 'headers beside 200 that lie about a body',
    proxy: ['HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nTransfer-Encoding: chunked\r\n\r\n', tunnel],
  },

  { ...direct, name: 'no_proxy exempts the server', env: { https_proxy: secret_url, no_proxy: '127.0.0.1' } },
  { ...direct, name: 'NO_PROXY exempts all', env: { https_proxy: secret_url, NO_PROXY: '*' } },
  { ...direct, name: 'http_proxy is not for https', env: { http_proxy: secret_url, HTTP_PROXY: secret_url } },
  { ...direct, name: 'an empty https_proxy is none', env: { https_proxy: '' } },
  ...['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'].map((name) => ({
    ...direct, name: `${name} is not for http on this machine`, tls: undefined, scheme: 'http',
    env: { [name]: secret_url },
  })),

  { ...never, name: 'refused', proxy: [], env: { https_proxy: `http://joe:${canary.proxy_password}@127.0.0.1:1` } },
  ...[
    [
      '400', 'Bad Request'], ['401', 'Unauthorized'], ['403', 'Forbidden'], ['404', 'Not Found'], ['407',
      'Proxy Authentication Required',
    ],
    ['502', 'Bad Gateway'], ['503', 'Later'], ['504', 'Late'],
  ].flatMap(([status, reason]) => [
    {
      ...never, name: status, proxy: [reply(`${status} ${reason}`, '<h1>no</h1>'), close],
      says: new RegExp(`proxy.*${status}`, 'i'),
    },
    {
      ...never, name: status, endpoint: 'device-code', proxy: [reply(`${status} ${reason}`), close],
      says: new RegExp(`proxy.*${status}`, 'i'),
    },
  ]),
  {
    ...never, name: '407 that asks for Basic',
    proxy: [reply('407 Who', '', { 'Proxy-Authenticate': 'Basic realm="x"' })], says: /407/,
  },
  {
    ...never, name: '407 that asks for NTLM and Negotiate',
    proxy: [reply('407 Who', '', { 'Proxy-Authenticate': ['NTLM', 'Negotiate'] })], says: /407/,
  },
  {
    ...never, name: '407 that says the password back',
    proxy: [reply(`407 ${canary.proxy_password}`, canary.proxy_password)], says: /407/,
  },
  {
    ...never, name: '302 to another proxy',
    proxy: [reply('302 Found', '', { Location: 'http://127.0.0.1:{bait}/' }), close], says: /302/,
  },
  { ...never, name: '204 is a tunnel to nowhere', proxy: ['HTTP/1.1 204 No Content\r\n\r\n', close], says: /./ },
  { ...never, name: 'an interim reply and no other', proxy: ['HTTP/1.1 100 Continue\r\n\r\n', close], says: /./ },
  { ...never, name: 'garbage', proxy: ['\u001b[2Jgarbage\r\n\r\n', close], says: /./ },
  { ...never, name: 'an HTTP/0.9 page', proxy: ['<html>log in</html>', close], says: /./ },
  { ...never, name: 'closed behind CONNECT', proxy: [close], says: /./ },
  { ...never, name: 'cut behind CONNECT', proxy: [cut], says: /./ },
  { ...never, name: 'reset behind CONNECT', proxy: [reset], says: /./ },
  {
    ...never, name: 'headers without end', proxy: ['HTTP/1.1 200 OK\r\n', endless('X-Filler: y\r\n')],
    says: /headers|proxy|plexsphere/, max_bytes: 180000,
  },
  {
    ...never, name: 'a refusal without end', proxy: ['HTTP/1.1 403 No\r\n\r\n', endless('x')], says: /./,
    max_bytes: 4 << 21,
  },
  { ...never, name: 'established, then closed', proxy: [established, close], says: /TLS|closed|cut/ },
  { ...never, name: 'established, then plain HTTP', proxy: [established, hear, who(), close], says: /TLS/ },
  {
    ...never, name: 'established, then a certificate of another authority', tls: { certificate: 'unknown_ca' },
    proxy: [established, tunnel], says: /certificate.*SSL_CERT_FILE/i,
  },
  { ...never, name: 'stalls before it answers', proxy: [stall] },
  { ...never, name: 'stalls behind its status line', ...stalls, proxy: ['HTTP/1.1 200 OK\r\n', stall] },
  { ...never, name: 'drips its headers', ...stalls, proxy: ['HTTP/1.1 200 OK\r\nX: ', drip('y', 200, true)] },
  { ...never, name: 'stalls behind its reply', ...stalls, proxy: [established, stall] },
  {
    ...never, name: 'stalls on a poll, within the session', endpoint: 'device-token', code: { expires_in: 6 },
    requests: 1, does: [stall], warnings: 1,
    proxy: [established, tunnel], says: /expired before approval/, max_ms: 15000,
  },
  {
    ...never, name: 'an unknown scheme',
    env: { https_proxy: `gopher://joe:${canary.proxy_password}@127.0.0.1:{proxy}` },
  },
  { ...never, name: 'a malformed URL', env: { https_proxy: `http://joe:${canary.proxy_password}@[127.0.0.1:{proxy}` } },
  {
    ...never, name: 'a proxy of TLS that speaks none',
    env: { https_proxy: `https://joe:${canary.proxy_password}@127.0.0.1:{proxy}` }, proxy: [], says: /TLS|proxy|timed/i,
    max_ms: 14000,
  },
  // CURLOPT_PROXY_SSL_..., each on its own: the server's certificate is good in all of these.
  ...[
    ['of an unknown authority', { certificate: 'unknown_ca' }, { says: /proxy's certificate comes from an unknown issuer/ }],
    ['that has expired', { certificate: 'expired' }, { says: /proxy's certificate has expired/ }],
    ['for another host', { certificate: 'wrong_ip' }, { says: /proxy's certificate is for another.*proxy variable/ }],
    ['in TLS 1.1', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }, { says: /TLS 1\.2 or later/ }],
  ].map(([name, proxy_tls, seen]) => ({
    ...never, name: `a proxy of TLS with a certificate ${name}`, proxy: [established, tunnel], proxy_tls,
    env: { https_proxy: `https://joe:${canary.proxy_password}@127.0.0.1:{proxy}` }, ...seen,
  })),
  {
    ...never, name: 'a SOCKS proxy that speaks none',
    env: { https_proxy: `socks5h://joe:${canary.proxy_password}@127.0.0.1:{proxy}` }, proxy: [], says: /proxy|timed/i,
    max_ms: 14000,
  },
].map((one) => (one.name === 'stalls before it answers' ? { ...one, ...stalls, proxy: one.proxy } : one));
