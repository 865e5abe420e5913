import type { ProposedView } from './proposal.ts';

/** Kinds of items are named by words. With spaces or digits they may be names of people, or codes. */
const UNLIKE_KIND = /[\s\d]/;

/**
 * The attributes whose values stand in conditions of views, and look like no words for kinds. A proposal has no other values of
 * items, so these are what a person must look at.
 */
export function doubtfulWords(views: readonly ProposedView[]): readonly string[] {
  const conditions = views.flatMap(({ where = [] }) => where);
  return [
    ...new Set(
      conditions.flatMap((one) => (UNLIKE_KIND.test('equals' in one ? one.equals : one.prefix) ? [one.path] : [])),
    ),
  ];
}
