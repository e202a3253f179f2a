// SPDX-License-Identifier: Apache-2.0
//
// A tap on the line between plexctl and the development server: it hands every request and every reply on as it is,
// with the server's own certificate, and keeps them. What breaks behind it breaks in front of it in the same way.
'use strict';

const assert = require('node:assert/strict');
const http = require('node:http');
const https = require('node:https');
const { judgeReply, judgeRequest } = require('./contract.js');
const { defer } = require('./defer.js');
const { listen, readBody } = require('./https.js');
const { noteIssued } = require('./leaks.js');

// `tls` is { key, cert, ca } or null. `exchanges` are { request, reply } as contract.js takes them; `reply` is null
// where none came whole, and an exchange that plexctl gave up is not there. `connections()` is how many there have been.
async function startTap(t, upstream, tls) {
  const exchanges = [];
  const secure = tls !== null;
  const { request: open } = secure ? https : http;
  // The kept connections of plexctl are kept behind the tap as well.
  const agent = new (secure ? https : http).Agent({ keepAlive: true, maxSockets: 64 });
  const server = secure ? https.createServer(tls) : http.createServer();
  const raw = new Map();
  let connections = 0;
  server.on('connection', (socket) => {
    connections += 1;
    raw.set(socket.remotePort, socket);
    socket.on('close', () => raw.delete(socket.remotePort));
  });
  server.keepAliveTimeout = 120000;

  function pass(request, incoming, outgoing) {
    const { method, target, rawHeaders, text } = request;
    const options = { method, headers: rawHeaders, agent, ca: tls?.ca };
    const lost = () => {
      if (outgoing.destroyed) return;
      exchanges.push({ request, reply: null });
      raw.get(incoming.socket.remotePort)?.resetAndDestroy();
    };
    const sent = open(upstream + target, options, async (answer) => {
      outgoing.writeHead(answer.statusCode, answer.rawHeaders);
      const chunks = [];
      answer.on('data', (chunk) => {
        chunks.push(chunk);
        noteIssued(String(Buffer.concat(chunks)));
        outgoing.write(chunk);
      });
      answer.on('error', () => {
        exchanges.push({ request, reply: null });
        incoming.socket.destroy();
      });
      answer.on('end', () => {
        const { statusCode: status, rawHeaders: answered } = answer;
        exchanges.push({ request, reply: { status, rawHeaders: answered, text: String(Buffer.concat(chunks)) } });
        outgoing.end();
      });
    });
    sent.on('error', lost);
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) sent.destroy();
    });
    sent.end(text);
  }

  server.on('request', async (incoming, outgoing) => {
    const { method, url: target, rawHeaders } = incoming;
    pass({ secure, method, target, rawHeaders, text: await readBody(incoming).catch(() => '') }, incoming, outgoing);
  });
  defer(t, () => agent.destroy());
  return { url: await listen(t, server), exchanges, connections: () => connections };
}

// What plexctl may not send is wrong at any time; of the replies, as many may be wrong as the fault script has steps.
function assertContract(exchanges, faults = 0) {
  assert.deepEqual(exchanges.flatMap(({ request }) => judgeRequest(request)), [], 'what plexctl sends');
  const wrong = exchanges.map(({ request, reply }) => (reply ? judgeReply(request, reply) : ['no whole reply']));
  const offences = wrong.filter((found) => found.length > 0);
  assert.ok(offences.length <= faults, `what devserver answers:\n${offences.flat().join('\n')}`);
}

// The number of replies that a script of devserver's --fault spoils.
function countFaults(args) {
  const script = args[args.indexOf('--fault') + 1];
  if (!args.includes('--fault')) return 0;
  return script.split(',').reduce((sum, step) => sum + Number(step.split(':')[1] ?? 1), 0);
}

module.exports = { assertContract, countFaults, startTap };
