import { describe, expect, test } from 'vitest';
import { setStage } from '../support/stages/contract-stage.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { changeRow } from '../support/values/rows.ts';
import { SHOP } from '../support/values/shop.ts';
import { kind } from '../support/vitest/kind.ts';

/** What the statements below call LOG and MINE. */
const TABLES: Readonly<Record<string, string>> = { LOG: 'changelog', MINE: 'mine' };

/** What `SqlRunner` promises, in SQL that every destination understands. */
export function queryContract(makePlace: () => Promise<TemporaryDestination>): void {
  describe('query', () => {
    test('gives columns and rows in the order asked for', async () => {
      const { destination } = await setStage(makePlace);

      expect(
        await destination.query(`SELECT * FROM (SELECT 2 AS b, 'x' AS a UNION ALL SELECT 1, 'y') AS u ORDER BY b`),
      ).toMatchObject({
        columns: ['b', 'a'],
        rows: [
          [1, 'y'],
          [2, 'x'],
        ],
      });
    });

    test('names the columns of a result without rows', async () => {
      const { place, destination } = await setStage(makePlace);

      expect(await destination.query(`SELECT key, item FROM ${place.table('my_app_shop_latest')}`)).toMatchObject({
        columns: ['key', 'item'],
        rows: [],
      });
    });

    test.for([
      ['NULL', 'NULL', null],
      ['truth', 'TRUE', true],
      ['a safe integer', '9007199254740991', 9007199254740991],
      ['an integer beyond a double', '9007199254740993', '9007199254740993'],
      ['a negative integer beyond a double', '-9007199254740993', '-9007199254740993'],
      ['an integer beyond 2^53 that a double prints', '42547355050985230', '42547355050985230'],
      ['text that is a number', `'007'`, '007'],
      ['text beyond ASCII', `'é😀'`, 'é😀'],
      ['text that begins with a byte order mark', `'\ufeffx'`, '\ufeffx'],
    ] as const)('gives %s exactly', async ([, expression, value]) => {
      const { destination } = await setStage(makePlace);

      expect((await destination.query(`SELECT ${expression} AS v`)).rows).toEqual([[value]]);
    });

    test('gives JSON parsed, and times as ISO 8601 in UTC', async () => {
      const { place, destination } = await setStage(makePlace);
      const changedAt = Date.parse('2026-03-04T05:06:07.089Z');
      await destination.append(SHOP, [changeRow('a', { newImage: '{"l":[1.5,"x",null,true],"m":{}}', changedAt })]);

      const { rows } = await destination.query(
        `SELECT new_image, changed_at FROM ${place.table('my_app_shop_changelog')}`,
      );

      expect(rows[0]?.[0]).toEqual({ l: [1.5, 'x', null, true], m: {} });
      expect(rows[0]?.[1]).toMatch(/^2026-03-04T05:06:07\.089\d*Z$/);
    });

    test.for([
      ['no statement', ' '],
      ['no SQL', 'selec 1'],
      ['a table that is not there', 'SELECT * FROM nowhere_at_all'],
      ['a column that is not there', 'SELECT nothing'],
      ['two statements', 'SELECT 1; SELECT 2'],
      ['a value that does not fit', `SELECT CAST('secret' AS DATE)`],
    ] as const)('refuses %s by name', async ([, sql]) => {
      const { destination } = await setStage(makePlace);

      await expect(destination.query(sql)).rejects.toMatchObject(kind('query-invalid'));
    });

    test.for([
      ['INSERT', 'INSERT INTO LOG SELECT * FROM LOG', 'LOG', 2],
      ['DELETE', 'DELETE FROM LOG WHERE TRUE', 'LOG', 0],
      ['CREATE', 'CREATE TABLE MINE AS SELECT 1 AS x', 'MINE', 1],
      ['DROP', 'DROP TABLE LOG', 'LOG', null],
    ] as const)('refuses to write by %s, which execute does', async ([, statement, table, rows]) => {
      const { place, destination } = await setStage(makePlace);
      const named = (sql: string) => sql.replace(/LOG|MINE/g, (name) => place.table(`my_app_shop_${TABLES[name]}`));
      await destination.append(SHOP, [changeRow('a')]);

      await expect(destination.query(named(statement))).rejects.toMatchObject(kind('query-writes'));

      expect((await destination.query(named('SELECT key FROM LOG'))).rows).toHaveLength(1);
      await destination.execute(named(statement));
      const counted = destination.query(named(`SELECT * FROM ${table}`));
      if (rows === null) await expect(counted).rejects.toMatchObject(kind('query-invalid'));
      else expect((await counted).rows).toHaveLength(rows);
    });

    test('estimates a statement, which may write, without running it', async () => {
      const { place, destination } = await setStage(makePlace);
      const log = place.table('my_app_shop_changelog');
      await destination.append(SHOP, [changeRow('a')]);

      const reading = await destination.estimate(`SELECT key FROM ${log}`);
      const writing = await destination.estimate(`DELETE FROM ${log} WHERE TRUE`, { write: true });

      expect(reading).toMatchObject(reading.isFree ? { rows: 1 } : { bytesBilled: expect.any(Number) });
      expect(writing.isFree).toBe(reading.isFree);
      expect((await destination.query(`SELECT key FROM ${log}`)).rows).toHaveLength(1);
    });

    test.for([
      ['query-invalid', 'selec 1'],
      ['query-invalid', 'SELECT * FROM nowhere_at_all'],
      ['query-invalid', 'SELECT 1; SELECT 2'],
      ['query-writes', 'CREATE TABLE mine AS SELECT 1 AS x'],
    ] as const)('refuses to estimate what it would refuse to run: %s, %s', async ([refusal, sql]) => {
      const { destination } = await setStage(makePlace);

      await expect(destination.estimate(sql)).rejects.toMatchObject(kind(refusal));
    });

    test('does not repeat what rows hold when a statement fails on them', async () => {
      const { place, destination } = await setStage(makePlace);
      await destination.append(SHOP, [changeRow('secret-value')]);

      const attempt = destination.query(`SELECT CAST(key AS DATE) FROM ${place.table('my_app_shop_changelog')}`);

      await expect(attempt).rejects.toMatchObject(kind('query-invalid'));
      await expect(attempt).rejects.not.toThrow('secret-value');
    });
  });
}
