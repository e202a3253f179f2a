// SPDX-License-Identifier: Apache-2.0
//
// A control plane of a few lines. The first part of a URL's path names the run, so that one server serves all of them;
// the second what becomes of it: a login is `approved`, `denied`, or `pending` for ever; what holds a secret and is `held`
// gets no answer.
'use strict';

const http = require('node:http');
const https = require('node:https');

const SECRETS = {
  token: 'canary-token-7f3kq9zx1m5v8b2n4c6d0e-end-of-token',
  deviceCode: 'canary-device-code-w2e4r6t8y1u3i5o7p9-end-of-code',
};
const PENDING_POLLS = 2;

function respond(response, status, body) {
  response.writeHead(status, { 'content-type': status < 300 ? 'application/json' : 'application/problem+json' });
  response.end(JSON.stringify(body));
}

function problem(response, code) {
  respond(response, 400, { type: 'about:blank', title: code, status: 400, detail: code, instance: '/x', code });
}

function judgePoll(response, fate, count) {
  if (fate === 'pending' || count <= PENDING_POLLS) problem(response, 'authorization_pending');
  else if (fate === 'denied') problem(response, 'access_denied');
  else respond(response, 200, { access_token: SECRETS.token, token_type: 'Bearer', expires_in: 3600 });
}

const BINDING = {
  id: '0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0', alias: 'corp', label: 'Corporate', issuer_host: 'idp.example.com', primary: true, platform_scoped: false,
};

const PRINCIPAL = {
  principal_type: 'user', subject: 'u-1', principal_scope: 'domain', email: 'alice@example.test',
  domain_id: '0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0', amr: ['pwd', 'otp'],
};

// tls: { key, cert } or null. Ends with { url, polled(run, count), close }; polled waits for the run's poll of that number.
function startPlane(tls) {
  const polls = new Map();
  const waiters = new Set();
  const tell = () => [...waiters].forEach((waiter) => waiter());
  const listener = (tls ? https : http).createServer(tls || {}, (request, response) => {
    const [, run, fate, ...rest] = request.url.split('/');
    let body = '';
    request.on('data', (bytes) => { body += bytes; });
    request.on('end', () => {
      const where = rest.join('/');
      if (fate === 'held' && where !== 'v1/auth/device-code') {
        polls.set(run, 1);
        tell();
      } else if (where === 'v1/auth/device-code') {
        const uri = `${url}/device`;
        respond(response, 200, {
          device_code: SECRETS.deviceCode, user_code: 'ABCD-2345', verification_uri: uri,
          verification_uri_complete: `${uri}?user_code=ABCD-2345`, expires_in: 900, interval: 1,
        });
      } else if (where === 'v1/auth/device-token' && JSON.parse(body).device_code === SECRETS.deviceCode) {
        polls.set(run, (polls.get(run) || 0) + 1);
        judgePoll(response, fate, polls.get(run));
        tell();
      } else if (where.startsWith('v1/auth/idp-bindings?domain_id=')) {
        respond(response, 200, [BINDING]);
      } else if (where === 'v1/auth/whoami' && request.headers.authorization === `Bearer ${SECRETS.token}`) {
        respond(response, 200, PRINCIPAL);
      } else {
        problem(response, 'unexpected_request');
      }
    });
  });
  const polled = (run, count) => new Promise((resolve) => {
    const waiter = () => {
      if ((polls.get(run) || 0) < count) return;
      waiters.delete(waiter);
      resolve();
    };
    waiters.add(waiter);
    waiter();
  });
  let url;
  return new Promise((resolve) => {
    listener.listen(0, '127.0.0.1', () => {
      url = `${tls ? 'https' : 'http'}://localhost:${listener.address().port}`;
      resolve({ url, polled, close: () => { listener.close(); listener.closeAllConnections(); } });
    });
  });
}

module.exports = { SECRETS, startPlane };
