// SPDX-License-Identifier: Apache-2.0
//
// What hostile cases are written with: the steps of a server, as data, and well-formed replies to spoil.
//
// A reply is a list of steps, done in order once a request has been read. A string or Buffer is written as it stands;
// the others are below. A connection stays open behind the last step, for the next request.
'use strict';

const close = { do: 'close' }; // FIN, under TLS behind a close_notify
const cut = { do: 'cut' }; // FIN without one
const reset = { do: 'reset' };
const stall = { do: 'stall' }; // nothing more, until the client goes away
const hear = { do: 'hear' }; // wait for the client's next bytes
const pause = (ms) => ({ do: 'pause', ms });
const tunnel = { do: 'tunnel' }; // for a proxy: join the client to the server

// One byte every `every_ms`; again and again with `cyclic`.
const drip = (bytes, every_ms, cyclic = false) => ({ do: 'drip', bytes, every_ms, cyclic });

// Without end. The next piece comes when the client has read the last one, so that what was written is what was read.
const endless = (bytes, piece = 16384) => ({ do: 'endless', bytes: Buffer.from(bytes.repeat(Math.ceil(piece / bytes.length))) });

// Secrets: no form of them may be seen. Both hold bytes that %-encoding changes.
const canary = {
  device_code: 'cAnArY+device/code=7f3a91c2e5',
  token: 'cAnArY.access/token+b81d40f7=',
  proxy_password: 'cAnArY-proxy-5521',
  netrc_password: 'cAnArY-netrc-9034',
};

function reply(status, body = '', headers = {}) {
  const bytes = Buffer.from(body);
  const lines = Object.entries({ 'Content-Type': 'application/json', 'Content-Length': bytes.length, ...headers })
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => [].concat(value).map((one) => `${name}: ${one}\r\n`));
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`), bytes]);
}

const json = (status, value, headers) => reply(status, JSON.stringify(value), headers);

const problem = (status, code, more = {}) =>
  json(status, { type: 'about:blank', title: 'T', status: Number.parseInt(status, 10), detail: 'd', instance: '/', code, ...more });

const good = {
  code: {
    device_code: canary.device_code,
    user_code: 'ABCD-2345',
    verification_uri: 'https://cp.example.test/device',
    verification_uri_complete: 'https://cp.example.test/device?user_code=ABCD-2345',
    expires_in: 60,
    interval: 1,
  },
  token: { access_token: canary.token, token_type: 'Bearer', expires_in: 3600 },
  who: { principal_type: 'user', subject: 'alice' },
};

// With these members changed; undefined takes one away.
const code = (changes) => json('200 OK', { ...good.code, ...changes });
const token = (changes) => json('200 OK', { ...good.token, ...changes });
const who = (changes) => json('200 OK', { ...good.who, ...changes });
const pending = problem('400 Bad Request', 'authorization_pending');

// The text of a good body with one piece of it replaced, for what JSON.stringify cannot write.
function spoil(body, from, to) {
  const text = JSON.stringify(body);
  if (!text.includes(from)) throw new Error(`${from} is not in ${text}`);
  return Buffer.isBuffer(to)
    ? Buffer.concat([Buffer.from(text.slice(0, text.indexOf(from))), to, Buffer.from(text.slice(text.indexOf(from) + from.length))])
    : text.replace(from, () => to);
}

// What a case without long waits and without long replies may cost. The shortest limit of plexctl itself is 10 s.
const quick = { max_bytes: 16384, max_ms: 8000 };

module.exports = {
  canary, close, code, cut, drip, endless, good, hear, json, pause, pending, problem, quick, reply, reset, spoil, stall,
  token,
  tunnel, who,
};
