// SPDX-License-Identifier: Apache-2.0
//
// Certificates, protocol versions and handshakes.
'use strict';

const { close, code, cut, drip, hear, quick, reply, reset, stall, token, who } = require('../wire.js');

const old = (version) => ({ minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' });
const refused = { does: [who()], exit: 1, requests: 0, ...quick };
const raw = { scheme: 'https', exit: 1, requests: 0, ...quick };
const alert = (number) => Buffer.from([0x15, 3, 3, 0, 2, 2, number]);

// What a client must not believe: certificate, the chain behind it, what it says.
const certificates = [
  ['expired', 'expired', [], /certificate.*expired/i],
  ['not yet valid', 'not_yet_valid', [], /certificate.*not (yet valid|valid yet)/i],
  ['for another host', 'wrong_host', [], /certificate.*(127\.0\.0\.1'|another host)/i],
  ['for another address', 'wrong_ip', [], /certificate.*(127\.0\.0\.1'|another host)/i],
  ['for a wildcard that would fit the address', 'ip_as_dns', [], /certificate.*(127\.0\.0\.1'|another host)/i],
  ['with escapes in its subject, for another host', 'odd_subject', [], /certificate/i],
  ['self-signed', 'self_signed', [], /certificate.*self.signed/i],
  ['of an unknown authority', 'unknown_ca', ['other_ca'], /certificate.*SSL_CERT_FILE/i],
  ['without its intermediate', 'of_intermediate', [], /certificate.*issuer/i],
  ['issued by a server certificate', 'of_leaf', ['good'], /certificate/i],
  ['outside its authority\'s name constraints', 'of_narrow_ca', ['narrow_ca'], /certificate/i],
  ['for clients only', 'client_only', [], /certificate.*(purpose|not meant for a server)/i],
  ['with an RSA key of 1024 bits', 'weak_key', [], /certificate|key too weak/i],
];

module.exports = [
  ...certificates.map(([name, certificate, chain, says]) => ({
    ...refused, name: `a certificate ${name}`, endpoint: 'whoami', tls: { certificate, chain }, says,
  })),
  ...['device-code', 'device-token'].map((endpoint) => ({
    ...refused, name: 'a certificate of an unknown authority', endpoint, tls: { certificate: 'unknown_ca' },
    says: /certificate.*SSL_CERT_FILE/i,
  })),
  {
    ...refused, name: 'an authority that has expired', endpoint: 'whoami',
    tls: { certificate: 'of_expired_ca', chain: ['expired_ca'] },
    env: { SSL_CERT_FILE: '{expired_ca}' }, says: /certificate.*expired/i,
  },
  {
    ...refused, name: 'a certificate signed with SHA-1', endpoint: 'whoami',
    tls: { certificate: 'weak_digest', ciphers: 'DEFAULT@SECLEVEL=0' },
    says: /certificate|digest|too weak/i,
  },
  {
    ...quick, name: 'a good certificate with its intermediate', endpoint: 'whoami',
    tls: { certificate: 'of_intermediate', chain: ['intermediate'] },
    does: [who()], exit: 0, shows: /alice/,
  },
  {
    ...refused, name: 'SSL_CERT_FILE names nothing', endpoint: 'whoami', tls: {},
    env: { SSL_CERT_FILE: '{dir}/nothing' }, says: /SSL_CERT_FILE/,
  },
  {
    ...refused, name: 'SSL_CERT_FILE holds no certificate', endpoint: 'whoami', tls: {}, files: { 'ca.pem': 'x' },
    env: { SSL_CERT_FILE: '{dir}/ca.pem' }, says: /SSL_CERT_FILE/,
  },
  {
    ...refused, name: 'SSL_CERT_DIR without the authority', endpoint: 'device-code', tls: {},
    env: { SSL_CERT_FILE: '', SSL_CERT_DIR: '{dir}' }, says: /certificate.*SSL_CERT_DIR/i,
  },
  ...['TLSv1', 'TLSv1.1'].flatMap((version) => ['device-code', 'whoami'].map((endpoint) => ({
    ...refused, name: `${version} only`, endpoint, tls: old(version), says: /TLS/,
  }))),
  {
    ...refused, name: 'ciphers without encryption only', endpoint: 'whoami',
    tls: { maxVersion: 'TLSv1.2', ciphers: 'NULL-SHA256:@SECLEVEL=0' }, says: /TLS/,
  },
  {
    ...refused, name: 'ciphers without authentication only', endpoint: 'whoami',
    tls: { maxVersion: 'TLSv1.2', ciphers: 'aNULL:@SECLEVEL=0' }, says: /TLS/,
  },
  {
    ...quick, name: 'a client certificate demanded, TLS 1.2', endpoint: 'whoami', exit: 1, does: [who()],
    tls: { maxVersion: 'TLSv1.2', requestCert: true, rejectUnauthorized: true }, says: /TLS|certificate|closed|cut/i,
  },
  {
    ...quick, name: 'a client certificate demanded, TLS 1.3', endpoint: 'device-code', exit: 1, does: [code()],
    tls: { requestCert: true, rejectUnauthorized: true }, says: /TLS|certificate|closed|cut|sending/i,
  },
  {
    ...raw, name: 'plain HTTP on the TLS port', endpoint: 'whoami',
    connects: [hear, reply('400 Bad Request', 'plain HTTP'), close], says: /TLS/,
  },
  {
    ...raw, name: 'plain HTTP on the TLS port, unasked', endpoint: 'device-code', connects: [who(), stall], says: /TLS/,
  },
  { ...raw, name: 'an SSH banner', endpoint: 'whoami', connects: ['SSH-2.0-OpenSSH_9.2\r\n', stall], says: /TLS/ },
  { ...raw, name: 'closed at once', endpoint: 'device-code', connects: [close], says: /TLS/ },
  { ...raw, name: 'reset at once', endpoint: 'whoami', connects: [reset], says: /TLS|connecting/ },
  { ...raw, name: 'cut behind the ClientHello', endpoint: 'whoami', connects: [hear, cut], says: /TLS/ },
  { ...raw, name: 'reset behind the ClientHello', endpoint: 'device-code', connects: [hear, reset], says: /TLS/ },
  {
    ...raw, name: 'cut in the ServerHello', endpoint: 'whoami',
    connects: [hear, Buffer.from('160303007a0200', 'hex'), cut], says: /TLS/,
  },
  { ...raw, name: 'zeros', endpoint: 'whoami', connects: [hear, Buffer.alloc(4096), stall], says: /TLS/ },
  {
    ...raw, name: 'a record longer than any may be', endpoint: 'whoami',
    connects: [hear, Buffer.from('160303ffff', 'hex'), Buffer.alloc(1024), stall], says: /TLS/,
  },
  ...[[40, 'handshake_failure'], [70, 'protocol_version'], [112, 'unrecognized_name']].map(([number, name]) => ({
    ...raw, name: `alert ${name}`, endpoint: 'whoami', connects: [hear, alert(number), close], says: /TLS/,
  })),
  {
    ...raw, name: 'a handshake that stalls', endpoint: 'device-code', connects: [stall], says: /TLS.*timed out/,
    max_ms: 13000,
  },
  {
    ...raw, name: 'a handshake that drips', endpoint: 'whoami',
    connects: [hear, drip(Buffer.from('16030300ff', 'hex'), 300), drip('\0', 300, true)],
    says: /TLS.*timed out/, max_ms: 13000,
  },
  {
    ...raw, name: 'a handshake that stalls on a poll does not outlive the session', endpoint: 'device-token', tls: {},
    code: { expires_in: 6 },
    requests: 1, does: [stall], warnings: 1, says: /expired before approval/, max_ms: 15000,
  },
  {
    ...quick, name: 'a body until close that is cut without close_notify', endpoint: 'whoami', tls: {}, exit: 1,
    does: ['HTTP/1.1 200 OK\r\n\r\n{"principal_type":"user","subject":"al', cut],
    says: /malformed whoami response|cut|closed/,
  },
  {
    ...quick, name: 'closed with close_notify before a reply', endpoint: 'device-code', tls: {}, exit: 1, does: [close],
    requests: 1, says: /closed|cut/,
  },
  {
    ...quick, name: 'a token that is cut without close_notify is asked for again', endpoint: 'device-token', tls: {},
    exit: 0, warnings: 1,
    does: [['HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"access_token":"x', cut], [token()]],
  },
  {
    ...quick, name: 'SSLKEYLOGFILE writes no file', endpoint: 'whoami', tls: {}, does: [who()], exit: 0, shows: /alice/,
    env: { SSLKEYLOGFILE: '{dir}/keys' },
  },
];
