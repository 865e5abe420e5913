/** A step into JSON: text is the name of an object's member, a number the index of a list's element. */
export type PathStep = string | number;

/**
 * Where in an item a column's value lies.
 *
 * ```text
 * "a.b"            →  ["a.b"]          one attribute of the item, dots and all
 * ["lines", 0]     →  ["lines", 0]     the first element of the attribute lines
 * ```
 */
export type Path = readonly PathStep[];
