import { canonicalJson } from '../../../src/value/canonical-json.ts';

// Writes a map again and again that gains a name each time, as one that is keyed by ids does: twice, as both images of a
// change hold it. What is remembered of names must stay small, however the process's heap is bounded.
const [, , most = '0'] = process.argv;
const map: Record<string, unknown> = {};
for (let names = 0; names < Number(most); names++) {
  map[`name-${names}`] = { NULL: true };
  canonicalJson(map, 'Item');
  canonicalJson(map, 'Item');
}
process.stdout.write('done');
