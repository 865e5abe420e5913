/**
 * Says that what was read is kept, and how it is gone on with.
 *
 * @param checkpoint Its path.
 * @param besides What else may be done with it, as a clause of its own.
 * @param what What goes on with it.
 */
export function resumeHint(checkpoint: string, besides: string, what = 'the same command'): string {
  return `What was read is kept (${checkpoint}): ${what} goes on there${besides}.`;
}
