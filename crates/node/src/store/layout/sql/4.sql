-- From this layout on, seals also has a row for the last block: name tip, its height as rows, its hash as digest. Each new
-- block replaces it. A file of an older layout gets it when it is taken into use.

-- The address of the wallet that the node was last started with, so that a start notices if it is missing.
CREATE TABLE IF NOT EXISTS wallet (
    address TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
