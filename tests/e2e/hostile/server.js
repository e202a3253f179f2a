// SPDX-License-Identifier: Apache-2.0
//
// A server of raw bytes over TCP or TLS, for what no honest HTTP server can be made to send. It knows of HTTP only where
// a request ends and which endpoint it is for; what it answers is the case's steps (wire.js).
'use strict';

const fs = require('node:fs');
const net = require('node:net');
const { Duplex } = require('node:stream');
const tls = require('node:tls');

// A TCP connection as a stream that TLS can lie on, so that bytes are counted below it.
class Wire extends Duplex {
  constructor(socket) {
    super({ allowHalfOpen: true });
    this.socket = socket;
    socket.on('data', (bytes) => this.push(bytes) || socket.pause());
    socket.on('end', () => this.push(null));
    socket.on('error', () => this.destroy());
    socket.on('close', () => this.destroy());
  }

  _read() {
    this.socket.resume();
  }

  _write(bytes, encoding, done) {
    if (this.socket.destroyed) done();
    else this.socket.write(bytes, () => done());
  }

  _final(done) {
    this.socket.end(() => done());
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const LOOK_AGAIN_MS = 10;
let look;

// The connections of this machine that have bytes under way, as lines of proc_net_tcp(5), as they are a little later. The
// kernel walks its whole table for that, some milliseconds: all who ask meanwhile get the same.
function connectionsWithBytes() {
  look ??= sleep(LOOK_AGAIN_MS).then(() => {
    look = undefined;
    return fs.readFileSync('/proc/net/tcp', 'latin1').split('\n').filter((line) => !line.includes(' 00000000:00000000 '));
  });
  return look;
}

// What lies in the kernel between a socket of ours and its peer on this machine.
async function unreadBytes({ localPort, remotePort }) {
  const hex = (port) => `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const mine = hex(localPort);
  const theirs = hex(remotePort);
  let bytes = 0;
  for (const line of await connectionsWithBytes()) {
    const [, local, remote, , queues] = line.trim().split(/\s+/);
    if (!queues) continue;
    const [unsent, unread] = queues.split(':').map((text) => Number.parseInt(text, 16));
    if (local.endsWith(mine) && remote.endsWith(theirs)) bytes += unsent;
    if (local.endsWith(theirs) && remote.endsWith(mine)) bytes += unread;
  }
  return bytes;
}

class HostileServer {
  // `options`: tls (as of tls.TLSSocket, or undefined), connects (steps on connection, before TLS and HTTP),
  // answer(request) -> steps, target (port that `tunnel` leads to), max_endless_bytes.
  constructor(options) {
    this.options = options;
    this.sockets = new Set();
    this.requests = [];
    this.earlier_bytes = 0;
    this.server = net.createServer({ allowHalfOpen: true }, (socket) => this.accept(socket));
  }

  async listen() {
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
    return this;
  }

  // Bytes that the client may have read.
  get bytes() {
    return [...this.sockets].reduce((sum, socket) => sum + socket.bytesWritten, this.earlier_bytes);
  }

  async stop() {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  accept(socket) {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => {
      this.earlier_bytes += socket.bytesWritten;
      this.sockets.delete(socket);
    });
    this.options.on_connection?.();
    const connection = { socket, wire: new Wire(socket) };
    connection.stream = connection.wire;
    this.serve(connection).catch(() => socket.destroy());
  }

  async serve(connection) {
    connection.wire.on('error', () => {});
    if (this.options.connects) await this.perform(connection, this.options.connects);
    else if (this.options.tls) this.secure(connection);
    let received = Buffer.alloc(0);
    // Half open: what the client sends last does not end what it is sent.
    connection.stream.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      for (let request; (request = takeRequest(received)); ) {
        received = received.subarray(request.size);
        this.requests.push(request);
        connection.turn = Promise.resolve(connection.turn)
          .then(() => this.perform(connection, this.options.answer(request)))
          .catch(() => connection.socket.destroy());
      }
    });
  }

  secure(connection) {
    connection.stream = new tls.TLSSocket(connection.wire, { isServer: true, ...this.options.tls });
    connection.stream.on('error', () => connection.socket.destroy());
  }

  async perform(connection, steps) {
    for (const step of steps) {
      if (connection.socket.destroyed || connection.is_given_away) return;
      if (step.do) await this[step.do](connection, step);
      else await write(connection.stream, step);
    }
  }

  async close({ stream }) {
    stream.end();
  }

  async cut({ socket }) {
    socket.end();
  }

  async reset({ socket }) {
    socket.resetAndDestroy();
  }

  async stall({ socket }) {
    if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve));
  }

  async hear({ stream }) {
    await new Promise((resolve) => stream.once('data', resolve));
  }

  async pause(connection, { ms }) {
    await sleep(ms);
  }

  async tunnel(connection) {
    const { socket, wire } = connection;
    const onward = net.connect(this.options.target, '127.0.0.1');
    connection.is_given_away = true;
    wire.removeAllListeners('data');
    for (const end of [onward, socket]) end.on('error', () => {}).on('close', () => (onward.destroy(), socket.destroy()));
    wire.pipe(onward).pipe(wire);
  }

  async drip({ stream, socket }, { bytes, every_ms, cyclic }) {
    do {
      for (const byte of Buffer.from(bytes)) {
        if (socket.destroyed) return;
        await write(stream, Buffer.of(byte));
        await sleep(every_ms);
      }
    } while (cyclic);
  }

  async endless({ stream, socket }, { bytes }) {
    while (!socket.destroyed && this.bytes < (this.options.max_endless_bytes ?? 4 << 20)) {
      await write(stream, bytes);
      while (!socket.destroyed && (await unreadBytes(socket)) > 0);
    }
    if (!socket.destroyed) stream.end();
  }
}

const write = (stream, bytes) => new Promise((resolve) => (stream.destroyed ? resolve() : stream.write(bytes, resolve)));

// The first whole request, or undefined.
function takeRequest(bytes) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const size = end + 4 + Number(head.match(/^content-length: *(\d+)/im)?.[1] ?? 0);
  if (bytes.length < size) return undefined;
  const [, method, path] = head.match(/^(\S+) (\S+)/);
  return { method, path, head, size, body: bytes.toString('utf8', end + 4, size) };
}

module.exports = { HostileServer };
