import { findNodeAtLocation, parseTree, printParseErrorCode, visit } from 'jsonc-parser';

/** What is wrong where a text ceases to be JSON, by the parser's word for it. */
const PROBLEMS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is not a value of JSON',
  InvalidNumberFormat: 'this is not a number of JSON',
  PropertyNameExpected: 'a name in double quotes is missing, or the comma before it is one too many',
  ValueExpected: 'a value is missing, or the comma before it is one too many',
  ColonExpected: 'a colon is missing after the name',
  CommaExpected: 'a comma is missing',
  CloseBraceExpected: 'a } is missing',
  CloseBracketExpected: 'a ] is missing',
  EndOfFileExpected: 'the value ends before this',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'the text is not closed by a double quote',
  UnexpectedEndOfNumber: 'the number breaks off',
  InvalidUnicode: 'the text has half a \\u escape',
  InvalidEscapeCharacter: 'the text has an escape that JSON does not know',
  InvalidCharacter: 'the text has a control character, such as a tab or a line end',
};

/** Where a text ceases to be JSON, and why: `line 3, column 5: a comma is missing`. Lines and columns count from 1. */
export function syntaxProblem(json: string): string {
  const problems: string[] = [];
  visit(
    json,
    {
      onError(code, _offset, _length, line, character) {
        const problem = PROBLEMS[printParseErrorCode(code)] ?? 'something else is expected';
        problems.push(`line ${line + 1}, column ${character + 1}: ${problem}`);
      },
    },
    { disallowComments: true },
  );
  return problems[0] ?? 'line 1, column 1: something else is expected';
}

/** The line, from 1, of what a path leads to in a JSON text, or of the last that is there on the way. */
export function lineAt(json: string, path: readonly PropertyKey[]): number {
  const root = parseTree(json);
  const steps = path.filter((step) => typeof step !== 'symbol');
  for (let length = steps.length; root !== undefined && length >= 0; length--) {
    const node = findNodeAtLocation(root, steps.slice(0, length));
    if (node !== undefined) return json.slice(0, node.offset).split(/\r\n|\r|\n/).length;
  }
  return 1;
}
