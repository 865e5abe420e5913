import { describe, expect, test } from 'vitest';
import { setup } from '../../../../cli/commands/setup.ts';
import type { Destination } from '../../../../src/destination/destination.ts';
import { TailraceError } from '../../../../src/errors.ts';
import { unpublished } from '../../../../src/snapshot/published.ts';
import type { StreamViewType } from '../../../../src/source/table-reader.ts';
import { commandStage, INVOCATION } from '../../../support/stages/command-stage.ts';
import { ORDERS, STREAM_ARN } from '../../../support/stream/record.ts';
import { tableDescription } from '../../../support/stream/table-description.ts';
import { publishedReading } from '../../../support/values/published.ts';

const OPTIONS = { ...INVOCATION, table: 'Orders', enableStream: false, wished: {}, dryRun: false };
const DESTINATION = ['--destination', INVOCATION.destination];
const CREATED = ['Orders_changelog', 'Orders_latest', 'tailrace_snapshots'];

const described = (viewType: StreamViewType | null) =>
  tableDescription({ stream: viewType && { arn: STREAM_ARN, viewType } });

/** A destination in which the table has no changes and no snapshot. */
const NEW = {
  ownedObjects: async () => ({ objects: [], left: [], hasLedger: true }),
  published: async () => unpublished(1),
};

