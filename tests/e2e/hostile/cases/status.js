// SPDX-License-Identifier: Apache-2.0
//
// Status codes that no document declares, redirects, and storms of them while a login polls.
'use strict';

const { canary, close, code, json, pending, problem, quick, reply, reset, token } = require('../wire.js');

const elsewhere = { Location: 'http://127.0.0.1:{bait}/v1/auth/whoami' };
const redirects = ['301 Moved Permanently', '302 Found', '303 See Other', '307 Temporary Redirect', '308 Permanent Redirect'];
const html = (status) => reply(status, '<!doctype html><title>Bad gateway</title>', { 'Content-Type': 'text/html; charset=utf-8' });

const fails = { exit: 1, requests: 1, ...quick };
const whoami = { ...fails, endpoint: 'whoami' };
const ask = { ...fails, endpoint: 'device-code' };
const poll = { ...fails, endpoint: 'device-token' };
// What may pass: said once, asked again.
const passes = { ...poll, exit: 0, requests: 2, warnings: 1 };
// A session of 10 s: its last poll stands a second before the end, whatever Retry-After asks for. Long enough for a first
// poll, due after 1.5 s at most, that a busy machine makes late.
const session = { ...poll, code: { expires_in: 10 }, exit: 0, requests: 2, warnings: 1, max_ms: 18000 };

