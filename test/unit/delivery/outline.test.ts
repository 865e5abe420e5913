import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outline } from '../../../src/delivery/outline.ts';
import { streamRecord } from '../../support/stream/record.ts';
import { RUNS } from '../../support/vitest/budget.ts';

test('a record becomes names, types and lengths', () => {
  const record = streamRecord({
    newImage: { id: { S: 'secret' }, tags: { SS: ['ab', ''] }, gone: { NULL: true } },
    time: 7,
  });

  expect(outline(record)).toMatchObject({
    eventName: '<text of 6>',
    dynamodb: {
      ApproximateCreationDateTime: '<number>',
      NewImage: { id: { S: '<text of 6>' }, tags: { SS: ['<text of 2>', '<text of 0>'] }, gone: { NULL: '<boolean>' } },
    },
  });
});

test('no value of whatever it is comes through', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const texts: string[] = [];
      JSON.stringify(outline(value), (_, inner) => {
        if (typeof inner === 'string') texts.push(inner);
        else expect(typeof inner).toBe('object');
        return inner;
      });
      for (const text of texts) expect(text).toMatch(/^<(?:text of \d+|number|boolean|more)>$/);
    }),
    RUNS,
  );
});

test('an attribute named __proto__ is one like any other', () => {
  expect(JSON.stringify(outline(JSON.parse('{"__proto__":{"S":"x"}}')))).toBe('{"__proto__":{"S":"<text of 1>"}}');
});

test('endless nesting is cut', () => {
  const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);

  expect(JSON.stringify(outline(deep))).toContain('<more>');
});
