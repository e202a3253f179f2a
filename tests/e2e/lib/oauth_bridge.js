// SPDX-License-Identifier: Apache-2.0
//
// The two plexsphere endpoints of a login, and whoami, in front of an OAuth 2.0 server. It translates and invents
// nothing: JSON becomes a form with client_id and grant_type, an OAuth error (RFC 6749 section 5.2) becomes a Problem
// (RFC 9457), and a good reply goes through byte for byte.
'use strict';

const https = require('node:https');
const { listen, readBody } = require('./https.js');
const { noteIssued } = require('./leaks.js');
const { DEVICE_GRANT } = require('./oidc_provider.js');

function problem(status, code, detail, instance) {
  const members = { type: 'about:blank', title: code, status, detail: detail ?? code, instance, code };
  return { status, text: JSON.stringify(members) };
}

function translate({ status, text }, path) {
  if (status === 200) return { status, text };
  const { error, error_description: description } = JSON.parse(text);
  return problem(status, error, description, path);
}

// Polls of one device code that come sooner than `pace_ms` after the last word to its client are told to slow down and
// go no further. oidc-provider leaves that to its operator: it exports the error SlowDown and throws it nowhere.
function pacer(pace_ms) {
  const last_ms = new Map();
  return {
    tooSoon: (deviceCode) => performance.now() - (last_ms.get(deviceCode) ?? -Infinity) < pace_ms,
    answered: (deviceCode) => last_ms.set(deviceCode, performance.now()),
  };
}

// `polls` tells of each: when it came, what the provider (or the pacer) said. `loseNextToken()`: the next token is
// issued, and the connection closed before it is told.
async function startBridge(t, certificate, oauth, { pace_ms = 1000 } = {}) {
  const polls = [];
  const deviceCodes = [];
  const pace = pacer(pace_ms);
  let losesToken = false;

  async function deviceCode(body, path) {
    const reply = await oauth.post('device_authorization_endpoint', { scope: 'openid email' });
    noteIssued(reply.text);
    if (reply.status === 200) {
      deviceCodes.push(JSON.parse(reply.text));
      pace.answered(deviceCodes.at(-1).device_code);
    }
    return translate(reply, path);
  }

  async function deviceToken({ device_code: code }, path) {
    const came_ms = performance.now();
    const reply = pace.tooSoon(code)
      ? problem(400, 'slow_down', undefined, path)
      : translate(await oauth.post('token_endpoint', { grant_type: DEVICE_GRANT, device_code: code }), path);
    pace.answered(code);
    noteIssued(reply.text);
    polls.push({ came_ms, status: reply.status, ...JSON.parse(reply.text) });
    return losesToken && reply.status === 200 ? undefined : reply;
  }

  async function whoami(_, path, { authorization }) {
    const reply = await oauth.userinfo(authorization);
    if (reply.status !== 200) return translate(reply, path);
    const { sub, email } = JSON.parse(reply.text);
    return { status: 200, text: JSON.stringify({ principal_type: 'user', subject: sub, email }) };
  }

  const calls = {
    'POST /v1/auth/device-code': deviceCode,
    'POST /v1/auth/device-token': deviceToken,
    'GET /v1/auth/whoami': whoami,
  };

  const server = https.createServer(certificate.tls, async (incoming, outgoing) => {
    const text = await readBody(incoming);
    const call = calls[`${incoming.method} ${incoming.url}`];
    const reply = call
      ? await call(text && JSON.parse(text), incoming.url, incoming.headers)
      : problem(404, 'path_not_found', undefined, incoming.url);
    if (!reply) {
      losesToken = false;
      incoming.socket.destroy();
      return;
    }
    const type = `application/${reply.status === 200 ? '' : 'problem+'}json`;
    outgoing.writeHead(reply.status, { 'content-type': type, 'cache-control': 'no-store' });
    outgoing.end(reply.text);
  });
  server.keepAliveTimeout = 60000;
  const url = await listen(t, server);
  return { url, trust: certificate.trust, polls, deviceCodes, loseNextToken: () => { losesToken = true; } };
}

module.exports = { startBridge };
