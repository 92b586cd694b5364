"""Several units about one report: one leads and answers, others have tasks, and one above looks after a late one."""
