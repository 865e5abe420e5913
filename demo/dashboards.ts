import type { SqlResult, SqlRunner } from '../src/destination/destination.ts';
import { duckdb } from '../src/views/duckdb.ts';

/** A question to the typed views, as a dashboard asks it. */
export type Dashboard = { readonly title: string; readonly sql: string };

/** What a dashboard shows at a moment. */
export type DashboardAnswer = { readonly title: string; readonly result: SqlResult };

/**
 * What the shop wants to know while it changes.
 *
 * @param nameOf The name in the destination of a view that a schema file declares.
 */
export function dashboardsOf(nameOf: (declared: string) => string): readonly Dashboard[] {
  const view = (declared: string) => duckdb.table(nameOf(declared));
  return [
    {
      title: 'The typed view Orders: revenue by status',
      sql: `\
SELECT status, count(*) AS orders, CAST(sum(total) AS DECIMAL(18, 2)) AS revenue
FROM ${view('Orders')}
GROUP BY status
ORDER BY status`,
    },
    {
      title: "Two typed views of Tearoom, joined: visits by the guest's city",
      sql: `\
SELECT city, count(*) AS visits, sum(guests) AS guests, CAST(sum(spent) AS DECIMAL(18, 2)) AS spent
FROM ${view('Tearoom__visits')}
JOIN ${view('Tearoom__customers')} USING (customer_id)
GROUP BY city
ORDER BY city`,
    },
  ];
}

/** Asks all of them, one after the other: each sees the changes that have arrived by then. */
export async function ask(
  dashboards: readonly Dashboard[],
  destination: SqlRunner,
): Promise<readonly DashboardAnswer[]> {
  const answers: DashboardAnswer[] = [];
  for (const { title, sql } of dashboards) answers.push({ title, result: await destination.execute(sql) });
  return answers;
}