// Retry-After (RFC 9110 section 10.2.3), absurd ones too. Those that ask for little let a poll come before the last.
const retry_after = [
  ['that is absent', undefined],
  ['of nothing', ''],
  ['of 0', '0'],
  ['of 1', '1'],
  ['below zero', '-1'],
  ['with a fraction', '1.5'],
  ['in words', 'soon'],
  ['of 24 days', '2073600'],
  ['above 64 bits', '99999999999999999999999'],
  ['as a date long past', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ['as a date far off', 'Fri, 31 Dec 9999 23:59:59 GMT'],
  ['as a date that does not exist', 'Mon, 32 Foo 2026 25:61:61 GMT'],
  ['given twice', ['0', '86400']],
];

module.exports = [
  ...redirects.flatMap((status) => [
    {
      ...whoami, name: `${status} to another host`, does: [reply(status, '', elsewhere)],
      says: new RegExp(`HTTP ${status.slice(0, 3)}.*redirect`),
    },
    {
      ...ask, name: `${status} to another host`, does: [reply(status, '', elsewhere)],
      says: new RegExp(`HTTP ${status.slice(0, 3)}.*redirect`),
    },
  ]),
  {
    ...poll, name: '307 to another host', does: [[pending], [reply('307 Temporary Redirect', '', elsewhere)]],
    requests: 2, says: /HTTP 307/,
  },
  {
    ...whoami, name: '302 to a file', does: [reply('302 Found', '', { Location: 'file:///etc/passwd' })],
    says: /HTTP 302/,
  },
  {
    ...whoami, name: '302 to itself', does: [reply('302 Found', '', { Location: '/v1/auth/whoami' })], says: /HTTP 302/,
  },
  { ...whoami, name: '300 with choices', does: [reply('300 Multiple Choices', '', elsewhere)], says: /HTTP 300/ },
  { ...whoami, name: '304 to an unconditional request', does: ['HTTP/1.1 304 Not Modified\r\n\r\n'], says: /HTTP 304/ },
  {
    ...whoami, name: 'Refresh and Link headers on a good reply',
    does: [
      json('200 OK', { principal_type: 'user', subject: 'alice' }, { Refresh: '0; url=http://127.0.0.1:{bait}/', Link: '<http://127.0.0.1:{bait}/>; rel=preload' }),
    ],
    exit: 0, shows: /alice/,
  },
  {
    ...whoami, name: 'cookies, HSTS and Alt-Svc leave nothing behind', exit: 0, shows: /alice/,
    does: [
      json('200 OK', { principal_type: 'user', subject: 'alice' }, { 'Set-Cookie': 'a=b', 'Strict-Transport-Security': 'max-age=9', 'Alt-Svc': 'h2=":{bait}"' }),
    ],
  },
  {
    ...poll, name: 'cookies are not sent back', exit: 0, requests: 2, never_sent: /^cookie:/im,
    does: [
      [problem('400 Bad Request', 'authorization_pending').toString().replace('\r\n', '\r\nSet-Cookie: sid=1; Path=/\r\n')],
      [token()],
    ],
  },

  {
    ...whoami, name: '201 with a good body', does: [json('201 Created', { principal_type: 'user', subject: 'alice' })],
    says: /HTTP 201/,
  },
  { ...whoami, name: '204', does: ['HTTP/1.1 204 No Content\r\n\r\n'], says: /HTTP 204/ },
  { ...ask, name: '204', does: ['HTTP/1.1 204 No Content\r\n\r\n'], says: /HTTP 204/ },
  { ...poll, name: '204', does: ['HTTP/1.1 204 No Content\r\n\r\n'], says: /malformed device-token response|HTTP 204/ },
  { ...whoami, name: '205 with a body', does: [json('205 Reset Content', {})], says: /HTTP 205/ },
  {
    ...whoami, name: '206 of a range',
    does: [json('206 Partial Content', { principal_type: 'user', subject: 'al' }, { 'Content-Range': 'bytes 0-9/99' })],
    says: /HTTP 206/,
  },
  { ...whoami, name: '000', does: ['HTTP/1.1 000 Zero\r\nContent-Length: 0\r\n\r\n', close], says: /HTTP|reply/ },
  { ...whoami, name: '600', does: [reply('600 Beyond')], says: /600|HTTP/ },
  { ...whoami, name: '999', does: [reply('999 Odd')], says: /999/ },
  { ...whoami, name: 'a status of four digits', does: [reply('2000 Long')], says: /HTTP|reply/ },
  { ...whoami, name: '418', does: [problem('418 Teapot', 'short_and_stout')], says: /HTTP 418.*short_and_stout/ },
  {
    ...poll, name: '418 with pending in its title only',
    does: [problem('418 Teapot', undefined, { title: 'authorization_pending' })], says: /HTTP 418/,
  },
  { ...whoami, name: '401', does: [problem('401 Unauthorized', 'token_expired')], says: /HTTP 401.*plexctl login/ },
  {
    ...whoami, name: '401 that asks for Basic',
    does: [reply('401 Unauthorized', '', { 'WWW-Authenticate': 'Basic realm="x"' })], says: /HTTP 401/,
    never_sent: /^authorization: basic/im,
  },
  {
    ...whoami, name: '401 that asks for Basic, with a .netrc at hand', says: /HTTP 401/, never_sent: /basic/i,
    files: { '.netrc': `machine 127.0.0.1 login joe password ${canary.netrc_password}\n` },
    does: [reply('401 Unauthorized', '', { 'WWW-Authenticate': 'Basic realm="x", Negotiate, NTLM' })],
  },
  { ...whoami, name: '403', exit: 4, does: [problem('403 Forbidden', 'forbidden')], says: /HTTP 403/ },
  { ...ask, name: '403', exit: 4, does: [problem('403 Forbidden', 'forbidden')], says: /HTTP 403/ },
  { ...poll, name: '403', exit: 4, does: [problem('403 Forbidden', 'access_denied')], says: /HTTP 403/ },
  { ...poll, name: '403 in HTML', exit: 4, does: [html('403 Forbidden')], says: /HTTP 403/ },
  { ...ask, name: '404', does: [problem('404 Not Found', 'no_active_binding')], says: /HTTP 404.*no_active_binding/ },
  { ...whoami, name: '404 in HTML', does: [html('404 Not Found')], says: /HTTP 404.*plexsphere API/ },
  {
    ...whoami, name: '407 from a server that is no proxy',
    does: [reply('407 Proxy Authentication Required', '', { 'Proxy-Authenticate': 'Basic realm="x"' })], says: /407/,
  },
  { ...whoami, name: '408', does: [reply('408 Request Timeout')], says: /HTTP 408/ },
  { ...whoami, name: '429', does: [reply('429 Too Many Requests', '', { 'Retry-After': '1' })], says: /HTTP 429/ },
  {
    ...ask, name: '429 with Retry-After', does: [reply('429 Too Many Requests', '', { 'Retry-After': '1' })],
    says: /HTTP 429/,
  },
  ...['500', '501', '502', '503', '504', '511'].flatMap((status) => [
    { ...whoami, name: status, does: [html(`${status} Oops`)], says: new RegExp(`HTTP ${status}`) },
    { ...ask, name: status, does: [html(`${status} Oops`)], says: new RegExp(`HTTP ${status}`) },
  ]),

  // While a login polls
  ...['500', '502', '503', '504', '507', '599'].map((status) => ({
    ...passes, name: `${status} passes`, does: [[html(`${status} Oops`)], [token()]],
    says: new RegExp(`HTTP ${status}`),
  })),
  ...retry_after.map(([name, value]) => ({
    ...session, name: `429 with a Retry-After ${name}`, says: /HTTP 429/,
    does: [[reply('429 Too Many Requests', '', { 'Retry-After': value })], [token()]],
  })),
  {
    ...session, name: '503 with a Retry-After beyond the session', says: /HTTP 503/,
    does: [[reply('503 Later', '', { 'Retry-After': '3600' })], [token()]],
  },
  {
    ...session, name: 'a storm of 503', exit: 1, does: [reply('503 Later')], requests: [3, 4],
    says: /expired before approval/,
  },
  {
    ...session, name: 'a storm of resets', exit: 1, does: [reset], requests: [3, 4],
    says: /expired before approval/,
  },
  {
    ...session, name: 'a storm of slow_down', code: { expires_in: 6 }, exit: 1,
    does: [problem('400 Bad Request', 'slow_down')], requests: 1,
    warnings: 0, says: /expired before approval/,
  },
  {
    ...session, name: 'a storm of authorization_pending', exit: 1, does: [pending],
    requests: [3, 9], warnings: 0,
    says: /expired before approval/,
  },
  {
    ...session, name: 'pending as a success', does: [json('200 OK', { code: 'authorization_pending' })], exit: 1,
    requests: 1, warnings: 0,
    says: /malformed device-token response/,
  },
  {
    ...poll, name: '200 with a Problem', does: [problem('200 OK', 'access_denied')],
    says: /malformed device-token response/,
  },
  {
    ...ask, name: '200 with a Problem', does: [problem('200 OK', 'no_active_binding')],
    says: /malformed device-code response/,
  },
  {
    ...whoami, name: '200 with a Problem', does: [problem('200 OK', 'unauthorized')], says: /malformed whoami response/,
  },
  { ...poll, name: '200 in HTML', does: [html('200 OK')], says: /plexsphere API/ },
  { ...poll, name: 'access_denied', does: [problem('400 Bad Request', 'access_denied')], says: /denied/ },
  {
    ...poll, name: 'expired_token', does: [problem('400 Bad Request', 'expired_token')],
    says: /expired before approval/,
  },
  {
    ...poll, name: 'invalid_grant', does: [problem('400 Bad Request', 'invalid_grant')],
    says: /invalid_grant.*plexctl login/,
  },
  {
    ...poll, name: 'an unknown code', does: [problem('400 Bad Request', 'authorization_pendin')],
    says: /authorization_pendin/,
  },
  {
    ...poll, name: 'a code in capitals', does: [problem('400 Bad Request', 'AUTHORIZATION_PENDING')],
    says: /AUTHORIZATION_PENDING/,
  },
  {
    ...poll, name: 'a code that is no text', does: [problem('400 Bad Request', ['authorization_pending'])],
    says: /HTTP 400/,
  },
  {
    ...poll, name: 'a code beside an error that says pending',
    does: [problem('400 Bad Request', 'odd', { error: 'authorization_pending' })], says: /odd/,
  },
  {
    ...poll, name: 'the error member of OAuth', exit: 0, requests: 2,
    does: [[json('400 Bad Request', { error: 'authorization_pending' })], [token()]],
  },
  {
    ...poll, name: 'a lost reply, then invalid_grant', does: [[close], [problem('400 Bad Request', 'invalid_grant')]],
    requests: 2, warnings: 1,
    says: /approval may have been used/,
  },
  { ...poll, name: 'pending on 401', does: [problem('401 Unauthorized', 'invalid_client')], says: /HTTP 401/ },
  { ...ask, name: 'a code with 202', does: [code().toString().replace('200 OK', '202 Accepted')], says: /HTTP 202/ },
];
