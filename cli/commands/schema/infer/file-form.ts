import { isObject } from '../../../../src/value/is-object.ts';

/** How a file has its items: as attribute values, or as plain JSON. */
export type FileForm = 'attributes' | 'plain';

/** An item of a file. Without attributes it is of either form. */
export type FileItem = { readonly item: Readonly<Record<string, unknown>>; readonly form: FileForm | 'empty' };

const TYPES = new Set(['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS']);

/**
 * The items in a value of a file: an item itself; one in the envelope of an export, of an incremental export, or of a request
 * that puts it, or in a record of a stream; or a list of these, as a scan, requests for several tables, and what a Lambda gets
 * have it. Deletions have none.
 *
 * @returns `undefined` if the value is nothing of that.
 */
export function itemsIn(value: unknown): readonly FileItem[] | undefined {
  if (Array.isArray(value)) return together(value.map(itemsIn));
  if (!isObject(value)) return undefined;
  const { Item, Items, PutRequest, DeleteRequest, Keys, NewImage, Records, dynamodb } = value;
  const members = Object.values(value);
  if (isAttributes(value)) return [{ item: value, form: Object.keys(value).length === 0 ? 'empty' : 'attributes' }];
  if (isAttributes(Item)) return [{ item: Item, form: 'attributes' }];
  if (Array.isArray(Items)) return together(Items.map(itemsIn));
  if (isObject(PutRequest) && isAttributes(PutRequest['Item']))
    return [{ item: PutRequest['Item'], form: 'attributes' }];
  if (isObject(DeleteRequest)) return [];
  if (isObject(dynamodb) && isAttributes(dynamodb['Keys'])) return ofRecord(value, dynamodb);
  if (Array.isArray(Records) && Records.length > 0 && Records.every(isRecord)) return together(Records.map(itemsIn));
  if (isAttributes(Keys)) return isAttributes(NewImage) ? [{ item: NewImage, form: 'attributes' }] : [];
  if (members.every(isRequests)) return together(members.map(itemsIn));
  return [{ item: value, form: 'plain' }];
}

function together(lists: readonly (readonly FileItem[] | undefined)[]): readonly FileItem[] | undefined {
  const found = lists.filter((list) => list !== undefined);
  return found.length === lists.length ? found.flat() : undefined;
}

/** The new image of a change. A stream of keys alone has no items. */
function ofRecord(
  { eventName }: Readonly<Record<string, unknown>>,
  { NewImage }: Readonly<Record<string, unknown>>,
): readonly FileItem[] | undefined {
  if (isAttributes(NewImage)) return [{ item: NewImage, form: 'attributes' }];
  return eventName === 'REMOVE' ? [] : undefined;
}

function isRecord(value: unknown): boolean {
  return isObject(value) && isObject(value['dynamodb']) && isAttributes(value['dynamodb']['Keys']);
}

function isRequests(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((one) => isObject(one) && isRequest(one));
}

function isRequest({ PutRequest, DeleteRequest }: Readonly<Record<string, unknown>>): boolean {
  return isObject(PutRequest) || isObject(DeleteRequest);
}

/** Whether every member is an attribute value by its form: an object of one member, named for a type. */
function isAttributes(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) return false;
  for (const name in value) {
    const attribute = value[name];
    if (!isObject(attribute)) return false;
    let type: string | undefined;
    for (const member in attribute) {
      if (type !== undefined || !TYPES.has(member)) return false;
      type = member;
    }
    if (type === undefined) return false;
  }
  return true;
}
