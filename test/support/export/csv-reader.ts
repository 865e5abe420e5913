/**
 * Reads CSV by the grammar of RFC 4180 alone, character by character: a field without quotes and without characters is NULL.
 *
 * Source: <https://www.rfc-editor.org/rfc/rfc4180#section-2>
 *
 * @throws {Error} at anything that the grammar doesn't allow.
 */
export function readCsv(text: string): readonly (readonly (string | null)[])[] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  for (let at = 0; at < text.length; ) {
    const field = text[at] === '"' ? quoted(text, at) : plain(text, at);
    row.push(field.value);
    at = field.end;
    if (text[at] === ',') {
      at++;
      if (at < text.length) continue;
    }
    if (!text.startsWith('\r\n', at)) throw new Error(`No line end at ${at}`);
    at += 2;
    rows.push(row);
    row = [];
    // A row with one empty field.
    while (text.startsWith('\r\n', at)) {
      rows.push([null]);
      at += 2;
    }
  }
  return rows;
}

type Field = { readonly value: string | null; readonly end: number };

function quoted(text: string, start: number): Field {
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== '"') value += text[at];
    else if (text[at + 1] === '"') value += text[at++];
    else return { value, end: at + 1 };
  }
  throw new Error(`No closing quote after ${start}`);
}

function plain(text: string, start: number): Field {
  let end = start;
  while (end < text.length && !',\r\n"'.includes(text[end] ?? '')) end++;
  return { value: end === start ? null : text.slice(start, end), end };
}
