DROP TABLE IF EXISTS `my-project.shop.tailrace_compare_c1`;
