/**
 * GoogleSQL's text of a JSON expression, in which a number has the fewest digits that tell it from other doubles, as it
 * was written; anything else is as it is.
 *
 * BigQuery keeps a number that isn't a small integer as a double, and its own text of it is some that reads back as that
 * double: `726.361739` comes out as `726.3617389999999`. Rounded to 15, 16 or 17 digits, the first that reads back is
 * the shortest and the nearest, which is what stands in the JSON.
 *
 * Source: the text is made by Grisu2, <https://dl.acm.org/doi/10.1145/1806596.1806623>, which finds the shortest for
 * 99.9 % of doubles.
 */
export function shortestDigits(json: string): string {
  const text = `TO_JSON_STRING(${json})`;
  const double = `SAFE_CAST(${text} AS FLOAT64)`;
  const rounded = (digits: number) => `FORMAT('%.${digits}g', ${double})`;
  const readsBack = (digits: number) => `SAFE_CAST(${rounded(digits)} AS FLOAT64) = ${double}`;
  return [
    `CASE`,
    `WHEN NOT REGEXP_CONTAINS(${text}, r'^-?[0-9]([0-9]{15}|[0-9]*[.eE])') THEN ${text}`,
    `WHEN ${readsBack(15)} THEN ${rounded(15)}`,
    `WHEN ${readsBack(16)} THEN ${rounded(16)}`,
    `ELSE ${rounded(17)}`,
    `END`,
  ].join(' ');
}
