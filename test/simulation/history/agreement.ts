import { canonicalJson } from '../../../src/value/canonical-json.ts';
import { canonicalText } from '../../../src/value/canonical-text.ts';
import { isReadable, keyOf } from '../world/change.ts';
import { TABLE } from '../world/table.ts';
import type { World } from '../world/world.ts';

/** How old an item may be that a scan gives, since it isn't strongly consistent. */
const STALE_MS = 2_000;

/**
 * Records which items differ from their rows when a command begins.
 *
 * @returns a check to call if the command reports that both sides agree: no item may have differed from its row all the
 *   time while neither of them changed.
 */
export async function agreementFrom(world: World): Promise<(who: string) => Promise<void>> {
  const { table, scheduler, warehouse } = world;
  const from = scheduler.now();
  const events = warehouse.ledger.length;
  const before = await stillDiffering(world);
  return async (who) => {
    // The command need not see every state when others publish meanwhile.
    const publications = warehouse.ledger.slice(events).filter(({ event }) => event === 'published').length;
    if (publications > 1) return;
    const after = await stillDiffering(world);
    const moved = new Set(
      table.changes
        .filter(({ at, visibleAt }) => at >= from - STALE_MS || (visibleAt ?? 0) >= from)
        .map(({ name }) => name),
    );
    for (const [name, shown] of before) {
      if (moved.has(name) || after.get(name) !== shown) continue;
      world.violate(`${who} reports that both sides agree, and ${name} has differed all the time`);
    }
  };
}

/** The items that differ from the latest view now, and what it shows of each; `null` for nothing. */
async function stillDiffering({ table, warehouse }: World): Promise<ReadonlyMap<string, string | null>> {
  await warehouse.showDue();
  const names = table.names();
  const rows = await warehouse.store.lookup(TABLE, names.map(keyOf));
  const differing = new Map<string, string | null>();
  for (const name of names) {
    const item = table.items.get(name) ?? null;
    if (!isReadable(item)) continue;
    const row = rows.get(keyOf(name));
    const shown = row === undefined ? null : canonicalText(row.item);
    if (shown !== (item === null ? null : canonicalJson(item, 'Item'))) differing.set(name, shown);
  }
  return differing;
}
