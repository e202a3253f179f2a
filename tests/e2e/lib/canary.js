// SPDX-License-Identifier: Apache-2.0
//
// The canary: finds a secret in a text, in whatever form it got there.
'use strict';

const assert = require('node:assert/strict');

const SHORTEST_PIECE = 16;
const LEAST_SECRET = SHORTEST_PIECE;

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

// Base64 of a text that stands at any offset of what was encoded: without the digits that its neighbours share.
function base64Forms(bytes) {
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').replace(/=+$/, '');
    const inner = encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

// A regex of every form of a secret: raw, each byte perhaps %-encoded or escaped as in JSON or by plexctl, hex, base64
// at any offset. What is cut short still counts: a piece of SHORTEST_PIECE bytes is too much.
const patterns = new Map();

function makePattern(secret) {
  const piece = Buffer.from(secret).subarray(0, SHORTEST_PIECE);
  const bytes = [...piece].map((byte) => {
    const raw = escape(String.fromCharCode(byte));
    return `(?:\\\\?${raw}|(?:%|\\\\x|\\\\u00)${byte.toString(16).padStart(2, '0')})`;
  });
  const forms = [bytes.join(''), piece.toString('hex'), ...base64Forms(piece).map(escape)];
  return new RegExp(forms.join('|'), 'i');
}

function secretPattern(secret) {
  if (!patterns.has(secret)) patterns.set(secret, makePattern(secret));
  return patterns.get(secret);
}

const showsSecret = (text, secret) => secretPattern(secret).test(text);

function assertNoSecret(text, secret, message = 'a secret is shown') {
  assert.doesNotMatch(text, secretPattern(secret), `${message}:\n${text}`);
}

module.exports = { LEAST_SECRET, assertNoSecret, showsSecret };
