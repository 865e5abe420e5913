import { nameWords } from './name-words.ts';
import type { NumberFacts } from './number-facts.ts';

/** Words of names of times, in the languages that most models are written in. */
const TIME_WORDS = new Set(
  `at ts time timestamp datetime date epoch ttl expires expire expiry expiration expired created updated modified changed
  deleted inserted started ended finished completed start end begin due deadline since until when born birthday dob seen login
  visited scheduled published sent received signed joined registered activated verified paid shipped delivered ordered
  cancelled canceled closed opened archived processed occurred recorded last from to valid millis seconds
  createdon updatedon modifiedon createdat updatedat deletedat expiresat checkin checkout pickup dropoff signup arrival
  departure arrived departed booked reserved invoiced refunded confirmed
  datum zeit uhrzeit zeitpunkt zeitstempel ablauf ablaufdatum erstellt geandert geaendert aktualisiert geloscht geloescht
  beginn ende gultig gueltig bezahlt bestellt versendet versandt geliefert storniert gebucht angelegt faellig fallig abgelaufen
  anreise abreise ankunft abfahrt
  heure horodatage cree modifie supprime paye envoye livre arrivee expiration debut fin echeance
  fecha hora creado actualizado modificado eliminado pagado enviado entregado caducidad vencimiento inicio
  data criado atualizado pago entregue pagato vencimento creato aggiornato scadenza inizio fine ora
  datum tijd tijdstip aangemaakt gewijzigd verwijderd betaald verzonden verloopt einde`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Words of names of lengths and counts, which outweigh the others: a time-out is no time. */
const OTHER_WORDS = new Set(
  `count total number num no id duration elapsed length size amount sum price interval timeout lifetime uptime zone timezone
  offset version index rate score retries attempts bytes latency phone`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** As in `gesperrtAm`: only at the end, as English has the word, too. */
const GERMAN_AT = 'am';

/** Units of an epoch, with the range in which numbers can be times: from 2000 to 2100, and fractions that the format has. */
const UNITS = [
  { format: 'epoch_seconds', unit: 'seconds', perSecond: 1, places: 6 },
  { format: 'epoch_milliseconds', unit: 'milliseconds', perSecond: 1e3, places: 3 },
  { format: 'epoch_microseconds', unit: 'microseconds', perSecond: 1e6, places: 0 },
] as const;
const FROM_2000 = 946_684_800;
const TO_2100 = 4_102_444_800;

export type EpochUnit = (typeof UNITS)[number];

/** Whether an attribute's name says that it is a time. A number of plausible size alone does not: it may be an id. */
export function isTimeName(name: string): boolean {
  const words = nameWords(name);
  const isTime =
    words.some((word) => TIME_WORDS.has(word)) ||
    TIME_WORDS.has(words.slice(-2).join('')) ||
    words.at(-1) === GERMAN_AT;
  return isTime && !words.some((word) => OTHER_WORDS.has(word));
}

/** The unit in which all numbers are times of these decades, but for zeros; `undefined` if there is none. */
export function epochUnit(numbers: readonly NumberFacts[]): EpochUnit | undefined {
  return UNITS.find(({ perSecond, places }) =>
    numbers.every(
      (facts) =>
        facts.zeros < facts.count &&
        facts.exponents === 0 &&
        facts.places <= places &&
        facts.min >= FROM_2000 * perSecond &&
        facts.max < TO_2100 * perSecond,
    ),
  );
}
