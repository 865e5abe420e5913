import { type QueryName, type SceneCost, WAYS, type Way } from './dashboards.ts';
import { type Findings, fixed, ratio, table, whole } from './part.ts';

type Goal = {
  readonly what: string;
  readonly found: number;
  readonly most?: number;
  readonly least?: number;
};

/** Tables, ratios and goals, from what was measured. */
export function dashboardFindings(scenes: readonly SceneCost[]): Findings {
  const goals = goalsOf(scenes);
  return {
    paragraphs: [
      "A dashboard's queries of orders, 700 bytes each, with seven typed columns. (a) is a plain table of these columns. " +
        '(b) is the typed view before a compaction. (c) is the view after it: its tail has one change to a hundred items, ' +
        'and one change in a hundred is a replay. (d) is the view of commit 4bb89be over the same rows. A history of 10 × is ' +
        'ten changes to each item; with none, one item in a hundred has a change. *grouped* is a sum by two columns, *point* ' +
        'looks up a total. Best run (median), ms, each way and query in a process of its own:',
      table(['items', 'history', 'query', '(a)', '(b)', '(c)', '(d)', '(c) / (a)', '(d) / (c)'], scenes.flatMap(times)),
      'Peak memory of the whole process of the grouped query, and the size of the file, MB:',
      table(['items', 'history', 'memory (a)', '(b)', '(c)', '(d)', 'file (a)', '(b)', '(c)'], scenes.map(space)),
      'Bytes that BigQuery would bill for the grouped query, MB, reckoned by its sizes of columns and its least of 10 MB a table, with the history spread ' +
        'over 100 days and the tail at its pace:',
      table(['items', 'history', '(a)', '(b)', '(c) by days', '(c) by hours', '(d)'], scenes.map(billed)),
      'The compaction, and a bare `CREATE TABLE AS` of the rows that it made, each a process:',
      table(
        ['items', 'history', 'compaction, s', 'copy, s', 'times as long', 'times the CPU', 'peak memory, MB'],
        scenes.map(compaction),
      ),
      'Goals:',
      goals.map(goalLine).join('\n'),
    ],
    ratios: {
      dashboards: {
        scenes: scenes.map(ratiosOf),
        goals: goals.map((goal) => ({ ...goal, found: Number(goal.found.toFixed(2)), met: isMet(goal) })),
      },
    },
  };
}

function times(scene: SceneCost): readonly string[][] {
  return (['grouped', 'point', 'count'] as const).map((query) => {
    const cost = (way: Way) => scene.queries[way][query];
    const shown = WAYS.map((way) => `${fixed(cost(way).bestMs)} (${fixed(cost(way).medianMs)})`);
    return [
      ...sizeOf(scene),
      query,
      ...shown,
      fixed(slower(scene, query, 'after', 'plain')),
      fixed(slower(scene, query, 'old', 'after')),
    ];
  });
}

function space(scene: SceneCost): readonly string[] {
  const { plain, before, after } = scene.fileBytes;
  const memory = WAYS.map((way) => whole(scene.queries[way].grouped.peakMb));
  return [...sizeOf(scene), ...memory, ...[plain, before, after].map((bytes) => fixed(bytes / 1e6))];
}

function billed(scene: SceneCost): readonly string[] {
  const { plain, before, afterByDay, afterByHour, old } = scene.billed;
  return [...sizeOf(scene), ...[plain, before, afterByDay, afterByHour, old].map((bytes) => fixed(bytes / 1e6))];
}

function compaction(scene: SceneCost): readonly string[] {
  const { compaction, copy } = scene;
  return [
    ...sizeOf(scene),
    (compaction.wallMs / 1_000).toFixed(2),
    (copy.wallMs / 1_000).toFixed(2),
    fixed(compaction.wallMs / copy.wallMs),
    fixed(compaction.cpuMs / copy.cpuMs),
    whole(compaction.peakMb),
  ];
}

function sizeOf({ items, history }: SceneCost): readonly string[] {
  return [String(items), `${history} ×`];
}

