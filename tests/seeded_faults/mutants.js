// SPDX-License-Identifier: Apache-2.0
//
// The faults that can be seeded into one C file, found in the syntax tree of clang, which knows what is a comparison,
// a call or a status and where its text lies. A fault is a span of the file and the text to put there instead.
'use strict';

const FLIPPED = { '<': '<=', '<=': '<', '>': '>=', '>=': '>', '==': '!=', '!=': '==', '&&': '||', '||': '&&' };
const STATUS = 'plexctl_status';

// clang names a location's file only where it differs from that of the location printed before.
function markFiles(node, state) {
    if (typeof node.offset === 'number') {
        state.file = node.file ?? state.file;
        node.file = state.file;
    }
    for (const value of Object.values(node)) {
        if (value && typeof value === 'object') markFiles(value, state);
    }
}

// The end of the parenthesis that opens at `at`, past it; text and characters in quotes are skipped.
function pastParenthesis(source, at) {
    let depth = 0;
    for (let i = at; i < source.length; i++) {
        const c = source[i];
        if (c === '"' || c === "'") {
            for (i++; source[i] !== c; i++) if (source[i] === '\\') i++;
        } else if (c === '(') depth++;
        else if (c === ')' && --depth === 0) return i + 1;
    }
    return source.length;
}

class Finder {
    constructor(file, source) {
        this.file = file;
        this.source = source;
        this.found = new Map();
        this.functionName = '';
    }

    // Where a location lies in this file, null for elsewhere. What a macro made lies where the macro is used.
    place(location) {
        const at = location?.expansionLoc ?? location;
        return at?.file === this.file && typeof at.offset === 'number' ? at : null;
    }

    span(node) {
        const begin = this.place(node.range?.begin);
        const end = this.place(node.range?.end);
        if (!begin || !end) return null;
        let past = end.offset + end.tokLen;
        if (node.range.end.expansionLoc && this.source[past] === '(') past = pastParenthesis(this.source, past);
        return [begin.offset, past];
    }

    add(kind, [start, end], text) {
        const key = `${start} ${end} ${text}`;
        if (start >= end || this.found.has(key)) return;
        this.found.set(key, { kind, start, end, text, function: this.functionName });
    }

    replace(kind, node, change) {
        const span = this.span(node);
        if (span) this.add(kind, span, change(this.source.slice(...span)));
    }

    // The operator is what stands before its right side.
    operator(node) {
        const right = this.place(node.inner[1].range?.begin);
        if (!right || !FLIPPED[node.opcode]) return;
        const end = this.source.slice(0, right.offset).trimEnd().length;
        const start = end - node.opcode.length;
        if (this.source.slice(start, end) !== node.opcode || '<>=!&|-'.includes(this.source[start - 1])) return;
        this.add(node.opcode.length === 2 && '&|'.includes(node.opcode[0]) ? 'and-or' : 'comparison', [start, end], FLIPPED[node.opcode]);
    }

    // Where another fault does the same, it is left to that one.
    condition(node) {
        const isSeen = (node.kind === 'UnaryOperator' && node.opcode === '!') || ['==', '!='].includes(node.opcode);
        if (node.kind && !isSeen) this.replace('condition', node, (text) => `!(${text})`);
    }

    statement(node) {
        const call = node.kind === 'CStyleCastExpr' && node.castKind === 'ToVoid' ? node.inner[0] : node;
        if (call.kind !== 'CallExpr') return false;
        this.replace('dropped call', node, () => '(void)0');
        return true;
    }

    number(node) {
        const at = node.range.begin.spellingLoc ?? node.range.begin;
        if (at.file !== this.file) return;
        const text = this.source.slice(at.offset, at.offset + at.tokLen);
        if (/^(0x[0-9a-f]+|\d+)[ul]*$/i.test(text)) this.add('number', [at.offset, at.offset + at.tokLen], `(${text} + 1)`);
    }

    children(node, isStatement) {
        const inner = (node.inner ?? []).filter((child) => child && child.kind !== undefined);
        const last = inner.length - 1;
        inner.forEach((child, i) => this.visit(child, isStatement(i, last)));
    }

    visit(node, isStatement = false) {
        const [first, second, third] = node.inner ?? [];
        const before = this.functionName;
        if (node.kind === 'FunctionDecl') this.functionName = node.name;
        const isDropped = isStatement && this.statement(node);
        if (!isDropped && node.kind === 'CallExpr' && node.type.qualType === STATUS) this.replace('status', node, () => 'PLEXCTL_OK');
        if (node.kind === 'BinaryOperator') this.operator(node);
        if (node.kind === 'UnaryOperator' && node.opcode === '!') this.replace('condition', node, (text) => text.slice(1));
        if (node.kind === 'IntegerLiteral') this.number(node);
        if (node.kind === 'ArraySubscriptExpr' && second.kind !== 'IntegerLiteral') this.replace('number', second, (text) => `(${text}) + 1`);
        if (['IfStmt', 'WhileStmt', 'ConditionalOperator'].includes(node.kind)) this.condition(first);
        if (node.kind === 'ForStmt') this.condition(third);
        if (node.kind === 'DoStmt') this.condition(second);
        if (isDropped && node.kind !== 'CallExpr') this.children(node.inner[0], () => false);
        else this.children(node, isStatementAt(node.kind));
        this.functionName = before;
    }
}

function isStatementAt(kind) {
    if (kind === 'CompoundStmt') return () => true;
    if (['IfStmt', 'CaseStmt', 'WhileStmt'].includes(kind)) return (i) => i > 0;
    if (kind === 'DefaultStmt') return () => true;
    if (kind === 'ForStmt') return (i, last) => i === last;
    return () => false;
}

// The line as it reads with the fault, or the call that is gone: by this a person and the list of equivalents know it.
function describe(source, mutant) {
    const lineStart = source.lastIndexOf('\n', mutant.start) + 1;
    const lineEnd = source.indexOf('\n', mutant.end);
    const was = source.slice(mutant.start, mutant.end);
    let shown = source.slice(lineStart, mutant.start) + mutant.text + source.slice(mutant.end, lineEnd);
    if (mutant.kind === 'dropped call') shown = `without ${was}`;
    if (mutant.kind === 'status') shown = `${mutant.text} for ${was}`;
    mutant.line = source.slice(0, mutant.start).split('\n').length;
    mutant.shown = shown.trim().replace(/\s+/g, ' ');
    return mutant;
}

// `file` as clang was given it, `tree` of its -ast-dump=json; sorted by place.
function findMutants(file, source, tree) {
    const finder = new Finder(file, source);
    markFiles(tree, { file: undefined });
    for (const node of tree.inner) {
        if (finder.place(node.loc)) finder.visit(node);
    }
    return [...finder.found.values()].map((mutant) => describe(source, mutant)).sort((a, b) => a.start - b.start || a.end - b.end);
}

module.exports = { findMutants };
