// SPDX-License-Identifier: Apache-2.0
//
// Members that are missing, of another type, out of range, or at a boundary.
'use strict';

const { code, good, quick, reply, spoil, token, who } = require('../wire.js');

const refused = { exit: 1, requests: 1, ...quick };
const link = (verification_uri, code_in_link = 'ABCD-2345') => ({
  verification_uri, verification_uri_complete: `${verification_uri}?user_code=${code_in_link}`,
});

// RFC 8628 section 3.2
const optional = ['interval', 'verification_uri_complete'];

// What device-code must not answer: changes to the good reply, the member that is named.
const codes = [
  ...Object.keys(good.code).filter((key) => !optional.includes(key)).map((key) => [`without ${key}`, { [key]: undefined }, key]),
  ...Object.keys(good.code).map((key) => [`${key} null`, { [key]: null }, key]),
  ...['device_code', 'user_code', 'verification_uri'].map((key) => [`${key} a list`, { [key]: [good.code[key]] }, key]),
  ['device_code empty', { device_code: '' }, 'device_code'],
  ['device_code of 4097 bytes', { device_code: 'd'.repeat(4097) }, 'device_code'],
  ['device_code a number', { device_code: 12345678 }, 'device_code'],
  ['user_code empty', { user_code: '' }, 'user_code'],
  ['user_code of 65 bytes', { user_code: 'A'.repeat(65) }, 'user_code'],
  ['user_code with a space', { user_code: 'ABCD 2345' }, 'user_code'],
  ['user_code with a letter beyond ASCII', { user_code: 'ABCD-23\u0435' }, 'user_code'],
  ['user_code a number', { user_code: 12345678 }, 'user_code'],
  ['expires_in 0', { expires_in: 0 }, 'expires_in'],
  ['expires_in below zero', { expires_in: -1 }, 'expires_in'],
  ['expires_in with a fraction', { expires_in: 60.5 }, 'expires_in'],
  ['expires_in a text', { expires_in: '60' }, 'expires_in'],
  ['expires_in true', { expires_in: true }, 'expires_in'],
  ['interval 0', { interval: 0 }, 'interval'],
  ['interval below zero', { interval: -5 }, 'interval'],
  ['interval 3601', { interval: 3601 }, 'interval'],
  ['interval with a fraction', { interval: 1.5 }, 'interval'],
  ['interval a text', { interval: '1' }, 'interval'],
  ['interval false', { interval: false }, 'interval'],
];

// Numbers that JSON.stringify does not write so.
const odd_numbers = [
  ['expires_in 60.0', '"expires_in":60', '"expires_in":60.0', 'expires_in'],
  ['expires_in 6e1', '"expires_in":60', '"expires_in":6e1', 'expires_in'],
  ['expires_in above 64 bits', '"expires_in":60', '"expires_in":9223372036854775808', 'expires_in'],
  ['interval above 64 bits', '"interval":1', '"interval":18446744073709551617', 'interval'],
  ['interval -0', '"interval":1', '"interval":-0', 'interval'],
];

// What is taken: shown in the prompt, and ended by a token.
const taken = [
  ['no complete link', { verification_uri_complete: undefined }, /^(?![^]*or open this link)[^]*^ABCD-2345$/m],
  ['user_code of 1 byte', { user_code: 'A', ...link('https://cp.example.test/d', 'A') }, /^A$/m],
  [
    'user_code of 64 bytes', { user_code: 'A'.repeat(64), ...link('https://cp.example.test/d', 'A'.repeat(64)) },
    /^A{64}$/m,
  ],
  ['device_code of 4096 bytes', { device_code: 'd'.repeat(4096) }, /^ABCD-2345$/m],
  ['expires_in of ten years is a day', { expires_in: 315360000 }, /expires in 1440 minutes/],
  ['expires_in the largest number', { expires_in: Number.MAX_SAFE_INTEGER }, /expires in 1440 minutes/],
  ['a member that nobody knows', { device_code_complete: 'x', nested: { interval: 0 } }, /^ABCD-2345$/m],
  [
    'verification_uri of 2048 bytes', link(`https://cp.example.test/${'p'.repeat(2048 - 24 - 20)}`),
    /^https:\/\/cp\.example\.test\/p{2004}$/m,
  ],
];

