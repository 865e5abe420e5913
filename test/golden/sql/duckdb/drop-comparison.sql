DROP TABLE IF EXISTS "tailrace_compare_c1";
