-- The chain: one row a block, its text exactly as it was hashed.
CREATE TABLE blocks (
    height INTEGER PRIMARY KEY,
    hash   TEXT NOT NULL UNIQUE,
    text   TEXT NOT NULL
) STRICT;

-- The payments that wait, in order.
CREATE TABLE pool (
    number    INTEGER PRIMARY KEY,
    payment   TEXT NOT NULL,
    signature TEXT
) STRICT;

-- The neighbours, as host:port.
CREATE TABLE peers (
    address TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
