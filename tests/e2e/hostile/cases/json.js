// SPDX-License-Identifier: Apache-2.0
//
// Replies that are not JSON as RFC 8259 and I-JSON have it, on every endpoint.
'use strict';

const { close, good, quick, reply, spoil, token } = require('../wire.js');

const bodies = { 'device-code': good.code, 'device-token': good.token, whoami: good.who };
const text = (endpoint) => JSON.stringify(bodies[endpoint]);
// A member to spoil that every one of them has a like of.
const member = { 'device-code': '"user_code":"ABCD-2345"', 'device-token': '"token_type":"Bearer"', whoami: '"subject":"alice"' };
const within = (endpoint, to) => spoil(bodies[endpoint], member[endpoint], to);
const key = (endpoint) => member[endpoint].split(':')[0];
const utf16 = (endpoint) => Buffer.from(text(endpoint), 'utf16le');

// What a reply becomes. Each is tried on every endpoint.
const everywhere = [
  ['nothing', () => ''],
  ['white space', () => ' \r\n\t '],
  ['null', () => 'null'],
  ['an array', (endpoint) => `[${text(endpoint)}]`],
  ['a text', (endpoint) => JSON.stringify(text(endpoint))],
  ['a number', () => '42'],
  ['text behind the end', (endpoint) => `${text(endpoint)} x`],
  ['two documents', (endpoint) => `${text(endpoint)}\n${text(endpoint)}`],
  ['cut', (endpoint) => text(endpoint).slice(0, -1)],
  ['a member given twice', (endpoint) => within(endpoint, `${member[endpoint]},${member[endpoint]}`)],
  [
    'a member given twice, once escaped',
    (endpoint) => within(endpoint, `${member[endpoint]},"\\u00${member[endpoint].charCodeAt(1).toString(16)}${member[endpoint].slice(2)}`),
  ],
  ['NaN', (endpoint) => within(endpoint, `${member[endpoint]},"x":NaN`)],
  ['-Infinity', (endpoint) => within(endpoint, `${member[endpoint]},"x":-Infinity`)],
  ['1e999', (endpoint) => within(endpoint, `${member[endpoint]},"x":1e999`)],
  ['a NUL in the document', (endpoint) => `${text(endpoint)}\0`],
  ['a NUL in a text', (endpoint) => within(endpoint, `${key(endpoint)}:"a\0b"`)],
  ['an escaped NUL in a text', (endpoint) => within(endpoint, `${key(endpoint)}:"alice\\u0000b"`)],
  ['an escaped NUL in a key', (endpoint) => within(endpoint, `${member[endpoint]},"x\\u0000":1`)],
  ['a byte order mark', (endpoint) => `\ufeff${text(endpoint)}`],
  ['UTF-16', utf16],
  ['UTF-16 with its mark', (endpoint) => Buffer.concat([Buffer.from('fffe', 'hex'), utf16(endpoint)])],
  [
    'nesting without bounds',
    (endpoint) => within(endpoint, `${member[endpoint]},"x":${'['.repeat(5000)}${']'.repeat(5000)}`),
  ],
  ['nesting of 65', (endpoint) => within(endpoint, `${member[endpoint]},"x":${'['.repeat(64)}${']'.repeat(64)}`)],
];

