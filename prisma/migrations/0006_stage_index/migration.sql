-- Every report writes stages, and a follower reads the few of one install: the primary key finds them.

DROP INDEX IF EXISTS install_stages_install_id_revision_idx;
