/**
 * An attribute value in DynamoDB's own form, as it comes in: exactly one member, named for its type.
 *
 * Binary is base64 text (Lambda, exports) or bytes (SDK). Nothing about it is trusted until it is encoded.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html>
 */
export type AttributeValue = { readonly [type: string]: unknown };

/** Attributes by name: an item, an image, or the key attributes of one. */
export type AttributeMap = { readonly [name: string]: AttributeValue };
