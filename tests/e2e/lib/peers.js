// SPDX-License-Identifier: Apache-2.0
//
// Other ends for plexctl that are no control plane: servers with canned replies, certificates of every fault, proxies.
// All on loopback, stopped after the test.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const net = require('node:net');
const path = require('node:path');
const { noteIssued } = require('./leaks.js');

function listen(t, server) {
  const sockets = new Set();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server.address().port));
  });
}

// Refuses: no test's server is given a port of the system's.
const refusingPort = 1;

// Answers each request by `handler(request, body, response)`. `tls` is a record of certificates(); a connection is kept
// for `idleMs`.
async function server(t, handler, tls, idleMs = 60000) {
  const answer = (request, response) => {
    let body = '';
    request.on('data', (text) => (body += text));
    request.on('end', () => handler(request, body, response));
  };
  const made = tls ? https.createServer({ key: tls.key, cert: tls.cert }, answer) : http.createServer(answer);
  made.on('tlsClientError', () => {});
  made.keepAliveTimeout = idleMs;
  const port = await listen(t, made);
  return { port, url: `${tls ? 'https' : 'http'}://localhost:${port}` };
}

function reply(response, status, body, type = 'application/json', headers = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  noteIssued(text);
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text), ...headers });
  response.end(text);
}

function problem(response, status, code, detail = 'why', headers = {}) {
  reply(response, status, { type: 'about:blank', title: 'Title', status, detail, instance: '/', code }, 'application/problem+json', headers);
}

// An authority, and certificates that it issued or might have: good, expired, otherName, selfSigned.
function certificates(dir) {
  const at = (name) => path.join(dir, name);
  const openssl = (...args) => execFileSync('openssl', args, { stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const read = (name) => ({ key: fs.readFileSync(at('leaf.key')), cert: fs.readFileSync(at(`${name}.pem`)) });
  const issue = (name, host, days) => {
    fs.writeFileSync(at('extensions'), `subjectAltName=DNS:${host}\n`);
    openssl('x509', '-req', '-in', at('leaf.csr'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial',
      '-days', String(days), '-extfile', at('extensions'), '-out', at(`${name}.pem`));
    return read(name);
  };
  openssl('req', '-x509', ...key, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=Test authority', '-days', '2');
  openssl('req', ...key, '-keyout', at('leaf.key'), '-out', at('leaf.csr'), '-subj', '/CN=Test server');
  openssl('req', '-x509', '-key', at('leaf.key'), '-out', at('selfSigned.pem'), '-subj', '/CN=Test server',
    '-addext', 'subjectAltName=DNS:localhost', '-days', '2');
  return {
    ca: at('ca.pem'),
    good: issue('good', 'localhost', 2),
    expired: issue('expired', 'localhost', -1),
    otherName: issue('otherName', 'other.test', 2),
    selfSigned: read('selfSigned'),
  };
}

// A proxy: `status` is what it answers to CONNECT; 200 carries on to the port that was asked for.
async function proxy(t, status) {
  const made = http.createServer();
  const seen = [];
  made.on('connect', (request, socket) => {
    seen.push(request.url);
    socket.on('error', () => {});
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const onward = net.connect(Number(request.url.split(':').pop()), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Here\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
  });
  return { port: await listen(t, made), seen };
}

const deviceCode = (code, extra = {}) => ({
  device_code: code, user_code: 'ABCD-2345', verification_uri: 'https://cp.example.com/device',
  verification_uri_complete: 'https://cp.example.com/device?user_code=ABCD-2345', expires_in: 60, interval: 1, ...extra,
});

// A control plane whose polls are answered by `polls`, one after the other, each called with the response.
function scripted(t, code, polls, tls, idleMs) {
  const left = [...polls];
  return server(t, (request, body, response) => {
    if (request.url.startsWith('/v1/auth/device-code')) reply(response, 200, deviceCode(code));
    else left.shift()(response, request, body);
  }, tls, idleMs);
}

module.exports = { certificates, deviceCode, problem, proxy, refusingPort, reply, scripted, server };
