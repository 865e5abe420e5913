import { describe, expect, test } from 'vitest';
import { parsePrices } from '../../../../backfill/cost/parse-prices.ts';
import { type Prices, pricesOf } from '../../../../backfill/cost/prices.ts';

/** By region: a million read units, a GB exported to S3, a GB out of AWS; and the oldest of the quotes. */
const KNOWN: readonly (readonly [string, number | null, number | null, number | null, string])[] = [
  ['us-east-1', 0.125, 0.1, 0.09, '2026'],
  ['us-east-2', 0.125, null, 0.09, '2026'],
  ['us-west-1', 0.1395, null, 0.09, '2022'],
  ['us-west-2', 0.125, null, 0.09, '2026'],
  ['sa-east-1', 0.1875, null, 0.15, '2026'],
  ['eu-central-1', 0.1525, null, 0.09, '2026-07-20'],
  ['eu-north-1', 0.1345, null, 0.09, '2022'],
  ['eu-west-1', 0.1415, null, 0.09, '2026-07-20'],
  ['eu-west-2', 0.1487, null, 0.09, '2026'],
  ['eu-west-3', 0.1487, null, 0.09, '2022'],
  ['ap-northeast-1', 0.1425, null, 0.114, '2026-09-11'],
  ['ap-northeast-2', 0.1355, null, 0.126, '2026'],
  ['ap-south-1', 0.1425, null, 0.1093, '2026'],
  ['ap-southeast-2', 0.1425, null, 0.114, '2026'],
  ['ap-southeast-1', null, null, 0.12, '2026'],
  ['ca-central-1', null, null, 0.09, '2026'],
  ['af-south-1', null, null, 0.154, '2022'],
];

const IRELAND: Prices = {
  region: 'eu-west-1',
  readMillion: 0.1415,
  exportGb: null,
  transferOutGb: 0.09,
  asOf: '2026-07-20',
};

describe('prices', () => {
  test.each(KNOWN)(
    'of %s are those of the price list, with the day of the oldest',
    (region, read, exporting, out, day) => {
      expect(pricesOf(region)).toEqual({
        region,
        readMillion: read,
        exportGb: exporting,
        transferOutGb: out,
        asOf: day,
      });
    },
  );

  test.each(['il-central-1', 'cn-north-1', 'us-gov-west-1', 'dynoxide', '', 'toString', '__proto__'])(
    'of %j are not known, and no other region’s stand in for them',
    (region) => {
      expect(pricesOf(region)).toBeNull();
    },
  );

  test.each([
    ['{"export_per_gb": 0.113}', { ...IRELAND, exportGb: 0.113 }],
    ['{"read_units_per_million": 0}', { ...IRELAND, readMillion: 0 }],
    [
      '{"read_units_per_million": 1, "export_per_gb": 2, "transfer_out_per_gb": 3}',
      { region: null, readMillion: 1, exportGb: 2, transferOutGb: 3, asOf: null },
    ],
  ])('given as %s stand in for those that are known', (text, prices) => {
    expect(parsePrices(text, 'p.json', IRELAND)).toEqual(prices);
  });

  test('given where none is known leave the others unknown', () => {
    expect(parsePrices('{"transfer_out_per_gb": 0.08}', 'p.json')).toEqual({
      region: null,
      readMillion: null,
      exportGb: null,
      transferOutGb: 0.08,
      asOf: null,
    });
  });

  test.each([
    ['{}', 'no price is given'],
    ['no', 'is not JSON'],
    ['[]', "can't be used: Invalid input"],
    ['{"read_units_per_million": -1}', 'read_units_per_million: '],
    ['{"read_units_per_million": "1"}', 'read_units_per_million: expected a number of dollars'],
    ['{"read_units": 1}', 'read_units'],
  ])('given as %s are refused by name', (text, problem) => {
    expect(() => parsePrices(text, 'p.json', IRELAND)).toThrow(
      expect.objectContaining({ kind: 'usage-invalid', message: expect.stringContaining(problem) }),
    );
  });
});
