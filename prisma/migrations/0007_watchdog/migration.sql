-- What the watchdog goes by: when a machine was last heard of, and which lines the stated cause of a failure rests on.

ALTER TABLE installs ADD COLUMN IF NOT EXISTS last_heard_at TIMESTAMPTZ(3);
ALTER TABLE installs ADD COLUMN IF NOT EXISTS diagnosed_lines INT4;