function slower({ queries }: SceneCost, query: QueryName, way: Way, than: Way): number {
  return queries[way][query].bestMs / queries[than][query].bestMs;
}

function ratiosOf(scene: SceneCost) {
  const { items, history, queries, billed: bytes } = scene;
  return {
    items,
    history,
    after_to_plain: ratio(queries.after.grouped.bestMs, queries.plain.grouped.bestMs),
    old_to_after: ratio(queries.old.grouped.bestMs, queries.after.grouped.bestMs),
    old_to_before: ratio(queries.old.grouped.bestMs, queries.before.grouped.bestMs),
    point_to_grouped: ratio(queries.after.point.bestMs, queries.after.grouped.bestMs),
    memory_after_to_plain: ratio(queries.after.grouped.peakMb, queries.plain.grouped.peakMb),
    billed_after_to_plain: { day: ratio(bytes.afterByDay, bytes.plain), hour: ratio(bytes.afterByHour, bytes.plain) },
    billed_old_to_plain: ratio(bytes.old, bytes.plain),
    compaction_to_copy: ratio(scene.compaction.wallMs, scene.copy.wallMs),
  };
}

function goalsOf(scenes: readonly SceneCost[]): readonly Goal[] {
  const sizes = [...new Set(scenes.map(({ items }) => items))];
  const greatest = (of: readonly SceneCost[], value: (scene: SceneCost) => number) => Math.max(...of.map(value));
  const goals: Goal[] = [];
  for (const items of sizes) {
    const of = scenes.filter((scene) => scene.items === items);
    const at = `at ${items} items`;
    const grouped = of.map(({ queries }) => queries.after.grouped.bestMs);
    goals.push(
      {
        what: `(c) to (a), ${at}`,
        found: greatest(of, (scene) => slower(scene, 'grouped', 'after', 'plain')),
        most: items < 1e6 ? 10 : 4,
      },
      {
        what: `(c) with the longest history to (c) with the shortest, ${at}`,
        found: (grouped.at(-1) ?? 0) / (grouped[0] ?? 1),
        most: 1.2,
      },
      {
        what: `point to grouped query of (c), ${at}`,
        found: greatest(of, ({ queries }) => queries.after.point.bestMs / queries.after.grouped.bestMs),
        most: 1.5,
      },
      {
        what: `peak memory of (c) to (a), ${at}`,
        found: greatest(of, ({ queries }) => queries.after.grouped.peakMb / queries.plain.grouped.peakMb),
        most: 1.5,
      },
      {
        what: `bytes in BigQuery of (c) by days to (a), ${at}`,
        found: greatest(of, ({ billed: b }) => b.afterByDay / b.plain),
        most: 4,
      },
      {
        what: `bytes in BigQuery of (c) by hours to (a), ${at}`,
        found: greatest(of, ({ billed: b }) => b.afterByHour / b.plain),
        most: 4,
      },
    );
  }
  for (const scene of scenes.filter(({ history }) => history === 100)) {
    goals.push(
      { what: '(d) to (c), history of 100 ×', found: slower(scene, 'grouped', 'old', 'after'), least: 50 },
      { what: '(d) to (b), history of 100 ×', found: slower(scene, 'grouped', 'old', 'before'), least: 4 },
    );
  }
  for (const { compaction, copy } of scenes.filter(({ items, history }) => items >= 1e6 && history === 1)) {
    goals.push(
      {
        what: 'compaction of 1,000,000 items and as many changes to a bare copy',
        found: compaction.wallMs / copy.wallMs,
        most: 5,
      },
      { what: 'its peak memory, MB', found: compaction.peakMb, most: 1_000 },
    );
  }
  return goals;
}

function goalLine(goal: Goal): string {
  const { what, found, most, least } = goal;
  const bound = most === undefined ? `at least ${least}` : `at most ${most}`;
  return `- ${what}: ${found.toFixed(1)}, ${bound}: ${isMet(goal) ? 'met' : 'missed'}`;
}

function isMet({ found, most = Number.POSITIVE_INFINITY, least = 0 }: Goal): boolean {
  return found <= most && found >= least;
}
