/**
 * Characters of a snapshot's first load. It is loaded soon, so that after a kill little is read again.
 */
const FIRST_CHUNK = 8 * 1024 * 1024;

/**
 * Each load is larger than the one before it by this factor. So 551 loads carry 200 GB and a thousand carry 17 TB, whatever
 * the items and the segments are like. BigQuery takes 1,500 loads into a table a day.
 * Source: <https://docs.cloud.google.com/bigquery/quotas#load_jobs>
 */
const GROWTH = 1.01;

/** How many times as large as the first load the load after `loads` others is. */
export function chunkTimes(loads: number): number {
  return GROWTH ** loads;
}

/**
 * How many characters a snapshot's next load holds, after `loads` others.
 *
 * @param most The most that the destination takes at once.
 */
export function chunkCharacters(loads: number, most: number): number {
  return Math.min(FIRST_CHUNK * chunkTimes(loads), Math.max(FIRST_CHUNK, most));
}
