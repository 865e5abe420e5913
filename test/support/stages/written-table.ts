import { expect, onTestFinished } from 'vitest';
import { createWorkplace } from '../process/tailrace-process.ts';
import { startDynoxide } from '../stream/dynoxide.ts';
import { fillTable, keepWriting } from '../stream/table-writer.ts';

/**
 * A table on a real server that is written to all the time, and a directory in which to run the real command; both are
 * removed when the test ends.
 *
 * @param padding The bytes that each item has in addition.
 * @param written How many of the items are written to, which makes them small.
 */
export async function writtenTable(items: number, padding: number, written: number) {
  const server = await startDynoxide();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const place = await createWorkplace({ inProcess: true });
  onTestFinished(() => place[Symbol.asyncDispose]());
  const { name } = await server.createTable();
  await fillTable(server.client, name, items, padding);
  const where = ['--endpoint-url', server.endpointUrl, '--destination', 'duckdb:shop.duckdb'];
  const writing = keepWriting(server.client, name, written);
  return {
    place,
    name,
    where,
    backfill: ['backfill', name, '--segments', '2', ...where],
    /** Ends the writes, replays the stream, and compares table and view item by item. */
    async expectAgreement() {
      await writing.stop();
      const replay = await place.tailrace(['replay', name, '--stream', ...where]);
      expect(replay.code, replay.stderr).toBe(0);
      const verify = await place.tailrace(['verify', name, '--max-lag', '1', ...where, '--json']);
      expect(verify.code, `${verify.stdout}${verify.stderr}`).toBe(0);
    },
  };
}