// Each on one endpoint: what is wrong does not depend on which.
const once = [
  ['single quotes', "{'principal_type':'user','subject':'alice'}"],
  ['a comment', '{"principal_type":"user",/* who */"subject":"alice"}'],
  ['a comma at the end', '{"principal_type":"user","subject":"alice",}'],
  ['keys without quotes', '{principal_type:"user",subject:"alice"}'],
  ['a raw line break in a text', within('whoami', '"subject":"al\nice"')],
  ['a raw tab in a key', within('whoami', '"subject":"alice","a\tb":1')],
  ['an unknown escape', within('whoami', '"subject":"al\\xice"')],
  ['a lone surrogate', within('whoami', '"subject":"al\\ud800ice"')],
  ['surrogates in the wrong order', within('whoami', '"subject":"\\udc00\\ud800"')],
  ['an overlong slash', within('whoami', Buffer.from('"subject":"al\xc0\xafice"', 'latin1'))],
  ['a surrogate in UTF-8', within('whoami', Buffer.from('"subject":"al\xed\xa0\x80ice"', 'latin1'))],
  ['a character above U+10FFFF', within('whoami', Buffer.from('"subject":"al\xf4\x90\x80\x80ice"', 'latin1'))],
  ['Latin-1', within('whoami', Buffer.from('"subject":"al\xefce"', 'latin1'))],
  ['a number with a leading zero', within('whoami', '"subject":"alice","x":012')],
  ['a number in hex', within('whoami', '"subject":"alice","x":0x1f')],
  ['True', within('whoami', '"subject":"alice","x":True')],
  ['a form', 'principal_type=user&subject=alice'],
  ['XML', '<?xml version="1.0"?><who><subject>alice</subject></who>'],
  ['JSON behind a guard', ")]}',\n{\"principal_type\":\"user\",\"subject\":\"alice\"}"],
  ['a JSON text sequence', '\x1e{"principal_type":"user","subject":"alice"}\n'],
];

const refused = { exit: 1, requests: 1, ...quick };
const says = (endpoint) => new RegExp(`malformed ${endpoint} response|plexsphere API`);

module.exports = [
  ...everywhere.flatMap(([name, body]) =>
    Object.keys(bodies).map((endpoint) => ({
      ...refused, name, endpoint, does: [reply('200 OK', body(endpoint))], says: says(endpoint),
    })),
  ),
  ...once.map(([name, body]) => ({
    ...refused, name, endpoint: 'whoami', does: [reply('200 OK', body)], says: says('whoami'),
  })),
  {
    ...refused, name: 'JSON that calls itself HTML', endpoint: 'whoami', exit: 0,
    does: [reply('200 OK', text('whoami'), { 'Content-Type': 'text/html' })], shows: /alice/,
  },
  {
    ...refused, name: 'HTML that calls itself JSON', endpoint: 'device-code', does: [reply('200 OK', '<html></html>')],
    says: /plexsphere API/,
  },
  {
    ...refused, name: 'no Content-Type', endpoint: 'whoami', exit: 0,
    does: [reply('200 OK', text('whoami'), { 'Content-Type': undefined })], shows: /alice/,
  },
  {
    ...refused, name: 'a Problem that is not JSON', endpoint: 'device-token',
    does: [reply('400 Bad Request', '{"code":"authorization_pending"', {}), close], says: /HTTP 400/,
  },
  {
    ...refused, name: 'a Problem that says pending and denied', endpoint: 'device-token',
    does: [reply('400 Bad Request', '{"code":"authorization_pending","code":"access_denied"}')], says: /HTTP 400/,
  },
  {
    ...refused, name: 'a Problem with UTF-16', endpoint: 'device-token',
    does: [reply('400 Bad Request', Buffer.from('{"code":"authorization_pending"}', 'utf16le'))], says: /HTTP 400/,
  },
  {
    ...refused, name: 'escapes where none are needed', endpoint: 'device-token', exit: 0, requests: 2,
    does: [[reply('400 Bad Request', '{"c\\u006fde":"authorization\\u005fpending"}')], [token()]],
  },
  {
    ...refused, name: 'nesting of 64', endpoint: 'whoami', exit: 0,
    does: [reply('200 OK', within('whoami', `"subject":"alice","x":${'['.repeat(63)}${']'.repeat(63)}`))],
    shows: /alice/,
  },
  {
    ...refused, name: 'numbers that no machine holds', endpoint: 'whoami', exit: 0,
    does: [reply('200 OK', within('whoami', '"subject":"alice","x":123456789012345678901234567890'))], shows: /alice/,
  },
];
