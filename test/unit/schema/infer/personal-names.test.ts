import { expect, test } from 'vitest';
import { personalName } from '../../../../src/schema/infer/personal-names.ts';
import { columnOf, type PlainItem, proposalOf } from '../../../support/values/proposals.ts';

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
  ['phone number', 'handy', 'portable', 'kundeHandy', 'telephonePortable', 'mobil'],
  ['religion', 'religion', 'Konfession', 'religião'],
  ['nationality', 'nationality', 'Staatsangehörigkeit', 'nationalité', 'customer_nationality'],
  ['health', 'krankenkasse', 'healthInsurance', 'healthInsuranceNumber', 'assuranceMaladie'],
  ['age', 'age', 'alter', 'customerAge', 'edad'],
  ['postal address', 'shippingCity', 'billing_city', 'kunde_ort'],
  ['national id', 'numéro de sécurité sociale', 'numeroSecuriteSociale', 'num_securite_sociale', 'numSecu', 'nss'],
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
  'genre',
  'GenreName',
  'tenantName',
  'streetFood',
  'webAddress',
  'mac_address',
  'phoneModel',
  'cacheAge',
  'maxAge',
  'isPortable',
  'city',
  'Ort',
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
  expect(personalName(['tenant', 'name'])).toBeUndefined();
  expect(personalName(['name'], ['shop-Customers'])).toBe('name of a person');
  expect(personalName(['name'], ['Products'])).toBeUndefined();
  expect(personalName(['address', 'city'])).toBe('postal address');
  expect(personalName(['shippingAddress', 'country'])).toBe('postal address');
});

test('a city is of an address where other parts of one stand beside it', () => {
  const description = (item: PlainItem, column: string) =>
    proposalOf([item]).columns.find(({ name }) => name === column)?.description;

  expect(description({ ort: 'x', plz: 'y' }, 'ort')).toContain('postal address');
  expect(description({ a: { city: 'x', zip: 'y' } }, 'a_city')).toContain('postal address');
  expect(description({ city: 'x', street_food: 'y' }, 'city')).not.toContain('postal address');
});

test('what can be no name or number is not marked by its name', () => {
  const id = '0b1c2d3e-0000-4000-8000-0123456789ab';

  expect(columnOf([id], 'cognito_user_name').description).toBe('In the only item.');
  expect(columnOf(['x'], 'cognito_user_name').description).toContain('name of a person');
  expect(columnOf([id], 'access_token').description).toContain('secret');
  expect(columnOf([true], 'portable').description).toBe('In the only item.');
  expect(columnOf([true], 'disability').description).toContain('health');
});

test('a column says so, by the form of its texts before its name', () => {
  expect(columnOf(['a@example.com', 'b@example.com', ''], 'contact').description).toBe(
    'In all 3 items. Looks personal: e-mail address.',
  );
  expect(columnOf(['x'], 'password').description).toBe('In the only item. Looks personal: secret.');
  expect(columnOf(['x', 'y', 'c@example.com'], 'note').description).toBe('In all 3 items.');
  expect(columnOf([['a@example.com']], 'to').description).toContain('Looks personal: e-mail address.');
});
