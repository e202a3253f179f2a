// SPDX-License-Identifier: Apache-2.0
//
// Servers that say a secret back, in whatever form: what they were sent is not shown, and neither is a piece of it.
'use strict';

const { canary, code, json, problem, quick, reply, token, who } = require('../wire.js');

const refused = { exit: 1, requests: 1, ...quick };
const bytes = (secret) => Buffer.from(secret);
const percent = (secret) => [...bytes(secret)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

const forms = [
  ['as it is', (secret) => secret],
  ['within a sentence', (secret) => `the grant ${secret} is unknown`],
  ['in base64', (secret) => bytes(secret).toString('base64')],
  ['in base64 of a longer text', (secret) => bytes(`device_code=${secret}&x`).toString('base64')],
  ['in base64url', (secret) => bytes(`x${secret}`).toString('base64url')],
  ['in hex', (secret) => bytes(secret).toString('hex')],
  ['in hex in capitals', (secret) => bytes(secret).toString('hex').toUpperCase()],
  ['%-encoded', (secret) => encodeURIComponent(secret)],
  ['%-encoded in every byte', percent],
  ['%-encoded in capitals', (secret) => percent(secret).toUpperCase().replace(/X/g, 'x')],
  ['behind 250 letters', (secret) => `${'x'.repeat(236)} ${secret}`],
  ['behind 5,000 letters', (secret) => `${'x'.repeat(5000)} ${secret}`],
  ['cut in its last bytes', (secret) => secret.slice(0, 20)],
];

// JSON text in which each byte of the secret is written \u00XX.
const escaped = (value, secret) =>
  JSON.stringify(value).replace(secret, [...secret].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''));

const members = ['title', 'detail', 'code'];
const both = [['device-token', canary.device_code, '400 Bad Request'], ['whoami', canary.token, '401 Unauthorized']];

module.exports = [
  ...both.flatMap(([endpoint, secret, status]) => [
    ...forms.map(([name, form], i) => ({
      ...refused, name: `a Problem whose ${members[i % 3]} has the secret ${name}`, endpoint,
      says: new RegExp(`HTTP ${status.slice(0, 3)}`),
      does: [problem(status, 'c', { [members[i % 3]]: form(secret) })],
    })),
    ...members.map((member) => ({
      ...refused, name: `a Problem whose ${member} has the secret by \\u`, endpoint,
      says: new RegExp(`HTTP ${status.slice(0, 3)}`),
      does: [reply(status, escaped({ title: 't', detail: 'd', code: 'c', [member]: `of ${secret}` }, secret))],
    })),
    {
      ...refused, name: 'the error member of OAuth has the secret', endpoint, does: [json(status, { error: secret })],
      says: /HTTP 40/,
    },
    {
      ...refused, name: 'a 403 has the secret', endpoint, exit: 4,
      does: [problem('403 Forbidden', 'c', { detail: secret })], says: /HTTP 403/,
    },
    { ...refused, name: 'a reason phrase has the secret', endpoint, does: [reply(`400 ${secret}`)], says: /HTTP 400/ },
    {
      ...refused, name: 'a header has the secret', endpoint,
      does: [reply('302 Found', '', { Location: `/?${secret}`, 'Content-Type': secret })], says: /HTTP 302/,
    },
    {
      ...refused, name: 'broken JSON has the secret', endpoint,
      does: [reply('200 OK', `{"${secret}":"${secret}", ${secret}`)], says: /malformed/,
    },
    {
      ...refused, name: 'a key has the secret', endpoint, does: [json('200 OK', { [secret]: secret })],
      says: /malformed/,
    },
    {
      ...refused, name: 'a status line has the secret', endpoint, does: [`${secret}\r\n\r\n`, { do: 'close' }],
      says: /HTTP/,
    },
  ]),
  ...['', ' of a grant '].flatMap((text) => forms.slice(0, 8).map(([name, form]) => ({
    ...refused, name: `a warning of a poll has the secret ${name}${text && ', in words'}`, endpoint: 'device-token',
    exit: 0, requests: 2, warnings: 1,
    does: [[problem('503 Later', 'c', { detail: `${text}${form(canary.device_code)}` })], [token()]], says: /HTTP 503/,
  }))),
  // What whoami shows is the server's text whole: a principal that is the token is no principal.
  ...forms.slice(0, 10).map(([name, form], i) => ({
    ...refused, name: `a subject that has the secret ${name}, as ${['table', 'json', 'yaml'][i % 3]}`,
    endpoint: 'whoami', does: [who({ subject: form(canary.token) })],
    args: ['-o', ['table', 'json', 'yaml'][i % 3]], says: /secret/,
  })),
  {
    ...refused, name: 'an amr that has the secret', endpoint: 'whoami', does: [who({ amr: ['pwd', canary.token] })],
    says: /secret/,
  },
  {
    ...refused, name: 'an email that has the secret by \\u', endpoint: 'whoami',
    does: [reply('200 OK', escaped({ principal_type: 'user', subject: 's', email: canary.token }, canary.token))],
    says: /secret/,
  },
  // The device code in what the prompt would show
  ...forms.filter(([name]) => !/sentence|letters|longer/.test(name)).map(([name, form]) => ({
    ...refused, name: `a verification_uri that has the device code ${name}`, endpoint: 'device-code',
    says: /verification_uri|secret/,
    does: [code({ verification_uri: `https://cp.example.test/${form(canary.device_code)}` })],
  })),
  ...forms.filter(([name]) => !/sentence|letters|longer/.test(name)).map(([name, form]) => ({
    ...refused, name: `a complete link that has the device code ${name} is not shown`, endpoint: 'device-code',
    shows: /^ABCD-2345$/m,
    ...(name === 'as it is' ? { exit: 0, hides: /which carries the code/ } : { says: /secret/ }),
    does: [
      code({ verification_uri_complete: `https://cp.example.test/device?user_code=ABCD-2345&d=${form(canary.device_code)}` }),
    ],
  })),
  {
    ...refused, name: 'a user_code that is the device code in hex', endpoint: 'device-code',
    does: [code({ user_code: bytes(canary.device_code).toString('hex').slice(0, 58) })], says: /user_code|secret/,
  },
  {
    ...refused, name: 'a token that is the device code', endpoint: 'device-token',
    does: [token({ token_type: canary.device_code })], says: /token_type/,
  },
];