describe('setup', () => {
  test('prepares the destination, and reports what it created', async () => {
    const stage = commandStage({
      tables: { describe: async () => described('NEW_AND_OLD_IMAGES') },
      destination: { ...NEW, prepare: async () => ({ created: CREATED }) },
    });

    expect(await setup(OPTIONS, stage.dependencies, stage.output())).toBe(0);

    expect(stage.stdout.lines).toEqual([
      'Created in duckdb:test.duckdb: Orders_changelog, Orders_latest, tailrace_snapshots.',
      'Changelog: a history of 400 days, partitioned by day.',
      'The stream of Orders is on with NEW_AND_OLD_IMAGES.',
      'Next: `tailrace tail Orders` follows the stream, until you stop it; `tailrace backfill Orders` reads the table once.',
    ]);
    expect(stage.stderr.text).toBe('');
    expect(stage.doings).toEqual(['connect {}', 'open duckdb:test.duckdb', 'close', 'disconnect']);
  });

  test.each([false, true])(
    'says what to do about a mapping where BigQuery gets a changelog (json %s)',
    async (json) => {
      const stage = commandStage({
        tables: { describe: async () => described('NEW_AND_OLD_IMAGES') },
        destination: { ...NEW, prepare: async () => ({ created: CREATED }) },
      });

      await setup({ ...OPTIONS, destination: 'bigquery:p.d' }, stage.dependencies, stage.output(json));

      expect(stage.stderr.text).toContain('Orders_changelog is new: for 15 minutes');
      expect(stage.stderr.text).toContain('switch the mapping off before, on after 15 minutes');
      expect(stage.stderr.text).toContain('`tailrace gaps Orders --fill`');
    },
  );

  test('reports that everything exists already', async () => {
    const stage = commandStage({
      tables: { describe: async () => described('NEW_AND_OLD_IMAGES') },
      destination: { ...NEW, prepare: async () => ({ created: [] }) },
    });

    await setup(OPTIONS, stage.dependencies, stage.output());

    expect(stage.stdout.lines[0]).toBe('Everything for Orders is in duckdb:test.duckdb.');
  });

  test('names nothing to do next where the table is read and its snapshot published', async () => {
    const stage = commandStage({
      tables: { describe: async () => described('NEW_AND_OLD_IMAGES') },
      destination: {
        prepare: async () => ({ created: [] }),
        ownedObjects: async () => ({
          objects: [{ name: 'Orders_changelog', kind: 'table', rows: 12 }],
          left: [],
          hasLedger: true,
        }),
        published: async () => ({ ...unpublished(1), snapshotId: '20260103t090000z0123' }),
      },
    });

    await setup(OPTIONS, stage.dependencies, stage.output());

    expect(stage.stdout.text).not.toContain('Next');
  });

  /** A table that is read, with a snapshot published and a typed view. */
  const COMPLETE = {
    prepare: async () => ({ created: [] }),
    known: async () => undefined,
    ownedObjects: async () => ({
      objects: [
        { name: 'Orders', kind: 'view', rows: null },
        { name: 'Orders_changelog', kind: 'table', rows: 12 },
      ],
      left: [],
      hasLedger: true,
    }),
    published: async () => publishedReading('20260103t090000z0123', Date.UTC(2026, 0, 3)),
  } as const satisfies Partial<Destination>;

  test.each<[name: string, parts: Partial<Destination>, next: string]>([
    [
      'a backfill where the changelog was made again, and lacks changes that the state needs',
      {
        known: async () => ({
          source: ORDERS,
          seen: null,
          changelog: { partition: 'day', historyDays: 400, keptSince: Date.UTC(2026, 0, 4) },
        }),
      },
      'Next: `tailrace backfill Orders` reads the table once.',
    ],
    [
      'the views where the state was made again, without their columns',
      { prepare: async () => ({ created: ['Orders_state'] }) },
      'Next: `tailrace views apply Orders` gives its typed view the columns that it reads.',
    ],
    [
      'the views where an imported state was made again',
      { prepare: async () => ({ created: [], recognised: ['Orders_state'] }) },
      'Next: `tailrace views apply Orders` gives its typed view the columns that it reads.',
    ],
  ])('names as the next step %s', async (_, parts, next) => {
    const stage = commandStage({
      tables: { describe: async () => described('NEW_AND_OLD_IMAGES') },
      destination: { ...COMPLETE, ...parts },
    });

    await setup(OPTIONS, stage.dependencies, stage.output());

    expect(stage.stdout.text + stage.stderr.text).toContain(next);
  });

  test('gives a script one object', async () => {
    const stage = commandStage({
      tables: { describe: async () => described('NEW_AND_OLD_IMAGES') },
      destination: { ...NEW, prepare: async () => ({ created: CREATED }) },
    });

    await setup(OPTIONS, stage.dependencies, stage.output(true));

    expect(stage.stdout.lines.map((line) => JSON.parse(line))).toEqual([
      {
        table: 'Orders',
        destination: 'duckdb:test.duckdb',
        created: CREATED,
        recognised: [],
        partition: 'day',
        history_days: 400,
        stream_arn: STREAM_ARN,
        stream_view_type: 'NEW_AND_OLD_IMAGES',
        stream_enabled: false,
        dry_run: false,
      },
    ]);
  });

  test('stores the changelog as it is asked to, and refuses what can not be before anything is created', async () => {
    const wished: unknown[] = [];
    const stage = commandStage({
      tables: { describe: async () => described('NEW_AND_OLD_IMAGES') },
      destination: {
        ...NEW,
        known: async () => undefined,
        async prepare(_table, _generation, { partition, historyDays } = {}) {
          wished.push([partition, historyDays]);
          return { created: CREATED };
        },
      },
    });

    expect(await stage.tailrace('setup', 'Orders', ...DESTINATION, '--partition', 'hour')).toBe(0);
    expect(await stage.tailrace('setup', 'Orders', ...DESTINATION, '--partition', 'hour', '--history', '90')).toBe(0);
    expect(await stage.tailrace('setup', 'Orders', ...DESTINATION, '--history', '9000')).toBe(0);
    expect(wished).toEqual([
      ['hour', undefined],
      ['hour', 90],
      [undefined, 9000],
    ]);
    expect(stage.stdout.text).toContain('Changelog: a history of 90 days, partitioned by hour.');

    for (const [words, ...args] of [
      ['Give --history 375 or less, or --partition day.', '--partition', 'hour', '--history', '376'],
      ['from 1 to 9000', '--history', '9001'],
      ['from 1 to 9000', '--history', '0'],
      ['Allowed choices are day, hour', '--partition', 'week'],
    ] as const) {
      expect(await stage.tailrace('setup', 'Orders', ...DESTINATION, ...args)).toBe(2);
      expect(stage.stderr.text).toContain(words);
    }
    expect(wished).toHaveLength(3);
  });

  test('leaves a changelog in its partitions, and refuses others with the way out', async () => {
    const wished: unknown[] = [];
    const source = described(null).table;
    const stage = commandStage({
      tables: { describe: async () => described('NEW_AND_OLD_IMAGES') },
      destination: {
        ...NEW,
        known: async () => ({ source, seen: null, changelog: { partition: 'hour', historyDays: 90, keptSince: 0 } }),
        async prepare(_table, _generation, { partition, historyDays } = {}) {
          wished.push([partition, historyDays]);
          return { created: [] };
        },
      },
    });

    expect(await stage.tailrace('setup', 'Orders', ...DESTINATION)).toBe(0);
    expect(await stage.tailrace('setup', 'Orders', ...DESTINATION, '--partition', 'hour', '--history', '91')).toBe(0);
    expect(wished).toEqual([
      [undefined, undefined],
      ['hour', 91],
    ]);

    expect(await stage.tailrace('setup', 'Orders', ...DESTINATION, '--partition', 'day')).toBe(2);
    expect(stage.stderr.text).toContain("partitioned by hour, which can't be changed to day");
    expect(stage.stderr.text).toContain('`tailrace setup Orders --partition day --destination duckdb:test.duckdb`');
    expect(await stage.tailrace('setup', 'Orders', ...DESTINATION, '--history', '400')).toBe(2);
    expect(stage.stderr.text).toContain('Give --history 375 or less.');
    expect(wished).toHaveLength(2);
  });

  test.each([
    ['a stream that is off', null, 'stream-missing'],
    ['KEYS_ONLY', 'KEYS_ONLY', 'stream-view-type'],
    ['OLD_IMAGE', 'OLD_IMAGE', 'stream-view-type'],
  ] as const)('refuses %s before anything is created', async (_, viewType, kind) => {
    const stage = commandStage({ tables: { describe: async () => described(viewType) }, destination: {} });

    await expect(setup(OPTIONS, stage.dependencies, stage.output())).rejects.toMatchObject({ kind });
  });

  test('accepts NEW_IMAGE, and warns once of what is missing then', async () => {
    const stage = commandStage({
      tables: { describe: async () => described('NEW_IMAGE') },
      destination: { ...NEW, prepare: async () => ({ created: [] }) },
    });

    expect(await setup(OPTIONS, stage.dependencies, stage.output())).toBe(0);

    expect(stage.stderr.lines).toEqual([
      expect.stringMatching(/^warning: The stream is of NEW_IMAGE: old_image will be NULL/),
    ]);
  });

  test('names the way out where the destination holds an earlier table, also while the stream is off', async () => {
    const stage = commandStage({
      tables: { describe: async () => described(null) },
      destination: { sources: async () => [{ ...described(null).table, tableId: 'of the earlier table' }] },
    });

    for (const enableStream of [false, true]) {
      await expect(setup({ ...OPTIONS, enableStream }, stage.dependencies, stage.output())).rejects.toMatchObject({
        kind: 'destination-conflict',
        message: expect.stringContaining('Orders was deleted and created again'),
        remedy: expect.stringContaining('`tailrace remove TABLE`'),
      });
    }
  });

  test('switches the stream on only if asked, and only once everything else has worked', async () => {
    const order: string[] = [];
    const seen: unknown[] = [];
    let stream: StreamViewType | null = null;
    const stage = commandStage({
      tables: {
        describe: async () => described(stream),
        async enableStream() {
          order.push('enableStream');
          stream = 'NEW_AND_OLD_IMAGES';
        },
      },
      destination: {
        ...NEW,
        async prepare(_table, _generation, options) {
          order.push('prepare');
          seen.push(options?.seen?.streams);
          return { created: [] };
        },
      },
    });

    expect(await setup({ ...OPTIONS, enableStream: true }, stage.dependencies, stage.output())).toBe(0);

    expect(order).toEqual(['prepare', 'enableStream', 'prepare']);
    // The destination records the stream as soon as it is on.
    expect(seen).toEqual([[], ['2026-01-02T03:04:05.678']]);
    expect(stage.stdout.lines).toContain('The stream of Orders was switched on with NEW_AND_OLD_IMAGES.');
  });

  test('leaves the stream alone when the destination refuses the table', async () => {
    const stage = commandStage({
      tables: { describe: async () => described(null) },
      destination: {
        prepare: () => Promise.reject(new TailraceError('destination-conflict', 'Another source has this name')),
      },
    });

    await expect(setup({ ...OPTIONS, enableStream: true }, stage.dependencies, stage.output())).rejects.toMatchObject({
      kind: 'destination-conflict',
    });
  });

  describe('with --dry-run', () => {
    test('reports what it would do, and does nothing', async () => {
      const stage = commandStage({
        tables: { describe: async () => described(null) },
        destination: {
          preview: () => Promise.reject(new TailraceError('destination-missing', 'There is no such file')),
        },
      });

      expect(await setup({ ...OPTIONS, enableStream: true, dryRun: true }, stage.dependencies, stage.output())).toBe(0);

      expect(stage.stdout.lines).toEqual([
        'Would be created in duckdb:test.duckdb: Orders_changelog, Orders_latest, tailrace_snapshots.',
        'Changelog: a history of 400 days, partitioned by day.',
        'The stream of Orders would be switched on with NEW_AND_OLD_IMAGES.',
        'Nothing was changed.',
      ]);
    });

    test('reports which comments would be restored', async () => {
      const recognised = ['Orders_changelog', 'Orders_latest'];
      const stage = commandStage({
        tables: { describe: async () => described('NEW_AND_OLD_IMAGES') },
        destination: { preview: async () => ({ created: [], recognised }) },
      });

      await setup({ ...OPTIONS, dryRun: true }, stage.dependencies, stage.output());

      expect(stage.stdout.lines.slice(0, 2)).toEqual([
        'Everything for Orders is in duckdb:test.duckdb.',
        'Comments that an import loses would be restored on: Orders_changelog, Orders_latest.',
      ]);
    });

    test('refuses what the real run would refuse', async () => {
      const stage = commandStage({
        tables: { describe: async () => described('NEW_AND_OLD_IMAGES') },
        destination: {
          preview: () => Promise.reject(new TailraceError('destination-conflict', 'Another source has this name')),
        },
      });

      await expect(setup({ ...OPTIONS, dryRun: true }, stage.dependencies, stage.output())).rejects.toMatchObject({
        kind: 'destination-conflict',
      });
    });
  });
});
