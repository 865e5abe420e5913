COMMENT ON TABLE "my_app_orders_changelog" IS 'it''s "quoted" `so` \ and \'' — é 😀
and a second line; -- DROP TABLE x';
