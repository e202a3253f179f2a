// SPDX-License-Identifier: Apache-2.0
//
// An OAuth 2.0 authorization server that is not ours: oidc-provider with its device flow, its own pages and its
// in-memory store. 8.8.1 is the newest release for Node 18 and 20: major 9 asks for Node 22.
'use strict';

const crypto = require('node:crypto');
const https = require('node:https');
const { listen, request } = require('./https.js');

const CLIENT_ID = 'plexctl';
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

function configuration(deviceCodeLifetime_s) {
  const { privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    clients: [{
      client_id: CLIENT_ID,
      token_endpoint_auth_method: 'none',
      grant_types: [DEVICE_GRANT],
      redirect_uris: [],
      response_types: [],
      id_token_signed_response_alg: 'ES256',
    }],
    claims: { openid: ['sub'], email: ['email'] },
    cookies: { keys: [crypto.randomBytes(16).toString('hex')] },
    features: { deviceFlow: { enabled: true }, devInteractions: { enabled: true }, introspection: { enabled: true } },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: id }) }),
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
    ttl: {
      AccessToken: 3600,
      DeviceCode: deviceCodeLifetime_s,
      Grant: 3600,
      IdToken: 3600,
      Interaction: 600,
      Session: 600,
    },
  };
}

// `post(endpoint, form)` is a call of the client to an endpoint as the server's own metadata names it (RFC 8414).
async function startProvider(t, certificate, { expiresIn_s = 60 } = {}) {
  const { default: Provider } = await import('oidc-provider');
  const server = https.createServer(certificate.tls);
  const url = await listen(t, server);
  const provider = new Provider(url, configuration(expiresIn_s));
  server.on('request', provider.callback());
  const call = (endpoint, options) => request(endpoint, { ca: certificate.ca, ...options });
  const metadata = JSON.parse((await call(`${url}/.well-known/openid-configuration`)).text);
  const post = (endpoint, form) =>
    call(metadata[endpoint], {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: String(new URLSearchParams({ client_id: CLIENT_ID, ...form })),
    });
  return {
    url, provider, post,
    userinfo: (authorization) => call(metadata.userinfo_endpoint, { headers: authorization ? { authorization } : {} }),
    // RFC 7662
    introspect: async (token) => JSON.parse((await post('introspection_endpoint', { token })).text),
    // As if this server's clock were ahead of the one that counts expires_in: it holds the code for expired by now.
    async expire(deviceCode) {
      const { adapter } = provider.DeviceCode;
      await adapter.upsert(deviceCode, { ...(await adapter.find(deviceCode)), exp: Math.floor(Date.now() / 1000) }, 60);
    },
  };
}

module.exports = { DEVICE_GRANT, startProvider };
