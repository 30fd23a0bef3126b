import { readFileSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CONDITION_TYPES } from '@lab/domain';
import { LinkedBastion, aMachine } from '@lab/testing';
import ts from 'typescript';
import type { ListOf } from '../src/resources/resource-api.js';
import { runningLabd, type TestLabd } from './running-labd.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');

describe('Every condition that is stated', () => {
  it('is in the one list, by which people find it', () => {
    const stated = statedIn(globSync('{apps,libs}/*/src/**/*.ts', { cwd: ROOT }));
    // What the list says and nobody states is wrong, too; and a search that finds nothing proves nothing.
    expect([...stated.keys()].sort()).toEqual([...CONDITION_TYPES].sort());
  });

  it('is seen in whatever form it is written', () => {
    const read = (text: string) => [...typesIn([['a.ts', text]]).keys()];
    expect(read(`const a = { type: 'Odd', status: 'True', reason: 'X' };`)).toEqual(['Odd']);
    expect(read(`const A = 'Odd' satisfies T; const a = { type: A, since, ...more };`)).toEqual(['Odd']);
    expect(read(`interface A { type: Extract<T, 'Odd' | 'Even'>; reason: string }`)).toEqual(['Odd', 'Even']);
    expect(read(`f({ type: UNKNOWN, status: 'True', since })`)).toEqual(['UNKNOWN']);
    expect(read(`const warning = { type: 'Odd', hint: null };`)).toEqual([]);
  });
});

describe('Lists', () => {
  let labd: TestLabd;
  let bastion: LinkedBastion;
  beforeAll(async () => {
    labd = await runningLabd();
    bastion = await LinkedBastion.enrol(labd, 'site-a');
    await bastion.connect();
    await bastion.sees(aMachine(1), aMachine(2));
    const order = { profile: 'fedora-43', role: 'worker' };
    expect((await labd.call('POST', '/api/v1/servers/srv-000001/provision', order)).status).toBe(202);
  });
  afterAll(async () => {
    await bastion.disconnect();
    await labd.stop();
  });

  it.each(CONDITION_TYPES)('find %s on servers, installs and bastions, in any case', async (type) => {
    const { client } = labd.database.database;
    const since = '2026-11-25T10:00:00.000Z';
    const conditions = [{ type, status: 'True', since, reason: 'Tried', message: 'tried' }];
    await client.server.updateMany({ where: { name: 'srv-000001' }, data: { conditions } });
    await client.bastion.updateMany({ where: { name: 'site-a' }, data: { conditions } });
    const names = async (plural: string, name: string) =>
      (
        await labd.call<ListOf<{ metadata?: { name: string }; name?: string; server?: { name: string } }>>(
          'GET',
          `/api/v1/${plural}?condition=${name}`,
        )
      ).body.items.map((item) => item.metadata?.name ?? item.server?.name ?? item.name);
    for (const name of [type, type.toLowerCase()]) {
      expect(await names('servers', name)).toEqual(['srv-000001']);
      expect(await names('installs', name)).toHaveLength(1);
      expect(await names('bastions', name)).toEqual(['site-a']);
    }
  });
});

/** Condition types that the project's own code writes, each with a file that does. */
const statedIn = (files: readonly string[]): Map<string, string> =>
  typesIn(
    files
      .filter((file) => !/\.spec\.ts$|\/generated\/|^libs\/testing\//.test(file))
      .map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]),
  );

/**
 * Of objects and types that have `type` beside `status: 'True'`, `since` or `reason`: a string, a constant with its string, or
 * a union. What is no constant anywhere is answered by its own name, unless it is handed through (`type`, `finding.type`).
 */
function typesIn(sources: readonly (readonly [string, string])[]): Map<string, string> {
  const parsed = sources.map(([file, text]) => ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  const constants = new Map<string, string>();
  const stated = new Map<string, string>();
  for (const source of parsed) {
    walk(source, (node) => {
      if (!ts.isVariableDeclaration(node) || node.initializer === undefined) return;
      const value = ts.isSatisfiesExpression(node.initializer)
        ? node.initializer.expression
        : node.initializer;
      if (ts.isStringLiteral(value)) constants.set(node.name.getText(source), value.text);
    });
  }
  for (const source of parsed) {
    walk(source, (node) => {
      for (const value of statedBy(node, source)) {
        const text = ts.isIdentifier(value) ? (constants.get(value.text) ?? value.text) : literalOf(value);
        if (text !== undefined && /^[A-Z]/.test(text)) stated.set(text, source.fileName);
      }
    });
  }
  return stated;
}

function statedBy(node: ts.Node, source: ts.SourceFile): ts.Node[] {
  if (ts.isObjectLiteralExpression(node)) {
    const named = new Map(node.properties.map((property) => [property.name?.getText(source), property]));
    const [type, status] = [named.get('type'), named.get('status')];
    const isTrue =
      status !== undefined && ts.isPropertyAssignment(status) && /True/.test(status.getText(source));
    if (type === undefined || !ts.isPropertyAssignment(type)) return [];
    return isTrue || named.has('since') || named.has('reason') ? [type.initializer] : [];
  }
  if (!ts.isInterfaceDeclaration(node) && !ts.isTypeLiteralNode(node)) return [];
  const named = new Map(node.members.map((member) => [member.name?.getText(source), member]));
  const type = named.get('type');
  if (type === undefined || !ts.isPropertySignature(type) || type.type === undefined) return [];
  if (!named.has('since') && !named.has('reason')) return [];
  const literals: ts.Node[] = [];
  walk(type.type, (each) => {
    if (ts.isLiteralTypeNode(each)) literals.push(each.literal);
  });
  return literals;
}

const literalOf = (node: ts.Node): string | undefined => (ts.isStringLiteral(node) ? node.text : undefined);

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => {
    walk(child, visit);
  });
}
