import { binarySize, roundedUp } from '../../src/byte-count.ts';
import type { SqlBill, SqlEstimate } from '../../src/destination/sql-runner.ts';
import { counted, dollars } from './format.ts';

type Priced = Extract<SqlEstimate, { readonly isFree: false }>;

/** What a statement has billed, for a person. */
export function billLine({ bytesBilled, isCached, dollars: price }: SqlBill): string {
  if (bytesBilled > 0) return `Billed: ${binarySize(bytesBilled)}, ${dollars(price)} on demand.`;
  return `Billed: nothing${isCached ? ', as the result was cached' : ''}.`;
}

/** What a statement has billed, for a script. */
export function billObject({ bytesProcessed, bytesBilled, isCached, dollars: price }: SqlBill) {
  return { bytes_processed: bytesProcessed, bytes_billed: bytesBilled, cached: isCached, dollars: price };
}

/** What a statement would bill, for a person. */
export function estimateLines(estimate: SqlEstimate): readonly string[] {
  if (estimate.isFree) {
    const { rows } = estimate;
    const reads = rows === null ? '' : ` By its plan, its scans give about ${counted(rows, 'row')}.`;
    return [`Nothing was run. The statement would cost nothing: DuckDB bills nothing.${reads}`];
  }
  const { bytesProcessed, bytesBilled, accuracy, dollars: price, maxBytesBilled: cap } = estimate;
  const bound = { exact: '', 'at most': ' at most', 'at least': ' at least', unknown: ' about' }[accuracy];
  return [
    `Nothing was run. The statement would read ${binarySize(bytesProcessed)}${bound}, and bill ` +
      (bytesBilled === 0 ? 'nothing.' : `${binarySize(bytesBilled)}: ${dollars(price)} on demand.`),
    ...(accuracy === 'at most' ? ['The estimate stands before clustering, so the bill may be lower.'] : []),
    ...(accuracy === 'at least' ? ['The bill may be higher.'] : []),
    ...(bytesBilled === 0 ? [] : [priceLine(estimate)]),
    ...(isOverCap(estimate)
      ? [
          `It is over the cap of ${binarySize(cap)}, and would be refused. It runs with ` +
            `--max-bytes-billed ${roundedUp(bytesBilled)}.`,
        ]
      : []),
  ];
}

function priceLine({ price: { tib, locations, source, asOf }, location }: Priced): string {
  const elsewhere = locations.includes(location) ? '' : ` The data is in ${location}, where the price may be another.`;
  return (
    `The price is $${tib} a TiB in the ${locations.join(' and ')} multi-regions (${source}, looked up on ${asOf}).${elsewhere} ` +
    'The first TiB of a month is free. A project with reserved slots pays for these, and not for bytes.'
  );
}

/** What a statement would bill, for a script. */
export function estimateObject(estimate: SqlEstimate) {
  if (estimate.isFree) return { dry_run: true, bytes_billed: 0, dollars: 0, rows_read: estimate.rows };
  return {
    dry_run: true,
    bytes_billed: estimate.bytesBilled,
    dollars: estimate.dollars,
    bytes_processed: estimate.bytesProcessed,
    accuracy: estimate.accuracy,
    dollars_per_tib: estimate.price.tib,
    price_locations: estimate.price.locations,
    price_source: estimate.price.source,
    price_as_of: estimate.price.asOf,
    location: estimate.location,
    max_bytes_billed: estimate.maxBytesBilled,
    over_cap: isOverCap(estimate),
  };
}

/** Whether a statement would be refused for what it would bill. */
export function isOverCap(estimate: SqlEstimate): boolean {
  return !estimate.isFree && estimate.bytesBilled > estimate.maxBytesBilled;
}
