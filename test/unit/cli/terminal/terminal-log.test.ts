import { expect, test } from 'vitest';
import { terminalLog } from '../../../../cli/terminal/terminal-log.ts';
import { commandStage } from '../../../support/stages/command-stage.ts';

test('warnings and errors are lines on stderr, with their fields', () => {
  const stage = commandStage();
  const log = terminalLog(stage.output());

  log.info('batch delivered', { records: 3 });
  log.warn('record set aside', { table: 'Orders', shard_id: null, sequence_number: '7' });
  log.error('dead letter not stored');

  expect(stage.stderr.lines).toEqual([
    'warning: record set aside (table Orders, sequence number 7)',
    'warning: dead letter not stored',
  ]);
});

test('a message that comes ten thousand times does not fill the terminal', () => {
  const stage = commandStage();
  const log = terminalLog(stage.output());

  for (let index = 0; index < 10_000; index++) log.warn('record set aside', { sequence_number: index });
  log.warn('another');

  expect(stage.stderr.lines).toHaveLength(22);
  expect(stage.stderr.lines.slice(-2)).toEqual([
    'warning: record set aside: further lines like this are not shown',
    'warning: another',
  ]);
});
