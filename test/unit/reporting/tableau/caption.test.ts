import { expect, test } from 'vitest';
import { captionsOf, wordsOf } from '../../../../src/reporting/tableau/caption.ts';

test.each([
  ['order_id', 'Order ID'],
  ['customerId', 'Customer ID'],
  ['HTMLPage', 'Html page'],
  ['created_at', 'Created at'],
  ['line2Total', 'Line2 total'],
  ['_', '_'],
])('%s is shown as %s', (name, caption) => {
  expect(captionsOf([name])).toEqual([caption]);
});

test('two names of one caption stay as they are, and no other does', () => {
  expect(captionsOf(['order_id', 'orderId', 'total'])).toEqual(['order_id', 'orderId', 'Total']);
});

test('words lie between underscores, and begin with capitals', () => {
  expect(wordsOf('__aPI_key42Code')).toEqual(['a', 'pi', 'key42', 'code']);
});
