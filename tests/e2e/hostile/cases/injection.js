// SPDX-License-Identifier: Apache-2.0
//
// Text that is meant for the terminal, the log or the shell behind it, and links that lead elsewhere.
'use strict';

const { close, code, good, json, pending, problem, quick, reply, who } = require('../wire.js');

const refused = { exit: 1, requests: 1, ...quick };

// What every text of a server may hold; `unsafe` in invariants.js is looked for after each case.
const texts = [
  ['clears the screen', '\u001b[2J\u001b[H'],
  ['a title by OSC', '\u001b]0;evil\u0007'],
  ['a link by OSC 8', '\u001b]8;;https://evil.test\u001b\\click\u001b]8;;\u001b\\'],
  ['the clipboard by OSC 52', '\u001b]52;c;cm0gLXJmIC8=\u0007'],
  ['CSI as one character', '\u009b2J'],
  ['a line of its own', 'x\r\nplexctl: Logged in. Saved profile "default".'],
  ['overwritten by carriage return', 'evil\rgood'],
  ['backspaces', 'evil\b\b\b\bgood'],
  ['bidi overrides', '\u202egnp.exe\u202c \u2066x\u2069'],
  ['zero width characters', 'a\u200bd\u200dmin\u2060\ufeff'],
  ['line separators', 'a\u2028b\u2029c'],
  ['tags that nobody sees', 'a\u{e0061}\u{e0062}'],
];

// user_code and both URIs are shown as they are, so they are refused.
const user_codes = [
  ...texts.map(([name, text]) => [name, text]),
  ['a shell command', '$(reboot)'],
  ['a fullwidth letter', '\uff21BCD-2345'],
  ['a dash that is none', 'ABCD\u20132345'],
];

const uris = [
  ['javascript:', 'javascript:alert(1)'],
  ['data:', 'data:text/html,x'],
  ['file:', 'file:///etc/passwd'],
  ['http to another machine', 'http://cp.example.test/device'],
  ['http to a name that begins like loopback', 'http://localhost.evil.test/'],
  ['http to 0.0.0.0', 'http://0.0.0.0/device'],
  ['without a scheme', '//cp.example.test/device'],
  ['relative', '/device'],
  ['empty', ''],
  ['with userinfo', 'https://cp.example.test@evil.test/device'],
  ['with user and password', 'https://cp.example.test:443@evil.test/'],
  ['with an escape', 'https://cp.example.test/\u001b[2J'],
  ['with a line break', 'https://cp.example.test/\r\nABCD-9999'],
  ['with a tab in its scheme', 'ht\ttps://evil.test/'],
  ['with a space', 'https://cp.example.test/ device'],
  ['with bidi overrides', 'https://cp.example.test/\u202eecived'],
  ['with a letter beyond ASCII in its host', 'https://\u0441p.example.test/device'],
  ['with a backslash', 'https://evil.test\\@cp.example.test/'],
  ['with a port that is none', 'https://cp.example.test:99999/'],
  ['with a host in hex', 'https://0x7f000001/device'],
  ['with a zone', 'https://[fe80::1%25eth0]/device'],
  ['of 2049 bytes', `https://cp.example.test/${'p'.repeat(2049 - 24)}`],
];

// A complete link that is well-formed and must not be shown; the login goes on without it.
const links = [
  ['to another host', 'https://evil.test/device?user_code=ABCD-2345'],
  ['to a host that begins like it', 'https://cp.example.test.evil.test/device?user_code=ABCD-2345'],
  ['to another port', 'https://cp.example.test:8443/device?user_code=ABCD-2345'],
  ['without the code', 'https://cp.example.test/device'],
  ['with another code', 'https://cp.example.test/device?user_code=EVIL-9999'],
  ['with the code as a part of another', 'https://cp.example.test/device?user_code=XABCD-2345X'],
  ['with another code and this one', 'https://cp.example.test/device?user_code=EVIL-9999&x=ABCD-2345'],
  ['with this code and then another', 'https://cp.example.test/device?user_code=ABCD-2345&user_code=EVIL-9999'],
  ['with another code under an encoded name', 'https://cp.example.test/device?x=ABCD-2345&user%5Fcode=EVIL-9999'],
  [
    'with another code under a name encoded in lower case',
    'https://cp.example.test/device?user%5fcode=EVIL-9999&user_code=ABCD-2345',
  ],
  [
    'with another code under a wholly encoded name',
    'https://cp.example.test/device?x=ABCD-2345&%75%73%65%72%5f%63%6f%64%65=EVIL-9999',
  ],
  ['with the code in its fragment only', 'https://cp.example.test/device#ABCD-2345'],
];
// Texts outside what a URI may hold make the whole reply malformed.
const broken_links = [
  ['with an escape', 'https://cp.example.test/device?user_code=ABCD-2345&x=\u001b[2J'],
  ['javascript:', 'javascript:alert("ABCD-2345")'],
  ['with userinfo', 'https://ABCD-2345@cp.example.test/device'],
  ['a number', 42],
];

