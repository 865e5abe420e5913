import { expect, test } from 'vitest';
import { warnOfStreamReaders } from '../../../../cli/warnings/stream-shortcomings.ts';
import { TailraceError } from '../../../../src/errors.ts';
import { commandStage } from '../../../support/stages/command-stage.ts';
import { STREAM_ARN } from '../../../support/stream/record.ts';
import { tableDescription } from '../../../support/stream/table-description.ts';

async function warned(mappings: () => Promise<number | null>, isGlobal: boolean): Promise<string> {
  const stage = commandStage({ tables: {} });
  using connection = await stage.dependencies.connect({});
  const output = stage.output();
  await warnOfStreamReaders(
    tableDescription({ isGlobal }),
    STREAM_ARN,
    { ...connection, countMappings: mappings },
    output,
  );
  return stage.stderr.text;
}

test.each([
  [null, false, ''],
  [0, false, ''],
  [1, false, ''],
  [2, false, 'warning: 2 Lambdas read the stream of Orders, and a shard has room for two readers'],
  [0, true, ''],
  [1, true, 'warning: 1 Lambda reads the stream of Orders, and Orders is a global table'],
  [null, true, ''],
])('%s mappings, on a global table %s', async (mappings, isGlobal, warning) => {
  const text = await warned(async () => mappings, isGlobal);

  if (warning === '') expect(text).toBe('');
  else expect(text).toContain(warning);
});

test('where they may not be counted, a note says so, and nothing else happens', async () => {
  const text = await warned(async () => {
    throw new TailraceError('source-denied', 'These credentials may not lambda:ListEventSourceMappings');
  }, false);

  expect(text).toMatch(/^The Lambdas that read the stream of Orders could not be counted: .*\n$/);
});
