import { expect, test } from 'vitest';
import { createPanel, type Scene } from '../../../demo/panel.ts';
import { RecordingStream } from '../../support/memory/recording-stream.ts';

function scene(elapsedMs: number, orders: number): Scene {
  const result = { columns: ['status', 'orders'], rows: [['paid', orders]] };
  const answers = [{ title: 'Orders by status', result }];
  return { elapsedMs, written: 1, followed: 1, perSecond: 1, freshness: null, answers };
}

test('without a terminal, it shows a line every two seconds, and at the end what the views answered last, once', () => {
  const stream = new RecordingStream();
  const panel = createPanel(stream as unknown as NodeJS.WriteStream);

  for (const [index, elapsedMs] of [0, 500, 2_000, 2_500].entries()) panel.show(scene(elapsedMs, index));
  const before = stream.text;
  panel.close();
  panel.close();

  expect(before.match(/ writes, /g)).toHaveLength(2);
  expect(before).not.toContain('Orders by status');
  expect(stream.text.match(/Orders by status/g)).toHaveLength(1);
  expect(stream.text).toMatch(/│ paid {3}│ {6}3 │/);
});