const members = ['title', 'detail', 'code'];

module.exports = [
  ...user_codes.map(([name, user_code]) => ({ ...refused, name: `user_code ${name}`, endpoint: 'device-code', does: [code({
    user_code })], says: /user_code/,
  })),
  ...uris.map(([name, verification_uri]) => ({
    ...refused, name: `verification_uri ${name}`, endpoint: 'device-code', does: [code({ verification_uri })],
    says: /verification_uri/,
  })),
  ...links.map(([name, verification_uri_complete]) => ({
    ...refused, name: `a complete link ${name} is not shown`, endpoint: 'device-code', exit: 0,
    does: [code({ verification_uri_complete })],
    shows: /^https:\/\/cp\.example\.test\/device$/m, hides: /evil|EVIL|which carries the code/,
  })),
  ...broken_links.map(([name, verification_uri_complete]) => ({
    ...refused, name: `a complete link ${name}`, endpoint: 'device-code', does: [code({ verification_uri_complete })],
    says: /verification_uri_complete/,
  })),
  ...texts.flatMap(([name, text], i) => [
    {
      ...refused, name: `a Problem whose ${members[i % 3]} ${name}`, endpoint: 'device-code',
      does: [problem('400 Bad Request', 'c', { [members[i % 3]]: text })], says: /HTTP 400/,
    },
    {
      ...refused, name: `a Problem whose ${members[(i + 1) % 3]} ${name}`, endpoint: 'device-token',
      does: [problem('400 Bad Request', 'c', { [members[(i + 1) % 3]]: text })], says: /HTTP 400/,
    },
    {
      ...refused, name: `a Problem whose ${members[(i + 2) % 3]} ${name}`, endpoint: 'whoami',
      does: [problem('401 Unauthorized', 'c', { [members[(i + 2) % 3]]: text })], says: /HTTP 401/,
    },
  ]),
  ...texts.map(([name, text], i) => ({
    ...refused, name: `a principal whose subject ${name}, as ${['table', 'json', 'yaml'][i % 3]}`, endpoint: 'whoami',
    exit: 0, args: ['-o', ['table', 'json', 'yaml'][i % 3]],
    does: [who({ subject: text, email: text, amr: [text] })], shows: /user/,
  })),
  {
    ...refused, name: 'a principal that looks like YAML of its own', endpoint: 'whoami', exit: 0, args: ['-o', 'yaml'],
    does: [who({ subject: 'x\nprincipal_type: service' })], hides: /^principal_type: service/m,
  },
  {
    ...refused, name: 'a principal of 60,000 letters', endpoint: 'whoami', exit: 0,
    does: [who({ subject: 's'.repeat(60000) })], shows: /s{60000}/, max_bytes: 65536,
  },
  {
    ...refused, name: 'a Problem of 60,000 letters is cut', endpoint: 'whoami',
    does: [problem('400 Bad Request', 'c', { title: 't'.repeat(60000) })], says: /t{200,256}\.\.\./, hides: /t{300}/,
    max_bytes: 65536,
  },
  {
    ...refused, name: 'formats for printf', endpoint: 'whoami',
    does: [problem('400 Bad Request', '%n%n%s%s', { title: '%s%s%s%n', detail: '%99999999d' })], says: /%s%s%s%n/,
  },
  {
    ...refused, name: 'a reason phrase with escapes', endpoint: 'whoami', does: [reply('400 \u001b[2JBad', '')],
    says: /HTTP 400/,
  },
  {
    ...refused, name: 'a Content-Type with escapes', endpoint: 'whoami',
    does: [reply('400 Bad Request', '{}', { 'Content-Type': '\u001b[2J/\u001b[2J' })], says: /HTTP 400/,
  },
  {
    ...refused, name: 'a Location with escapes', endpoint: 'whoami',
    does: [reply('302 Found', '', { Location: 'http://\u001b[2J/' })], says: /HTTP 302/,
  },
  {
    ...refused, name: 'a garbage status line with escapes', endpoint: 'whoami',
    does: ['\u001b[2J\u001b]0;x\u0007\r\n\r\n', close], says: /HTTP/,
  },
  {
    ...refused, name: 'escapes in a poll that passes', endpoint: 'device-token', exit: 0, requests: 2, warnings: 1,
    does: [[problem('503 Later', '\u001b[2J', { title: '\u202e', detail: '\r\n' })], [json('200 OK', good.token)]],
    says: /HTTP 503/,
  },
  {
    ...refused, name: 'keys with escapes', endpoint: 'whoami',
    does: [json('200 OK', { '\u001b[2J': 1, principal_type: 'user' })], says: /subject/,
  },
  {
    ...refused, name: 'pending with escapes around it', endpoint: 'device-token',
    does: [[pending], [problem('400 Bad Request', '\u001b[0mauthorization_pending')]], requests: 2, says: /HTTP 400/,
  },
];
