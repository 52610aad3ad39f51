-- The chain: one row a block, its text exactly as it was hashed.
CREATE TABLE blocks (
    height INTEGER PRIMARY KEY,
    hash   TEXT NOT NULL UNIQUE,
    text   TEXT NOT NULL
) STRICT;

-- Which payments of which blocks concern an address, to find them without reading the chain.
-- segment: height / 4096, so that new rows stay together on a few pages whatever their addresses are
-- address: the first 8 bytes of the address's SHA-256
-- role: 1 the address is paid, 2 it pays, 3 both
-- amount: as it stands in the block, a number or a text
CREATE TABLE payments (
    segment  INTEGER NOT NULL,
    address  INTEGER NOT NULL,
    height   INTEGER NOT NULL,
    position INTEGER NOT NULL,
    role     INTEGER NOT NULL,
    amount   ANY NOT NULL,
    PRIMARY KEY (segment, address, height, position)
) STRICT, WITHOUT ROWID;

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
