import { expect, test } from 'vitest';
import { scanLine } from '../../../../cli/terminal/scan-report.ts';

test.each([
  [
    'with a bar while the count of DynamoDB can be right',
    { items: 250, aboutItems: 1_000, units: 31 },
    50,
    { text: 'Orders: 250 of about 1,000 items', more: ['31 read units', 'about 15 s left', '50/s'], fraction: 0.25 },
  ],
  [
    'without an end once there are more items than it counts',
    { items: 1_001, aboutItems: 1_000, units: 1 },
    50,
    { text: 'Orders: 1,001 items', more: ['1 read unit', '50/s'] },
  ],
  [
    'without an end where it counts none',
    { items: 5, aboutItems: 0, units: 1 },
    5,
    { text: 'Orders: 5 items', more: ['1 read unit', '5/s'] },
  ],
  [
    'without a time left before there is a rate',
    { items: 0, aboutItems: 10, units: 0 },
    0,
    { text: 'Orders: 0 of about 10 items', more: ['0 read units', '0/s'], fraction: 0 },
  ],
])('a scan shows how far it is %s', (_, progress, perSecond, line) => {
  expect(scanLine('Orders', progress, perSecond)).toEqual(line);
});
