// SPDX-License-Identifier: Apache-2.0
//
// HTTP/1.1 messages that lie about their length, never end, or are none.
'use strict';

const { gzipSync } = require('node:zlib');
const {
  close, code, drip, endless, good, pause, pending, quick, reply, reset, stall, token, who,
} = require('../wire.js');

const text = JSON.stringify(good.who);
const head = (...lines) => `HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
const chunked = head('Transfer-Encoding: chunked');
const chunk = (body, extension = '') => `${Buffer.byteLength(body).toString(16)}${extension}\r\n${body}\r\n`;
const length = (bytes) => head(`Content-Length: ${bytes}`);

const fails = { endpoint: 'whoami', exit: 1, requests: 1, ...quick };
const works = { endpoint: 'whoami', exit: 0, shows: /alice/, ...quick };
// The limit of 64 KiB, a piece of endless(), and what is written beside them.
const large = { endpoint: 'whoami', exit: 1, max_bytes: 131072, max_ms: 8000 };
// What is cut or slow while the server may yet answer: said once, and asked again.
const again = { endpoint: 'device-token', exit: 0, warnings: 1, requests: 2, says: /warning/, ...quick };
// The limit of 30 s for a whole request.
const slow = { exit: 1, requests: 1, says: /timed out/, max_bytes: 16384, max_ms: 35000 };

const big = 'x'.repeat(70000);
// 70 KB in 100 bytes; never asked for.
const bomb = gzipSync(JSON.stringify({ ...good.who, subject: 'b'.repeat(70000) }), { level: 9 });

module.exports = [
  // Content-Length
  { ...fails, name: 'Content-Length too long', does: [length(500) + text, close], says: /cut|closed/ },
  {
    ...fails, name: 'Content-Length too long by one, reset', does: [length(text.length + 1) + text, reset],
    says: /cut|closed|reset/i,
  },
  { ...fails, name: 'Content-Length too short', does: [length(10) + text], says: /malformed whoami response/ },
  {
    ...fails, name: 'Content-Length that is no number', does: [head('Content-Length: many') + text, close],
    says: /Content-Length/i,
  },
  {
    ...fails, name: 'Content-Length below zero', does: [head('Content-Length: -1') + text, close],
    says: /Content-Length/i,
  },
  {
    ...fails, name: 'Content-Length above 64 bits', does: [head('Content-Length: 99999999999999999999') + text, close],
    says: /not a length/,
  },
  {
    ...fails, name: 'two Content-Lengths that differ',
    does: [head('Content-Length: 5', `Content-Length: ${text.length}`) + text, close],
    says: /two different Content-Lengths/,
  },
  {
    ...fails, name: 'a length of 1 GiB and nothing behind it', does: [length(1 << 30), close],
    says: /cut|closed|longer/,
  },
  { ...fails, name: 'no body at all', does: [length(0)], says: /malformed whoami response/ },
  {
    ...works, name: 'a second reply behind the first', does: [length(text.length) + text, reply('500 Late', 'x')],
    shows: /alice/,
  },
  {
    ...quick, name: 'a reply before its poll is not taken for it', endpoint: 'device-token', code: {}, exit: 0,
    warnings: 0, requests: 2,
    does: [[pending, token({ access_token: 'smuggled' })], [token()]],
  },
  {
    // The interval is long enough for a server that is late itself; behind the next poll it would be that poll's reply.
    ...quick, name: 'a reply that comes unasked while it waits is not taken for one', endpoint: 'device-token', exit: 0,
    code: { interval: 4 }, max_ms: 16000, requests: 2,
    does: [[pending, pause(300), token({ access_token: 'smuggled' })], [token()]],
  },
  { ...works, name: 'a body until close', does: [`${head()}${text}`, close] },
  {
    ...fails, name: 'a body until close that is cut', does: [`${head()}${text.slice(0, -4)}`, close],
    says: /malformed whoami response/,
  },
  {
    ...fails, name: 'a token until close that is cut', endpoint: 'device-token',
    does: [`${head()}{"access_token":"x`, close], says: /malformed device-token response/,
  },

  // Chunks
  { ...works, name: 'chunks of one byte', does: [chunked, ...[...text].map((byte) => chunk(byte)), '0\r\n\r\n'] },
  {
    ...works, name: 'chunks with extensions and trailers',
    does: [chunked, chunk(text, ';a="b;c"'), '0\r\nX: y\r\n\r\n'],
  },
  { ...fails, name: 'a chunk size that is none', does: [chunked, `xyz\r\n${text}`, close], says: /chunk/i },
  { ...fails, name: 'a chunk size below zero', does: [chunked, `-5\r\n${text}`, close], says: /chunk/i },
  {
    ...fails, name: 'a chunk size above 64 bits', does: [chunked, `fffffffffffffffff\r\n${text}`, close],
    says: /chunk/i,
  },
  {
    ...fails, name: 'a chunk without its line break',
    does: [chunked, `${text.length.toString(16)}\r\n${text}XX0\r\n\r\n`, close], says: /chunk|cut|malformed/i,
  },
  {
    ...fails, name: 'a last chunk that is missing', endpoint: 'device-code',
    does: [chunked, chunk(JSON.stringify(good.code)), close], says: /cut|closed/,
  },
  {
    ...large, name: 'chunks without end', does: [chunked, endless(chunk('x'.repeat(1000)))], says: /longer than 65536/,
  },
  { ...large, name: 'one chunk without end', does: [chunked, '7fffffff\r\n', endless('x')], says: /longer than 65536/ },
  {
    // The limit of 1 MiB for all of a reply, and a piece.
    ...large, name: 'a chunk extension without end', does: [chunked, '5;', endless('x', 131072)], says: /no end/,
    max_bytes: 1200000,
  },
  {
    ...large, name: 'trailers without end', does: [chunked, '0\r\n', endless('X-Trailer: y\r\n')],
    says: /longer than 65536/,
  },
  {
    ...fails, name: 'both Transfer-Encoding and Content-Length, which disagree',
    does: [head('Content-Length: 3', 'Transfer-Encoding: chunked'), chunk(text), '0\r\n\r\n'],
    says: /both Content-Length and Transfer-Encoding/,
  },
  { ...fails, name: 'an unknown Transfer-Encoding', does: [head('Transfer-Encoding: rot13'), text, close], says: /./ },
  {
    ...fails, name: 'chunks within chunks',
    does: [head('Transfer-Encoding: chunked, chunked'), chunk(text), '0\r\n\r\n', close], says: /just chunked/,
  },

  // Length without end
  ...['whoami', 'device-code', 'device-token'].map((endpoint) => ({
    ...large, name: 'a body until close without end', endpoint, does: [head(), endless('x')], says: /longer than 65536/,
  })),
  { ...large, name: 'JSON without end', does: [head(), endless('[')], says: /longer than 65536/ },
  {
    ...large, name: 'a body over the limit by its length', does: [length(big.length) + big], says: /longer than 65536/,
  },
  {
    ...large, name: 'an error over the limit', endpoint: 'device-code', does: [reply('500 Oops', big)],
    says: /longer than 65536/,
  },
  { ...works, name: 'a body at the limit', does: [who({ x: 'x'.repeat(65536 - text.length - 7) })], max_bytes: 70000 },
  {
    ...large, name: 'a body a byte over the limit', does: [who({ x: 'x'.repeat(65536 - text.length - 6) })],
    says: /longer than 65536/,
  },

  // Headers
  ...['whoami', 'device-token'].map((endpoint) => ({
    ...large, name: 'headers without end', endpoint, does: ['HTTP/1.1 200 OK\r\n', endless('X-Filler: yyyyyyyy\r\n')],
    says: /headers are longer than 65536/,
  })),
  // libcurl keeps a line of 100 KiB.
  {
    ...large, name: 'a header line without end', does: ['HTTP/1.1 200 OK\r\nX: ', endless('y')], says: /header/i,
    max_bytes: 180000,
  },
  {
    ...large, name: 'a status line without end', does: ['HTTP/1.1 200 ', endless('y')], says: /header|HTTP/i,
    max_bytes: 180000,
  },
  {
    ...large, name: 'a header bomb with a good body', does: [head(...Array(5000).fill('X-Filler: yyyyyyyy')) + text],
    says: /headers are longer/,
  },
  {
    ...large, name: 'interim replies without end', does: [endless('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n')],
    says: /headers are longer/,
  },
  {
    ...large, name: '100 Continue without end', endpoint: 'device-code',
    does: [endless('HTTP/1.1 100 Continue\r\n\r\n')], says: /headers are longer/,
  },
  {
    ...works, name: 'a few interim replies before the real one',
    does: ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n', who()],
  },
  {
    ...fails, name: 'an interim reply and no other', does: ['HTTP/1.1 103 Early Hints\r\n\r\n', close],
    says: /cut|closed/,
  },
  {
    ...fails, name: '101 Switching Protocols unasked',
    does: ['HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n', text, close], says: /./,
  },
  { ...fails, name: 'cut amid the headers', does: ['HTTP/1.1 200 OK\r\nContent-Le', close], says: /cut|closed/ },
  { ...fails, name: 'a header with NUL', does: [head('X: a\0b') + text, close], says: /header|plexsphere|nul/i },
  {
    ...fails, name: 'a header without a colon', does: [head('Nonsense', `Content-Length: ${text.length}`) + text],
    says: /header/i,
  },

  // No HTTP/1.1
  { ...fails, name: 'HTTP/0.9', does: [text, close], says: /HTTP\/1\.1/ },
  {
    ...fails, name: 'the HTTP/2 preface', does: [Buffer.from('000012040000000000000300000064', 'hex'), stall],
    says: /HTTP\/1\.1|plexsphere/, max_ms: 35000,
  },
  { ...fails, name: 'an HTTP/2 status line', does: ['HTTP/2 200\r\n\r\n', text, close], says: /not HTTP\/1\.1/ },
  { ...fails, name: 'a garbage status line', does: ['HTTP/1.1 2x0 OK\r\n\r\n', text, close], says: /HTTP/ },
  { ...fails, name: 'garbage', does: [Buffer.from([0, 255, 27, 91, 50, 74, 13, 10, 7]), close], says: /HTTP/ },
  { ...fails, name: 'an ICY status line', endpoint: 'device-code', does: ['ICY 200 OK\r\n\r\n', close], says: /HTTP/ },
  { ...fails, name: 'closed without a reply', does: [close], says: /closed|cut/ },
  { ...fails, name: 'reset without a reply', endpoint: 'device-code', does: [reset], says: /reset|cut|closed/i },

  // Coding that was not asked for
  {
    ...fails, name: 'gzip unasked', does: [reply('200 OK', gzipSync(text), { 'Content-Encoding': 'gzip' })],
    says: /malformed whoami response/,
  },
  {
    ...fails, name: 'a gzip bomb', does: [reply('200 OK', bomb, { 'Content-Encoding': 'gzip' })],
    says: /malformed whoami response/,
  },
  {
    ...fails, name: 'gzip as a transfer coding', does: [head('Transfer-Encoding: gzip, chunked'), bomb, close],
    says: /./,
  },

  // Slower than any low-speed limit would notice
  { ...slow, name: 'headers that drip', endpoint: 'whoami', does: ['HTTP/1.1 200 OK\r\nX: ', drip('y', 200, true)] },
  { ...slow, name: 'a body that drips', endpoint: 'whoami', does: [head(), drip(' ', 50, true)] },
  { ...slow, name: 'a body that drips', endpoint: 'device-code', does: [length(60000), drip(' ', 50, true)] },
  { ...slow, name: 'chunks that drip', endpoint: 'whoami', does: [chunked, drip('1\r\n \r\n', 40, true)] },
  {
    ...slow, name: 'interim replies that drip', endpoint: 'device-code',
    does: [drip('HTTP/1.1 103 Early Hints\r\n\r\n', 30, true)],
  },
  { ...slow, name: 'nothing', endpoint: 'whoami', does: [stall] },
  { ...slow, name: 'nothing', endpoint: 'device-code', does: [stall] },
  {
    ...slow, name: 'a body that drips past the session', endpoint: 'device-token', code: { expires_in: 6 },
    does: [head(), drip(' ', 50, true)],
    warnings: 1, says: /expired before approval/, max_ms: 15000,
  },

  // The poll survives what may pass
  { ...again, name: 'cut in the headers', does: [['HTTP/1.1 200 O', close], [token()]] },
  { ...again, name: 'cut in the body', does: [[`${length(500)}{"access_`, close], [token()]] },
  { ...again, name: 'cut in a chunk', does: [[chunked, 'ff\r\n{"a', close], [token()]] },
  { ...again, name: 'reset', does: [[reset], [token()]] },
  { ...again, name: 'closed', does: [[close], [token()]] },
];
