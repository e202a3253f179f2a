// SPDX-License-Identifier: Apache-2.0
//
// Reads a QR code off a screen as a camera does: the cells' colours become a picture, and zbarimg decodes that. Only colours
// that plexctl set itself count, so that the code reads the same on a dark terminal and on a light one.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const PIXELS = 8; // of a half cell's side

const LIGHT = { 47: true, 40: false, 30: false, 37: true };

// Of one sequence of colours: what it makes of { fg, bg }, each true for light, undefined for the terminal's own.
function colour(state, parameters) {
  const codes = parameters.split(/[;:]/).map(Number);
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i];
    if (code === 0) state = {};
    else if (code === 38 || code === 48) {
      assert.equal(codes[i + 1], 5, parameters);
      assert.ok([16, 231].includes(codes[i + 2]), parameters);
      state = { ...state, [code === 38 ? 'fg' : 'bg']: codes[i + 2] === 231 };
      i += 2;
    } else if (code === 39) state = { ...state, fg: undefined };
    else if (code === 49) state = { ...state, bg: undefined };
    else if (code in LIGHT) state = { ...state, [code < 40 ? 'fg' : 'bg']: LIGHT[code] };
    else assert.fail(`SGR ${parameters}`);
  }
  return state;
}

// A line's cells as [upper, lower], true for light; the cells in the terminal's own colours are left out.
function cells(line, state) {
  const row = [];
  for (const [, parameters, letter] of line.matchAll(/\x1b\[([\d;:]*)m|([^])/gu)) { // eslint-disable-line no-control-regex
    if (letter === undefined) {
      state = colour(state, parameters || '0');
    } else if (state.bg !== undefined) {
      const { fg, bg } = state;
      const halves = { ' ': [bg, bg], '\u2580': [fg, bg], '\u2584': [bg, fg], '\u2588': [fg, fg], '#': [fg, fg] }[letter];
      assert.ok(halves, `a letter ${letter} in the picture`);
      row.push(halves);
    }
  }
  return { row, state };
}

// The picture on `styled` (screen.styled()) as rows of modules' halves.
function pictureOf(styled) {
  let state = {};
  const picture = [];
  for (const line of styled.split('\n')) {
    const found = cells(line, state);
    state = found.state;
    if (found.row.length) picture.push(found.row.map(([upper]) => upper), found.row.map(([, lower]) => lower));
  }
  return picture;
}

// The text of the QR code on the screen; kept in `dir` as a picture. On `surroundings`, the terminal's own colour: true for
// light.
function readQrCode(dir, styled, surroundings) {
  const picture = pictureOf(styled);
  assert.ok(picture.length > 0, 'there is no picture');
  assert.deepEqual([...new Set(picture.map((row) => row.length))], [picture[0].length], 'it is no rectangle');
  const margin = Array(8).fill(surroundings);
  const width = picture[0].length + 2 * margin.length;
  const blank = Array(8).fill(Array(width).fill(surroundings));
  const rows = [...blank, ...picture.map((row) => [...margin, ...row, ...margin]), ...blank];
  const name = path.join(dir, 'code.pgm');
  const pixels = rows.flatMap((row) => {
    const line = Buffer.concat(row.map((light) => Buffer.alloc(PIXELS, light ? 255 : 0)));
    return Array(PIXELS).fill(line);
  });
  fs.writeFileSync(name, Buffer.concat([Buffer.from(`P5 ${width * PIXELS} ${rows.length * PIXELS} 255\n`), ...pixels]));
  return execFileSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', name], { encoding: 'utf8' }).trimEnd();
}

module.exports = { pictureOf, readQrCode };
