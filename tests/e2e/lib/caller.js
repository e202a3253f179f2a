// SPDX-License-Identifier: Apache-2.0
//
// Whoever calls devserver beside plexctl: scripts, and browsers with their cookies and forms. Each reply is held to the
// contract as it comes, and counted by call and status.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const net = require('node:net');
const tls = require('node:tls');
const { judgeReply } = require('./contract.js');
const { bindingId, domainId } = require('./harness.js');
const { request } = require('./https.js');
const { noteIssued } = require('./leaks.js');

const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'content-type': 'application/json' };

// `seen` takes "METHOD path status" of every reply.
function callerOf(server, seen) {
  const url = server.direct;
  const secure = url.startsWith('https:');
  const ca = secure ? fs.readFileSync(server.trust.SSL_CERT_FILE) : undefined;

  function take(method, target, reply) {
    noteIssued(reply.text);
    const asked = { secure, method, target };
    assert.deepEqual(judgeReply(asked, reply), [], `${method} ${target} answered ${reply.status}: ${reply.text}`);
    seen.add(`${method} ${target.split('?')[0]} ${reply.status}`);
    const json = /json/.test(reply.headers['content-type']) ? JSON.parse(reply.text) : undefined;
    return { ...reply, asked, json };
  }

  async function call(method, target, { headers = {}, body = '' } = {}) {
    const framed = { ...headers, 'content-length': Buffer.byteLength(body) };
    const options = { method, headers: framed, body, ca, servername: 'localhost' };
    return take(method, target, await request(url + target, options));
  }

  // HTTP/1.0 without Host, which node's client does not speak.
  function callWithoutHost(method, target, { headers = {}, body = '' }) {
    const { port } = new URL(url);
    const framed = { ...headers, 'content-length': Buffer.byteLength(body) };
    const lines = Object.entries(framed).map((pair) => pair.join(': '));
    return new Promise((resolve, reject) => {
      const options = { port, host: '127.0.0.1', servername: 'localhost', ca };
      const socket = secure ? tls.connect(options) : net.connect(options);
      let text = '';
      socket.setEncoding('utf8').on('data', (chunk) => { text += chunk; });
      socket.on('error', reject).on('end', () => {
        const [head, answer] = text.split(/\r\n\r\n(.*)/s);
        const [first, ...fields] = head.split('\r\n');
        const pairs = fields.map((line) => line.split(/: (.*)/s).slice(0, 2));
        const headers = Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]));
        const status = Number(first.split(' ')[1]);
        resolve(take(method, target, { status, headers, rawHeaders: pairs.flat(), text: answer }));
      });
      socket.write(`${method} ${target} HTTP/1.0\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
    });
  }

  const post = (target, document, headers) =>
    call('POST', target, { headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(document) });

  return {
    call, callWithoutHost, post, url,
    async askForCode() {
      return (await post('/v1/auth/device-code', { domain_id: domainId, idp_binding_id: bindingId })).json;
    },
    poll: (deviceCode) => post('/v1/auth/device-token', { device_code: deviceCode }),
  };
}

// A browser on devserver's pages.
function browserOf(caller) {
  const cookies = new Map();

  function keep(reply) {
    for (const line of reply.headers['set-cookie'] ?? []) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (/; Max-Age=0$/.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return reply;
  }
  const cookie = () => [...cookies].map((pair) => pair.join('=')).join('; ');
  const csrf = () => cookies.get('plexsphere_csrf') ?? '';

  const submit = async (path, fields, headers = {}) =>
    keep(await caller.call('POST', path, {
      headers: { ...FORM_TYPE, origin: caller.url, cookie: cookie(), ...headers },
      body: String(new URLSearchParams({ csrf: csrf(), ...fields })),
    }));

  return {
    cookies, submit,
    open: async (target) => keep(await caller.call('GET', target, { headers: { cookie: cookie() } })),
    approval: () => ({ ...JSON_TYPE, origin: caller.url, cookie: cookie(), 'x-plexsphere-csrf': csrf() }),
    // A header that is undefined is left out.
    approve(userCode, headers = {}) {
      const all = Object.entries({ ...this.approval(), ...headers }).filter(([, value]) => value !== undefined);
      return caller.post('/v1/auth/device/approve', { user_code: userCode }, Object.fromEntries(all));
    },
    async signIn(identity) {
      await this.open('/v1/auth/device');
      return submit('/v1/auth/device/sign-in', { identity });
    },
  };
}

module.exports = { JSON_TYPE, browserOf, callerOf };
