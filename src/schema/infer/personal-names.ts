import { nameWords } from './name-words.ts';

/** What an attribute is by its name, and the names: words that stand together, without accents, in any of the languages. */
const NAMES: readonly (readonly [what: string, names: string])[] = [
  [
    'e-mail address',
    'email, e mail, mail, email address, mail address, e mail address, emailadresse, courriel, correo, correio, posta elettronica, mailadres',
  ],
  [
    'phone number',
    'phone, phone number, mobile, mobile number, cellphone, fax, telephone, tel, msisdn, gsm, mobil, mobiltelefon, mobilnummer, telefon, telefonnummer, handynummer, handynr, telephone portable, numero portable, rufnummer, telefono, movil, celular, telefone, telemovel, cellulare, telefoonnummer, telefoon, whatsapp',
  ],
  [
    'name of a person',
    'first name, last name, given name, family name, middle name, full name, maiden name, surname, forename, firstname, lastname, fullname, givenname, familyname, display name, nickname, username, contact person, vorname, nachname, familienname, geburtsname, benutzername, kundenname, ansprechpartner, ansprechperson, prenom, nom de famille, nom complet, apellido, apellidos, nombre completo, sobrenome, apelido, nome completo, cognome, voornaam, achternaam, tussenvoegsel',
  ],
  [
    'postal address',
    'address, addresses, street, postal, street address, address line, address line 1, address line 2, addressline1, addressline2, zip, zip code, zipcode, postcode, postal code, postalcode, house number, housenumber, adresse, strasse, hausnummer, plz, postleitzahl, anschrift, wohnort, rue, code postal, codepostal, direccion, calle, codigo postal, domicilio, endereco, rua, cep, indirizzo, codice postale, adres, straat, huisnummer, woonplaats',
  ],
  [
    'date of birth',
    'birthday, birthdate, birth date, date of birth, dob, geburtsdatum, geburtstag, date de naissance, date naissance, naissance, fecha de nacimiento, fecha nacimiento, nacimiento, data de nascimento, data nascimento, nascimento, data di nascita, data nascita, nascita, geboortedatum',
  ],
  ['IBAN', 'iban'],
  [
    'bank account',
    'bic, swift, account number, accountnumber, bank account, bankaccount, kontonummer, kontoinhaber, routing number, sort code, numero de cuenta, cuenta bancaria, conto corrente, rekeningnummer',
  ],
  [
    'card number',
    'card number, cardnumber, credit card, creditcard, cvv, cvc, kartennummer, kreditkarte, carte bancaire, tarjeta, cartao, carta di credito, kaartnummer',
  ],
  [
    'national id',
    'ssn, social security, social security number, national id, nationalid, passport, passport number, passportnumber, tax id, taxid, tin, drivers license, driver license, license number, nino, steuernummer, steuer id, sozialversicherungsnummer, personalausweis, ausweisnummer, reisepass, nir, insee, securite sociale, numero de securite sociale, numero securite sociale, numerosecuritesociale, numsecu, num secu, no secu, numero secu, nss, passeport, dni, nif, curp, pasaporte, cpf, passaporte, codice fiscale, codicefiscale, passaporto, bsn, burgerservicenummer, paspoort, pesel',
  ],
  [
    'IP address',
    'ip, ip address, ipaddress, source ip, sourceip, client ip, remote addr, ip adresse, adresse ip, direccion ip, endereco ip, indirizzo ip, ip adres',
  ],
  ['gender', 'gender, sex, geschlecht, sexe, sexo, sesso, geslacht'],
  [
    'religion',
    'religion, religious affiliation, confession, konfession, religionszugehorigkeit, religiao, religione, godsdienst',
  ],
  [
    'nationality',
    'nationality, citizenship, ethnicity, nationalitat, staatsangehorigkeit, staatsburgerschaft, nationalite, nacionalidad, nacionalidade, nazionalita, cittadinanza, nationaliteit',
  ],
  ['location', 'latitude, longitude, lat, lng, lon, geo, geolocation, gps, breitengrad, langengrad'],
  ['salary', 'salary, income, wage, gehalt, lohn, einkommen, salaire, salario, stipendio, salaris'],
  [
    'health',
    'diagnosis, blood type, allergies, medication, disability, health insurance, health insurance number, medical record number, krankenkasse, krankenversicherung, krankenversicherungsnummer, versichertennummer, behinderung, assurance maladie, mutuelle, seguro medico, tessera sanitaria, zorgverzekering, diagnose, blutgruppe, allergien, diagnostic, diagnostico, diagnosi',
  ],
  [
    'secret',
    'password, passwd, password hash, passwordhash, pwd, secret, token, access token, refresh token, api key, apikey, private key, passwort, kennwort, mot de passe, contrasena, senha, wachtwoord',
  ],
];

