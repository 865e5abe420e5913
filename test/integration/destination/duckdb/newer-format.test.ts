import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { duckdb } from '../../../../src/views/duckdb.ts';
import { temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { SHOP } from '../../../support/values/shop.ts';

/** An empty file as DuckDB 2.0.1 makes it: `duckdb.connect('empty.duckdb').close()`, packed by gzip. */
const MADE_BY_2_0_1 =
  'H4sIAAAAAAACA+3XMQsBARQH8CsGk09glZsupytndhYyGmR1gy8gJeVLGXwIozIZXT6CiUFSiizK8Pst/17v9Ya3vfFyOwurSSMbdQdFKfjKvBU1o/h9P5220zhO8k7z8558XVxWx/p5vtmd+vswCQAAAICfOLQXi9okGz7q64vnZPkelXv0nA4AAAD8/wAAAMDfuAGuu7k7ADAAAA==';

test('a file of a newer DuckDB is refused by the versions of both, with the statements that copy it back', async () => {
  await using place = await temporaryDatabase();
  const bytes = gunzipSync(Buffer.from(MADE_BY_2_0_1, 'base64'));
  await writeFile(place.file, bytes);
  await using destination = await place.open();

  const attempt = destination.prepare(SHOP, 1);

  await expect(attempt).rejects.toMatchObject({
    kind: 'destination-invalid',
    message: expect.stringMatching(/written by DuckDB v2\.0\.1, in storage format 69: .* up to 68/),
    remedy: expect.stringContaining('COPY FROM DATABASE newer TO older'),
  });
  await expect(destination.sources()).rejects.toMatchObject({ remedy: expect.stringContaining(`${place.file}.copy`) });
  expect(existsSync(`${place.file}.copy`)).toBe(false);
});

test('the statements of that remedy give a file that is used as before', async () => {
  await using place = await temporaryDatabase();
  {
    await using destination = await place.open();
    await destination.prepare(SHOP, 1);
  }
  // Here the newer DuckDB is this one: what it writes in the named format, it must read.
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const copy = `${place.file}.copy`;
  await connection.run(`
    ATTACH ${duckdb.text(place.file)} AS newer (READ_ONLY);
    ATTACH ${duckdb.text(copy)} AS older (STORAGE_VERSION 'v1.5.0');
    COPY FROM DATABASE newer TO older`);
  connection.closeSync();
  instance.closeSync();
  const { openDestination } = await import('../../../../src/destinations.ts');
  await using destination = await openDestination(`duckdb:${copy}`);

  expect(await destination.sources()).toEqual([SHOP]);
  expect(await destination.prepare(SHOP, 1)).toEqual({ created: [] });
});
