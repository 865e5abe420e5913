/**
 * Values that tests put into attributes, in each form that they may come out in. They may be in results, rows and records
 * only: never in a log line, an error, a reason or on stderr.
 */
export const PLANTED = { text: 'planted-value', number: '7355608.25', binary: 'cGxhbnRlZC12YWx1ZQ==' } as const;

const FORMS = [/planted/i, /7355608\.?25/, /cGxhbnRlZ/];

/** Whether a text contains a planted value. */
export function showsPlanted(text: string): boolean {
  return FORMS.some((form) => form.test(text));
}
