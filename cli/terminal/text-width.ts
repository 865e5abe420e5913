const PRINTABLE_ASCII = /^[\u0020-\u007e]*$/;

/** What takes two columns: East Asian wide characters, and emoji. Source: <https://www.unicode.org/reports/tr11/> */
const WIDE =
  /^(?:\p{Emoji_Presentation}|.\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])/u;

/** What takes no column: combining marks and format characters on their own. */
const EMPTY = /^[\p{Mn}\p{Me}\p{Cf}]/u;

/** No character of Unicode's takes more UTF-16 code units than this per column, however many marks stand on it. */
const MAX_UNITS = 16;

/** Made once a text needs it: that takes as long as a tenth of a start. */
let segmenter: Intl.Segmenter | undefined;

function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Stands where a text was cut. */
export const CUT = '…';

/** How many columns of a terminal a line of text takes. */
export function textWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes(text)) width += widthOf(segment);
  return width;
}

function widthOf(grapheme: string): number {
  if (WIDE.test(grapheme)) return 2;
  return EMPTY.test(grapheme) ? 0 : 1;
}

/** A line of text in at most `width` columns: its beginning and its end, with {@link CUT} between them where it was cut. */
export function cutMiddle(text: string, width: number): string {
  if (text.length <= width * MAX_UNITS && textWidth(text) <= width) return text;
  const head = takeWidth(text.slice(0, width * MAX_UNITS), Math.ceil((width - 1) / 2));
  const tail = [...graphemes(text.slice(-width * MAX_UNITS))].map(({ segment }) => segment).reverse();
  let left = width - 1 - textWidth(head);
  let end = '';
  for (const grapheme of tail) {
    left -= widthOf(grapheme);
    if (left < 0) break;
    end = grapheme + end;
  }
  return `${head}${CUT}${end}`;
}

/** A text as lines of at most `width` columns, broken behind spaces where that wastes little. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width || (!PRINTABLE_ASCII.test(rest) && textWidth(rest) > width)) {
    const whole = takeWidth(rest.slice(0, width * MAX_UNITS), width);
    if (whole.length === rest.length) break;
    const space = whole.lastIndexOf(' ') + 1;
    const line = space > whole.length / 2 ? whole.slice(0, space) : whole || rest.slice(0, 1);
    lines.push(line.trimEnd());
    rest = rest.slice(line.length);
  }
  return [...lines, rest];
}

/** The longest beginning of a text that takes at most `width` columns. */
function takeWidth(text: string, width: number): string {
  let taken = '';
  let left = width;
  for (const { segment } of graphemes(text)) {
    left -= widthOf(segment);
    if (left < 0) break;
    taken += segment;
  }
  return taken;
}
