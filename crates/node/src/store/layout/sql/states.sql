-- The state after each block: only in files of a rule set that cannot read it back from the block's text.
CREATE TABLE states (
    height INTEGER PRIMARY KEY,
    state  TEXT NOT NULL
) STRICT;
