import { canonicalJson } from '../../../src/value/canonical-json.ts';

// Writes a map that gains a name each time, like a map keyed by ids, and each time twice, like the two images of a change.
// The cache of names must stay small, so that the process fits into a bounded heap.
const [, , most = '0'] = process.argv;
const map: Record<string, unknown> = {};
for (let names = 0; names < Number(most); names++) {
  map[`name-${names}`] = { NULL: true };
  canonicalJson(map, 'Item');
  canonicalJson(map, 'Item');
}
process.stdout.write('done');
