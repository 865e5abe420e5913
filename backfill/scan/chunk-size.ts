/**
 * What the first load of a snapshot holds, in characters: loaded soon, so that little is read again by a process that was
 * killed.
 */
const FIRST_CHUNK = 8 * 1024 * 1024;

/**
 * Each load is by this much larger than the one before it: a hundredth of what was loaded by then, and the first. So 551
 * loads carry 200 GB and a thousand 17 TB, whatever the items and the segments are like. BigQuery takes 1,500 loads into a
 * table a day.
 * Source: <https://docs.cloud.google.com/bigquery/quotas#load_jobs>
 */
const GROWTH = 1.01;

/** How many times as large as the first load the next one is. It follows from the number of those before it alone. */
export function chunkTimes(loads: number): number {
  return GROWTH ** loads;
}

/**
 * How many characters the next load of a snapshot holds, behind so many loads.
 *
 * @param most What the destination takes at once.
 */
export function chunkCharacters(loads: number, most: number): number {
  return Math.min(FIRST_CHUNK * chunkTimes(loads), Math.max(FIRST_CHUNK, most));
}
