-- What the small tables held when they were written: how many rows, and a SHA-256 of all of them.
-- peers: replaced with each change; pool: written at a clean stop, and removed by the first change after a start.
-- To accept a table as it is after a change by hand, delete its row here.
CREATE TABLE seals (
    name   TEXT PRIMARY KEY,
    rows   INTEGER NOT NULL,
    digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;
