import { expect, test } from 'vitest';
import { likeliestName } from '../../src/likeliest-name.ts';

test.each([
  ['orders', 'Orders'],
  ['Ordres', 'Orders'],
  ['Order', 'Orders'],
  ['Order_lines', 'OrderLines'],
])('%s most likely means %s', (text, name) => {
  expect(likeliestName(text, ['Customers', 'OrderLines', 'Orders'])).toBe(name);
});

test.each(['Invoices', 'O', ''])('"%s" means none of them', (text) => {
  expect(likeliestName(text, ['Customers', 'Orders', 'abc'])).toBeUndefined();
});
