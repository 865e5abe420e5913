/** An attribute of a table's primary key, and DynamoDB's word for its type. */
export type KeyAttribute = { readonly name: string; readonly type: 'S' | 'N' | 'B' };
