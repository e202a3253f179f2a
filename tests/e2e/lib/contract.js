// SPDX-License-Identifier: Apache-2.0
//
// The auth surface as tests/contract states it, in JSON Schema: a third opinion, beside plexctl's and devserver's own.
//
// A request is judged as the document { secure, method, path, headers, body }, a reply as { secure, path, status,
// headers, cookies, body }: header names in lower case, cookies taken apart, a JSON body parsed. {"$data": "/status"}
// in a schema is that member of the document at hand.
'use strict';

const fs = require('node:fs');
const { join } = require('node:path');
const Ajv = require('ajv/dist/2020');
const addFormats = require('ajv-formats');

const directory = join(__dirname, '../../contract');
const read = (name) => JSON.parse(fs.readFileSync(join(directory, name), 'utf8'));
const readAll = (folder) =>
  fs.readdirSync(join(directory, folder)).sort().map((name) => read(`${folder}/${name}`));

const ajv = new Ajv({ $data: true, allErrors: true, strictTypes: false, strictRequired: false });
ajv.addVocabulary(['operation']);
addFormats(ajv);

const api = readAll('api');
const pages = readAll('pages');
const any = read('any.json');
for (const schema of [read('common.json'), any, ...api, ...pages]) ajv.addSchema(schema);
const byOperation = new Map([...api, ...pages].map((schema) => [schema.operation, schema]));

const statusesOf = (schema) => Object.keys(schema.$defs).filter((name) => /^\d{3}$/.test(name)).map(Number);

// node gives header lines as one flat list of names and values.
function pairs(rawHeaders) {
  return rawHeaders.flatMap((name, i) => (i % 2 ? [] : [[name.toLowerCase(), rawHeaders[i + 1]]]));
}

// A header that comes twice is a list, which no schema takes.
function headersOf(rawHeaders) {
  const headers = {};
  for (const [name, value] of pairs(rawHeaders)) {
    if (name !== 'set-cookie') headers[name] = name in headers ? [headers[name], value].flat() : value;
  }
  return headers;
}

function cookiesOf(rawHeaders) {
  return pairs(rawHeaders).filter(([name]) => name === 'set-cookie').map(([, line]) => {
    const [[name, value], ...attributes] = line.split('; ').map((part) => part.split(/=(.*)/s));
    const rest = Object.fromEntries(attributes.map(([key, text]) => [key.toLowerCase(), text ?? true]));
    return { name, value, secure: false, ...rest };
  });
}

// A body that should be JSON and is not stays a text, which no schema of a JSON reply takes.
function bodyOf(text, headers) {
  if (!/json/.test(headers['content-type'] ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const pathOf = (target) => target.split('?')[0];

function judge(schema, name, document) {
  const validate = ajv.getSchema(`${schema.$id}#/$defs/${name}`);
  if (validate(document)) return [];
  const where = `${schema.operation ?? 'any'} ${name}`;
  return validate.errors.filter(({ keyword }) => keyword !== 'if').map(({ instancePath, message, params }) =>
    `${where}: ${instancePath || '/'} ${message} ${JSON.stringify(params)}`);
}

// Both give the list of what is wrong; empty is sound. `request` is { secure, method, target, rawHeaders, text }, and
// `reply` { status, rawHeaders, text }.
// A query is sent only where the schema says which.
function judgeRequest({ secure, method, target, rawHeaders, text }) {
  const schema = byOperation.get(`${method} ${pathOf(target)}`);
  const takesTarget = target === pathOf(target) || schema?.$defs.request?.properties.path;
  if (!schema?.$defs.request || !takesTarget) return [`${method} ${target}: no call that plexctl makes`];
  const headers = headersOf(rawHeaders);
  return judge(schema, 'request', { secure, method, path: target, headers, body: bodyOf(text, headers) });
}

function judgeReply({ secure, method, target }, { status, rawHeaders, text }) {
  const headers = headersOf(rawHeaders);
  const path = pathOf(target);
  const document = { secure, path, status, headers, cookies: cookiesOf(rawHeaders), body: bodyOf(text, headers) };
  const schema = [byOperation.get(`${method} ${path}`), any].find((one) => one?.$defs[status]);
  return schema ? judge(schema, status, document) : [`${method} ${path}: undeclared status ${status}`];
}

module.exports = { api, judgeReply, judgeRequest, pages, statusesOf };
