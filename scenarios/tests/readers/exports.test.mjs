// What the exports look like to programs that run under Node: Mermaid's own parser reads the diagrams, and JavaScript, in which
// ShiViz and the trace viewers are written, the rest.
//
//   SPLITBRAIN=target/debug/splitbrain node --test scenarios/tests/readers/exports.test.mjs

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const here = dirname(fileURLToPath(import.meta.url));
const shelves = join(here, '../..');
const splitbrain = process.env.SPLITBRAIN ?? join(shelves, '../target/debug/splitbrain');

// The package is a script for a page. Its parser of sequence diagrams needs no page.
vm.runInThisContext(readFileSync(join(here, 'node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js'), 'utf8'));
const { mermaid } = globalThis;

/** Every canned scenario, and what is rare. */
function scenarios() {
  const folders = readdirSync(shelves, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['src', 'tests', 'benches'].includes(entry.name))
    .map((entry) => join(shelves, entry.name));
  return [...folders, join(here, '../export/runs')]
    .flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.scn')).sort().map((name) => join(folder, name)));
}

function exported(format, file, seed) {
  const seeded = seed === undefined ? [] : ['--seed', String(seed)];
  const { status, stdout, stderr } = spawnSync(splitbrain, ['export', format, file, ...seeded], {
    encoding: 'utf8',
    maxBuffer: 1 << 29,
  });
  // 1 is a run in which something does not hold: it has an export all the same.
  assert.ok(status === 0 || (seed !== undefined || file.includes('/runs/')) && status === 1, `${file}: ${stderr}`);
  return stdout;
}

const unescaped = (text) => text.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));

/** A text of a diagram's database, where entity codes stand in Mermaid's own code. */
const decoded = (text) => text.replace(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(Number(code)));

test('Mermaid reads every diagram, row by row, as it was meant', async () => {
  let rows = 0;
  const files = scenarios();
  assert.ok(files.length > 100, `${files.length} scenarios`);
  for (const file of files) {
    const header = JSON.parse(exported('jsonl', file).split('\n')[0]);
    for (const seed of [undefined, 4711]) {
      const text = exported('mermaid', file, seed);
      const { diagramType } = await mermaid.parse(text);
      assert.equal(diagramType, 'sequence', file);
      const [, title, body] = /^---\ntitle: "(.*)"\n---\n(.*)$/s.exec(text);
      const words = title.replace(/\\U([0-9a-f]{8})/g, (_, code) => String.fromCodePoint(parseInt(code, 16)));
      if (header.title) assert.equal(words, header.title.replace(/[\x00-\x1f\u2028]/g, ' '), file);
      const { db } = await mermaid.mermaidAPI.getDiagramFromText(body);
      assert.deepEqual([...db.getActors().keys()], header.nodes.map(({ name }) => name), file);
      const lines = body.split('\n').slice(1 + header.nodes.length).filter((line) => line);
      const read = db.getMessages();
      assert.equal(read.length, lines.length, file);
      for (const [place, line] of lines.entries()) {
        const { from, to, message, type, wrap } = read[place];
        const [, note, one, arrow, other, said] = /^ {4}(Note over )?([a-z0-9]+)(,|->>|-x)?([a-z0-9]+)?: (.*)$/.exec(line);
        assert.equal(decoded(message), unescaped(said).trim(), file);
        assert.deepEqual([from, to], [one, other ?? one], file);
        assert.equal(type, note ? db.LINETYPE.NOTE : { '->>': db.LINETYPE.SOLID, '-x': db.LINETYPE.SOLID_CROSS }[arrow], file);
        assert.ok(!wrap, file);
        rows += 1;
      }
    }
  }
  console.log(`${files.length} scenarios, two seeds each, ${rows} rows`);
});

test('Mermaid refuses what it should', async () => {
  for (const body of ['c1->>: grant', 'c1->>lock: a;b', 'Note above c1: no']) {
    await assert.rejects(mermaid.parse(`sequenceDiagram\n    ${body}\n`), body);
  }
});

test('the expression of a ShiViz log reads it whole, in JavaScript too', () => {
  let events = 0;
  for (const file of scenarios()) {
    const [parser, delimiter, ...log] = exported('shiviz', file).split('\n');
    assert.equal(delimiter, '', file);
    const text = log.join('\n');
    const found = [...text.matchAll(new RegExp(parser, 'gm'))];
    assert.equal(found.map(([whole]) => `${whole}\n`).join(''), text, file);
    const counts = {};
    for (const { groups } of found) {
      counts[groups.host] = (counts[groups.host] ?? 0) + 1;
      assert.equal(JSON.parse(groups.clock)[groups.host], counts[groups.host], file);
    }
    events += found.length;
  }
  console.log(`${events} events`);
});

test('trace events and states are JSON, in JavaScript too', () => {
  for (const file of scenarios()) {
    const { traceEvents } = JSON.parse(exported('chrome', file));
    assert.ok(traceEvents.every(({ ts }) => Number.isSafeInteger(ts)), file);
    const { vars, states } = JSON.parse(exported('itf', file));
    assert.ok(states.every((state) => vars.every((name) => name in state)), file);
  }
});
