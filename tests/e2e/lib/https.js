// SPDX-License-Identifier: Apache-2.0
//
// One HTTP request and its whole reply; a server on loopback that ends with its test.
'use strict';

const http = require('node:http');
const https = require('node:https');
const { defer } = require('./defer.js');

// Resolves with { status, headers, rawHeaders, text }; rejects where the reply does not come whole.
function request(url, { body, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const { request: open } = url.startsWith('https:') ? https : http;
    const sent = open(url, { agent: false, ...options }, (reply) => {
      const chunks = [];
      reply.on('data', (chunk) => chunks.push(chunk));
      reply.on('error', reject);
      reply.on('end', () => {
        const { statusCode: status, headers, rawHeaders } = reply;
        resolve({ status, headers, rawHeaders, text: Buffer.concat(chunks).toString() });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function readBody(incoming) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

// Resolves with its url once it listens; `handler` may be set later, by `on('request')`.
async function listen(t, server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  defer(t, () => {
    server.close();
    server.closeAllConnections?.();
  });
  return `${server instanceof https.Server ? 'https' : 'http'}://localhost:${server.address().port}`;
}

module.exports = { listen, readBody, request };