/** Words that tell of a person only where they are the whole name, or stand behind one of those for persons. */
const WHOLE = new Map([
  ...['age', 'alter', 'edad', 'idade', 'leeftijd'].map((name) => [name, 'age'] as const),
  ...['handy', 'portable'].map((name) => [name, 'phone number'] as const),
  ...['genero', 'genere'].map((name) => [name, 'gender'] as const),
]);

/** Parts of an address that are elsewhere, too: they are one's where other parts stand beside them. */
const CITIES = new Set(['city', 'town', 'ort', 'stadt', 'ville', 'ciudad', 'cidade', 'citta', 'stad', 'plaats']);
const OF_ADDRESS = new Set(['billing', 'shipping', 'delivery', 'home', 'invoice', 'rechnung', 'rechnungs', 'liefer']);

/** Whose `name` is that of a person. */
const PERSONS = new Set(
  `user customer client person people employee patient author owner contact member recipient sender guest student teacher
  driver passenger buyer seller subscriber applicant attendee participant traveller traveler profile doctor ship bill
  kunde kundin benutzer person mitarbeiter patientin autor mitglied empfanger absender gast
  utilisateur personne employe auteur membre destinataire usuario cliente persona empleado paciente autor miembro
  pessoa funcionario utente dipendente paziente autore klant gebruiker persoon medewerker`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Words for a name, of whatever it is. */
const NAME = new Set(['name', 'names', 'nom', 'nombre', 'nome', 'naam']);

const WHAT = new Map(NAMES.flatMap(([what, names]) => names.split(', ').map((name) => [name, what] as const)));

/** The most words that a name in the table has. */
const MAX_WORDS = 4;

/**
 * What a value tells of a person, by the names on its path: those of the last one first. `undefined` if they say nothing.
 *
 * @param names From the attribute down.
 * @param about What the item is, such as the name of its table or kind: a customer's `name` is a person's.
 * @param beside Names of attributes beside it: a `city` beside a street is an address's.
 */
export function personalName(
  names: readonly string[],
  about: readonly string[] = [],
  beside: readonly string[] = [],
): string | undefined {
  const words = nameWords(names.at(-1) ?? '');
  const above = names.slice(0, -1).flatMap(nameWords);
  const found = lookUp(words) ?? ofWhole(words) ?? ofCity(words, beside);
  if (found !== undefined) return found;
  if (
    words.some((word) => NAME.has(word)) &&
    [...above, ...words, ...about.flatMap(nameWords)].some((word) => PERSONS.has(singular(word)))
  ) {
    return isOther(words) ? undefined : 'name of a person';
  }
  return above.length > 0 && lookUp(above) === 'postal address' ? 'postal address' : undefined;
}

function ofWhole(words: readonly string[]): string | undefined {
  const rest = words.slice(0, -1);
  return rest.every((word) => PERSONS.has(singular(word))) ? WHOLE.get(words.at(-1) ?? '') : undefined;
}

function ofCity(words: readonly string[], beside: readonly string[]): string | undefined {
  if (!CITIES.has(words.at(-1) ?? '')) return undefined;
  const isAddress =
    words.slice(0, -1).some((word) => OF_ADDRESS.has(word) || PERSONS.has(singular(word))) ||
    beside.some((name) => lookUp(nameWords(name)) === 'postal address');
  return isAddress ? 'postal address' : undefined;
}

/** The words that stand together, the longest and last ones first. */
function lookUp(words: readonly string[]): string | undefined {
  for (let length = Math.min(MAX_WORDS, words.length); length > 0; length--) {
    const what = WHAT.get(words.slice(-length).join(' ')) ?? WHAT.get(words.slice(0, length).join(' '));
    if (what !== undefined && (length > 1 || !isOther(words)) && !OF_THINGS.has(words.at(-2) ?? '')) return what;
  }
  return undefined;
}

/** Names in which a word such as `address` or `token` isn't about a person's. */
const OTHERS = new Set(
  `count type status verified valid enabled at id ids url uri version template subject confirmed domain sent expires expiry
  provider format page size length used limit model brand make food art sign screen plan os app`.split(/\s+/),
);

/** Words before `address` that make it one of things: the last one is looked at. */
const OF_THINGS = new Set(
  'web website site mac memory hardware bus contract wallet bitcoin btc eth ethereum server bind listen network device'.split(
    ' ',
  ),
);

function isOther(words: readonly string[]): boolean {
  return words.length > 1 && OTHERS.has(words.at(-1) ?? '');
}

function singular(word: string): string {
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}
