-- What the dashboards' tables are made of: orders of 700 bytes as Tailrace writes them, each in any number of versions.

CREATE TEMP MACRO pick(n, salt, below) AS (hash(n * 1000003 + salt) % below)::BIGINT;

CREATE TEMP MACRO order_key(n) AS format('["order-{:012d}"]', n::BIGINT);

-- A decimal without zeros at its end.
CREATE TEMP MACRO money(cents) AS regexp_replace((cents / 100)::DECIMAL(18, 2)::VARCHAR, '[.]?0+$', '');

CREATE TEMP MACRO order_item(n, version) AS concat(
  '{"address":{"city":"', ['Brno', 'Cork', 'Ghent', 'Graz', 'Lyon', 'Oslo', 'Porto', 'Turin'][1 + pick(n, 1, 8)],
  '","street":"', pick(n, 2, 100), ' Main Street","zip":"', 10000 + pick(n, 3, 90000),
  '"},"created_at":"', strftime(TIMESTAMP '2025-01-01' + to_seconds(pick(n, 4, 31536000)), '%Y-%m-%dT%H:%M:%SZ'),
  '","customer_id":"customer-', pick(n, 5, 50000), '","gift":', pick(n, 6, 7) = 0,
  ',"lines":[{"price":', money(pick(n, 7, 100000)), ',"quantity":', 1 + pick(n, 8, 9), ',"sku":"sku-', pick(n, 9, 5000),
  '"},{"price":9.99,"quantity":1,"sku":"sku-', pick(n, 10, 5000), '"}],"note":"Please ring twice, mind the dog, and leave the ',
  'parcel with the neighbours on the second floor if nobody is at home; the invoice goes by post to the office, ',
  'as for the last order, and a gift card with the words of last year goes into the parcel, wrapped in blue. ', md5(concat(n, '/', version)), md5(concat(n, ':', version)),
  '","order_id":"order-', format('{:012d}', n::BIGINT), '","quantity":', 1 + pick(n, 11 + version, 9),
  ',"revision":', version,
  ',"status":"', ['placed', 'paid', 'packed', 'shipped', 'returned'][1 + pick(n, 12 + version, 5)],
  '","total":', money(pick(n, 13 + version, 100000)), ',"weight":', pick(n, 14, 5000) + 0.5, '}'
);

-- Position of the change with the number `n`.
CREATE TEMP MACRO position_of(n) AS concat('2025-12-01T00:00:00.000/', format('{:040d}', 100000000000000000000::HUGEINT + n));
