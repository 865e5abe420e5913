/** An element of XML: its name, its attributes in order, and its text or its children. */
export type XmlElement = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string | readonly XmlElement[];
};

/** Names of elements and attributes are written as they are. */
export function xml(
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  content: XmlElement['content'] = [],
): XmlElement {
  return { name, attributes, content };
}

/** An element as a document of its own, in UTF-8, indented by two spaces. Text stays on one line with its tags. */
export function xmlDocument(root: XmlElement): string {
  return `<?xml version='1.0' encoding='utf-8' ?>\n\n${linesOf(root, '').join('\n')}\n`;
}

function linesOf({ name, attributes, content }: XmlElement, indent: string): readonly string[] {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}='${escaped(value)}'`);
  const tag = `${indent}<${name}${pairs.join('')}`;
  if (content.length === 0) return [`${tag} />`];
  if (typeof content === 'string') return [`${tag}>${escaped(content)}</${name}>`];
  return [`${tag}>`, ...content.flatMap((child) => linesOf(child, `${indent}  `)), `${indent}</${name}>`];
}

/**
 * All that XML 1.0 has no place for: controls, half a surrogate pair, and two that are no characters.
 * Source: <https://www.w3.org/TR/xml/#charsets>
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const NO_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** White space is escaped too: a reader makes spaces of lines and tabs in attributes. */
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&apos;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text that can stand between tags as well as in quotes. What XML can't hold becomes U+FFFD. */
function escaped(text: string): string {
  return text.replace(NO_CHARACTER, '\ufffd').replace(/[&<>'"\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}
