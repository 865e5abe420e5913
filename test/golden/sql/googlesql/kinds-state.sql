CREATE OR REPLACE VIEW `my-project.shop.Shop_state`
OPTIONS (description = 'State.') AS
WITH `changes` AS (
  SELECT `key`, `new_image` AS `item`, `digest`, `position`, `changed_at`, `operation` = 'REMOVE' AS `removed`
  FROM `my-project.shop.Shop_changelog`
  WHERE `generation` = 1
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY `key` ORDER BY `position` DESC, `ingested_at` DESC, `digest` DESC NULLS LAST
  ) = 1
)
SELECT
  `read`.`key`,
  `read`.`item`,
  `read`.`digest`,
  `read`.`position`,
  `read`.`changed_at`,
  `read`.`snapshot_id`,
  CASE WHEN REGEXP_CONTAINS(`read`.`PK_6e810269`, '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(`read`.`PK_6e810269`, '"') THEN JSON_VALUE(`read`.`PK_6e810269`, '$') ELSE `read`.`PK_6e810269` END END AS `PK_6e810269`,
  CASE WHEN REGEXP_CONTAINS(`read`.`created_6ebb93d4`, '^"?-?(?:0|[1-9][0-9]{0,17})(?:[.][0-9]{1,3}0*)?"?$') THEN SAFE.TIMESTAMP_MICROS(SAFE_CAST(SAFE_CAST(TRIM(`read`.`created_6ebb93d4`, '"') AS NUMERIC) * 1000 AS INT64)) END AS `created_6ebb93d4`,
  CASE WHEN REGEXP_CONTAINS(`read`.`day_d10c5b58`, '^"?-?(?:0|[1-9][0-9]{0,17})(?:[.][0-9]{1,3}0*)?"?$') THEN SAFE.DATE(SAFE.TIMESTAMP_MICROS(SAFE_CAST(SAFE_CAST(TRIM(`read`.`day_d10c5b58`, '"') AS NUMERIC) * 1000 AS INT64)), 'Europe/Berlin') END AS `day_d10c5b58`,
  CASE WHEN REGEXP_CONTAINS(`read`.`opened_80453ef6`, '^"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?"$') THEN (SELECT (SELECT IF(SAFE.DATETIME(`moment`, 'Europe/Berlin') = `local`, `moment`, NULL) FROM UNNEST([SAFE.TIMESTAMP(`local`, 'Europe/Berlin')]) AS `moment`) FROM UNNEST([SAFE_CAST(REGEXP_REPLACE(TRIM(`read`.`opened_80453ef6`, '"'), '([.][0-9]{6})[0-9]+', '\\1') AS DATETIME)]) AS `local`) END AS `opened_80453ef6`,
  CASE WHEN REGEXP_CONTAINS(`read`.`device_60296240`, '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(`read`.`device_60296240`, '"') THEN JSON_VALUE(`read`.`device_60296240`, '$') ELSE `read`.`device_60296240` END END AS `device_60296240`,
  CASE WHEN REGEXP_CONTAINS(`read`.`user_id_e03e203e`, '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(`read`.`user_id_e03e203e`, '"') THEN JSON_VALUE(`read`.`user_id_e03e203e`, '$') ELSE `read`.`user_id_e03e203e` END END AS `user_id_e03e203e`,
  IF(EXISTS(SELECT 1 FROM UNNEST(JSON_QUERY_ARRAY(`read`.`tags_cd03b31f`)) AS `element` WHERE CASE WHEN REGEXP_CONTAINS(TO_JSON_STRING(`element`), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(TO_JSON_STRING(`element`), '"') THEN JSON_VALUE(TO_JSON_STRING(`element`), '$') ELSE TO_JSON_STRING(`element`) END END IS NULL), [], ARRAY(SELECT CASE WHEN REGEXP_CONTAINS(TO_JSON_STRING(`element`), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(TO_JSON_STRING(`element`), '"') THEN JSON_VALUE(TO_JSON_STRING(`element`), '$') ELSE TO_JSON_STRING(`element`) END END FROM UNNEST(JSON_QUERY_ARRAY(`read`.`tags_cd03b31f`)) AS `element` WITH OFFSET AS `place` ORDER BY `place`)) AS `tags_cd03b31f`,
  IF(EXISTS(SELECT 1 FROM UNNEST(JSON_QUERY_ARRAY(`read`.`skus_b345094f`)) AS `element` WHERE CASE WHEN REGEXP_CONTAINS(TO_JSON_STRING(`element`['sku']), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(TO_JSON_STRING(`element`['sku']), '"') THEN JSON_VALUE(TO_JSON_STRING(`element`['sku']), '$') ELSE TO_JSON_STRING(`element`['sku']) END END IS NULL), [], ARRAY(SELECT CASE WHEN REGEXP_CONTAINS(TO_JSON_STRING(`element`['sku']), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(TO_JSON_STRING(`element`['sku']), '"') THEN JSON_VALUE(TO_JSON_STRING(`element`['sku']), '$') ELSE TO_JSON_STRING(`element`['sku']) END END FROM UNNEST(JSON_QUERY_ARRAY(`read`.`skus_b345094f`)) AS `element` WITH OFFSET AS `place` ORDER BY `place`)) AS `skus_b345094f`,
  COALESCE(STARTS_WITH(CASE WHEN STARTS_WITH(`read`.`is_2f6f4c69`, '"') THEN JSON_VALUE(`read`.`is_2f6f4c69`, '$') END, 'CUSTOMER\'s#'), FALSE) AS `is_2f6f4c69`,
  COALESCE(`read`.`is_5bd8a13c` = 'true', FALSE) AS `is_5bd8a13c`,
  NOT (`read`.`is_9470c725`) AS `is_9470c725`,
  CASE WHEN REGEXP_CONTAINS(`read`.`SK_84ec6a57`, '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(`read`.`SK_84ec6a57`, '"') THEN JSON_VALUE(`read`.`SK_84ec6a57`, '$') ELSE `read`.`SK_84ec6a57` END END AS `SK_84ec6a57`,
  CASE WHEN REGEXP_CONTAINS(`read`.`email_870f42fd`, '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(`read`.`email_870f42fd`, '"') THEN JSON_VALUE(`read`.`email_870f42fd`, '$') ELSE `read`.`email_870f42fd` END END AS `email_870f42fd`,
  COALESCE(CASE WHEN STARTS_WITH(`read`.`is_8318f603`, '"') THEN JSON_VALUE(`read`.`is_8318f603`, '$') END = 'invoice', FALSE) AS `is_8318f603`,
  CASE WHEN REGEXP_CONTAINS(`read`.`total_18f57c40`, '^"?-?(?:0|[1-9][0-9]{0,28})(?:[.][0-9]{1,9}0*)?"?$') THEN SAFE_CAST(TRIM(`read`.`total_18f57c40`, '"') AS NUMERIC) END AS `total_18f57c40`,
  ARRAY(
    SELECT AS STRUCT
      CASE WHEN REGEXP_CONTAINS(TO_JSON_STRING(`element`['sku']), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(TO_JSON_STRING(`element`['sku']), '"') THEN JSON_VALUE(TO_JSON_STRING(`element`['sku']), '$') ELSE TO_JSON_STRING(`element`['sku']) END END AS `sku_1a9da785`,
      IF(EXISTS(SELECT 1 FROM UNNEST(JSON_QUERY_ARRAY(`element`['colours'])) AS `element` WHERE CASE WHEN REGEXP_CONTAINS(TO_JSON_STRING(`element`), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(TO_JSON_STRING(`element`), '"') THEN JSON_VALUE(TO_JSON_STRING(`element`), '$') ELSE TO_JSON_STRING(`element`) END END IS NULL), [], ARRAY(SELECT CASE WHEN REGEXP_CONTAINS(TO_JSON_STRING(`element`), '^(?:"|-?[0-9]|true$|false$)') THEN CASE WHEN STARTS_WITH(TO_JSON_STRING(`element`), '"') THEN JSON_VALUE(TO_JSON_STRING(`element`), '$') ELSE TO_JSON_STRING(`element`) END END FROM UNNEST(JSON_QUERY_ARRAY(`element`['colours'])) AS `element` WITH OFFSET AS `place` ORDER BY `place`)) AS `colours_9e423b17`
    FROM UNNEST(JSON_QUERY_ARRAY(`read`.`lines_52964bc2`)) AS `element` WITH OFFSET AS `place`
    ORDER BY `place`
  ) AS `lines_52964bc2`
FROM (
  SELECT
    `read`.`key`,
    `read`.`item`,
    `read`.`digest`,
    `read`.`position`,
    `read`.`changed_at`,
    `read`.`snapshot_id`,
    `read`.`document_0`,
    `read`.`PK_6e810269`,
    `read`.`created_6ebb93d4`,
    `read`.`day_d10c5b58`,
    `read`.`opened_80453ef6`,
    `read`.`device_60296240`,
    `read`.`tags_cd03b31f`,
    `read`.`skus_b345094f`,
    `read`.`is_2f6f4c69`,
    `read`.`is_9470c725`,
    `read`.`SK_84ec6a57`,
    `read`.`email_870f42fd`,
    `read`.`is_8318f603`,
    `read`.`total_18f57c40`,
    `read`.`lines_52964bc2`,
    TO_JSON_STRING(`read`.`document_0`['user']['id']) AS `user_id_e03e203e`,
    TO_JSON_STRING(`read`.`document_0`['active']) AS `is_5bd8a13c`
  FROM (
    SELECT
      `changes`.`key`,
      `changes`.`item`,
      `changes`.`digest`,
      `changes`.`position`,
      `changes`.`changed_at`,
      CAST(NULL AS STRING) AS `snapshot_id`,
      (SELECT CASE WHEN NOT REGEXP_CONTAINS(`text`, '[\u0001\u0002]') THEN SAFE.PARSE_JSON(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(`text`, '("(?:[^"\\\\]|\\\\.)*"|(?:0|-?[1-9][0-9]{0,14})(?:[,\\]}\\s]|$))|(-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?)([,\\]}\\s]|$)', '\\1\u0001\\2\u0002\\3'), '\u0001\u0002', ''), '[\u0001\u0002]', '"')) END FROM UNNEST([CASE WHEN STARTS_WITH(TO_JSON_STRING(`changes`.`item`['payload']), '"') THEN JSON_VALUE(TO_JSON_STRING(`changes`.`item`['payload']), '$') END]) AS `text`) AS `document_0`,
      TO_JSON_STRING(`changes`.`item`['PK']) AS `PK_6e810269`,
      TO_JSON_STRING(`changes`.`item`['createdAt']) AS `created_6ebb93d4`,
      TO_JSON_STRING(`changes`.`item`['createdAt']) AS `day_d10c5b58`,
      TO_JSON_STRING(`changes`.`item`['hours']['from']) AS `opened_80453ef6`,
      TO_JSON_STRING(ARRAY_REVERSE(SPLIT(CASE WHEN STARTS_WITH(TO_JSON_STRING(`changes`.`item`['SK']), '"') THEN JSON_VALUE(TO_JSON_STRING(`changes`.`item`['SK']), '$') END, '#'))[SAFE_OFFSET(0)]) AS `device_60296240`,
      `changes`.`item`['tags'] AS `tags_cd03b31f`,
      `changes`.`item`['lines'] AS `skus_b345094f`,
      TO_JSON_STRING(`changes`.`item`['PK']) AS `is_2f6f4c69`,
      `changes`.`item`['deleted'] IS NOT NULL AS `is_9470c725`,
      TO_JSON_STRING(`changes`.`item`['SK']) AS `SK_84ec6a57`,
      TO_JSON_STRING(`changes`.`item`['email']) AS `email_870f42fd`,
      TO_JSON_STRING(`changes`.`item`['type']) AS `is_8318f603`,
      TO_JSON_STRING(`changes`.`item`['total']) AS `total_18f57c40`,
      `changes`.`item`['lines'] AS `lines_52964bc2`
    FROM `changes`
    WHERE NOT `changes`.`removed`
  ) AS `read`
) AS `read`;