const tokens = [
  ['without access_token', { access_token: undefined }, 'access_token'],
  ['access_token null', { access_token: null }, 'access_token'],
  ['access_token empty', { access_token: '' }, 'access_token'],
  ['access_token a number', { access_token: 123456 }, 'access_token'],
  ['access_token a list', { access_token: [good.token.access_token] }, 'access_token'],
  ['access_token of 16385 bytes', { access_token: 't'.repeat(16385) }, 'access_token'],
  ['access_token with a space', { access_token: 'a b' }, 'access_token'],
  ['access_token with a line break', { access_token: 'a\r\nX-Evil: 1' }, 'access_token'],
  ['access_token with a quote', { access_token: 'a"b' }, 'access_token'],
  ['access_token beyond ASCII', { access_token: 't\u00f6ken' }, 'access_token'],
  ['access_token with %', { access_token: 'a%20b' }, 'access_token'],
  ['without token_type', { token_type: undefined }, 'token_type'],
  ['token_type null', { token_type: null }, 'token_type'],
  ['token_type mac', { token_type: 'mac' }, 'token_type'],
  ['token_type DPoP', { token_type: 'DPoP' }, 'token_type'],
  ['token_type with a space behind', { token_type: 'Bearer ' }, 'token_type'],
  ['token_type a list', { token_type: ['Bearer'] }, 'token_type'],
  ['without expires_in', { expires_in: undefined }, 'expires_in'],
  ['expires_in null', { expires_in: null }, 'expires_in'],
  ['expires_in 0', { expires_in: 0 }, 'expires_in'],
  ['expires_in below zero', { expires_in: -3600 }, 'expires_in'],
  ['expires_in with a fraction', { expires_in: 0.5 }, 'expires_in'],
  ['expires_in a text', { expires_in: '3600' }, 'expires_in'],
];

const principals = [
  ['without principal_type', { principal_type: undefined }, 'principal_type'],
  ['principal_type null', { principal_type: null }, 'principal_type'],
  ['principal_type admin', { principal_type: 'admin' }, 'principal_type'],
  ['principal_type in capitals', { principal_type: 'USER' }, 'principal_type'],
  ['principal_type true', { principal_type: true }, 'principal_type'],
  ['without subject', { subject: undefined }, 'subject'],
  ['subject null', { subject: null }, 'subject'],
  ['subject empty', { subject: '' }, 'subject'],
  ['subject a number', { subject: 42 }, 'subject'],
  ['subject an object', { subject: { toString: 'alice' } }, 'subject'],
  ['principal_scope galaxy', { principal_scope: 'galaxy' }, 'principal_scope'],
  ['domain_id a number', { domain_id: 7 }, 'domain_id'],
  ['email a list', { email: ['a@example.test'] }, 'email'],
  ['acr false', { acr: false }, 'acr'],
  ['amr a text', { amr: 'pwd' }, 'amr'],
  ['amr of 17', { amr: Array(17).fill('pwd') }, 'amr'],
  ['amr with a number in it', { amr: ['pwd', 1] }, 'amr'],
];

module.exports = [
  ...codes.map(([name, changes, key]) => ({
    ...refused, name, endpoint: 'device-code', does: [code(changes)],
    says: new RegExp(`malformed device-code response.*${key}`),
  })),
  ...odd_numbers.map(([name, from, to, key]) => ({
    ...refused, name, endpoint: 'device-code', does: [reply('200 OK', spoil(good.code, from, to))],
    says: new RegExp(`malformed device-code response.*${key}`),
  })),
  ...taken.map(([name, changes, shows]) => ({
    ...refused, name, endpoint: 'device-code', exit: 0, does: [code(changes)], shows,
  })),
  {
    ...refused, name: 'interval absent is 5 s', endpoint: 'device-code', exit: 0, does: [code({ interval: undefined })],
    shows: /Logged in/, max_ms: 14000,
  },
  ...tokens.map(([name, changes, key]) => ({
    ...refused, name, endpoint: 'device-token', does: [token(changes)], max_bytes: 32768,
    says: new RegExp(`malformed device-token response.*${key}`),
  })),
  {
    ...refused, name: 'token_type in other capitals, a scope, a refresh_token', endpoint: 'device-token', exit: 0,
    does: [token({ token_type: 'bEARER', scope: 'x', refresh_token: 'y' })], shows: /Logged in/,
  },
  {
    ...refused, name: 'expires_in the largest number', endpoint: 'device-token', exit: 0,
    does: [token({ expires_in: Number.MAX_SAFE_INTEGER })], shows: /Logged in/,
  },
  ...principals.map(([name, changes, key]) => ({
    ...refused, name, endpoint: 'whoami', does: [who(changes)], says: new RegExp(`malformed whoami response.*${key}`),
  })),
  {
    ...refused, name: 'amr of 16, all optional members', endpoint: 'whoami', exit: 0,
    does: [
      who({ amr: Array(16).fill('pwd'), acr: '1', email: 'a@example.test', domain_id: 'd', principal_scope: 'domain' }),
    ],
    shows: /pwd/,
  },
];
