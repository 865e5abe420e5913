import { expect, test } from 'vitest';
import { personalName } from '../../../../src/schema/infer/personal-names.ts';
import { columnOf } from '../../../support/values/proposals.ts';

test.each([
  ['e-mail address', 'email', 'eMail', 'E-Mail', 'emailAddress', 'customer_email', 'courriel', 'correo', 'mailadres'],
  ['phone number', 'phone', 'phoneNumber', 'mobile', 'fax', 'Telefonnummer', 'téléphone', 'telefono', 'telefoonnummer'],
  [
    'name of a person',
    'firstName',
    'last_name',
    'customerName',
    'Vorname',
    'prénom',
    'apellidos',
    'sobrenome',
    'cognome',
    'achternaam',
    'nombreCliente',
  ],
  [
    'postal address',
    'address',
    'street',
    'zipCode',
    'Straße',
    'PLZ',
    'code_postal',
    'dirección',
    'endereço',
    'indirizzo',
    'huisnummer',
  ],
  ['date of birth', 'dateOfBirth', 'dob', 'birthday', 'Geburtsdatum', 'fecha_nacimiento', 'geboortedatum'],
  ['IBAN', 'iban', 'customerIban'],
  ['national id', 'ssn', 'passportNumber', 'Steuernummer', 'dni', 'cpf', 'codiceFiscale', 'bsn'],
  ['IP address', 'ip', 'ipAddress', 'sourceIp', 'clientIP'],
  ['secret', 'password', 'access_token', 'apiKey', 'Kennwort', 'wachtwoord'],
])('%s is known by its name in many languages', (what, ...names) => {
  expect(names.map((name) => [name, personalName([name])])).toEqual(names.map((name) => [name, what]));
});

test.each([
  'name',
  'productName',
  'title',
  'emailCount',
  'emailVerified',
  'addressType',
  'tokenExpires',
  'zip_url',
  'shipping',
  'customer',
  'customerId',
  'description',
  'status',
])('%s is nobody’s', (name) => {
  expect(personalName([name])).toBeUndefined();
});

test('a name is a person’s below a person, and a part of an address is one', () => {
  expect(personalName(['customer', 'name'])).toBe('name of a person');
  expect(personalName(['ship_to', 'name'])).toBe('name of a person');
  expect(personalName(['users', 'name'])).toBe('name of a person');
  expect(personalName(['product', 'name'])).toBeUndefined();
  expect(personalName(['name'], ['shop-Customers'])).toBe('name of a person');
  expect(personalName(['name'], ['Products'])).toBeUndefined();
  expect(personalName(['address', 'city'])).toBe('postal address');
  expect(personalName(['shippingAddress', 'country'])).toBe('postal address');
});

test('a column says so, by the form of its texts before its name', () => {
  expect(columnOf(['a@example.com', 'b@example.com', ''], 'contact').description).toBe(
    'In all 3 items. Looks personal: e-mail address.',
  );
  expect(columnOf(['x'], 'password').description).toBe('In the only item. Looks personal: secret.');
  expect(columnOf(['x', 'y', 'c@example.com'], 'note').description).toBe('In all 3 items.');
  expect(columnOf([['a@example.com']], 'to').description).toContain('Looks personal: e-mail address.');
});
