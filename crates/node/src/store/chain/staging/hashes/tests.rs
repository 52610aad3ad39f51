//! Compares our index with the one that SQLite builds.

use super::*;

const COLUMNS: &str = "(\n    height INTEGER PRIMARY KEY,\n    hash   TEXT NOT NULL UNIQUE,\n    text   TEXT NOT NULL\n) STRICT";

/// A hash that is easy to tell from others.
fn hash(digit: char) -> String {
    String::from(digit).repeat(64)
}

fn insert(connection: &Connection, hash: &str) -> rusqlite::Result<usize> {
    connection.execute("INSERT INTO stage (hash, text) VALUES (?1, '')", [hash])
}

/// A table of blocks with these hashes, but without an index.
fn stage(connection: Connection, hashes: &[&str]) -> Connection {
    connection.execute_batch(&format!("CREATE TABLE stage {}", without_index(COLUMNS))).unwrap();
    hashes.iter().for_each(|hash| assert_eq!(insert(&connection, hash), Ok(1)));
    connection
}

fn stage_of(digits: &str) -> Connection {
    let hashes: Vec<_> = digits.chars().map(hash).collect();
    let hashes: Vec<_> = hashes.iter().map(String::as_str).collect();
    stage(Connection::open_in_memory().unwrap(), &hashes)
}

/// Builds the index, some entries at a time.
fn build(connection: &Connection, at_a_time: usize) {
    for part in sorted(connection, "stage").unwrap().chunks(at_a_time) {
        add(connection, "entries", part).unwrap();
    }
    declare(connection, ("stage", COLUMNS), "entries").unwrap();
}

/// All tables and indexes in the schema, and the result of an integrity check.
fn schema(connection: &Connection) -> Vec<(String, String, Option<String>)> {
    let select = "SELECT type, name, sql FROM sqlite_schema UNION ALL
        SELECT 'check', integrity_check, NULL FROM pragma_integrity_check ORDER BY 1, 2";
    let mut select = connection.prepare(select).unwrap();
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// The query plan for finding a hash.
fn plan(connection: &Connection) -> String {
    let plan = "EXPLAIN QUERY PLAN SELECT height FROM stage WHERE hash = 'a'";
    connection.query_row(plan, [], |row| row.get(3)).unwrap()
}

#[test]
fn built_index_equals_the_declared_one() {
    for digits in ["", "b", "bac"] {
        let stage = stage_of(digits);
        build(&stage, 2);
        let declared = Connection::open_in_memory().unwrap();
        declared.execute_batch(&format!("CREATE TABLE stage {COLUMNS}")).unwrap();
        assert_eq!(schema(&stage), schema(&declared));
        assert!(plan(&stage).contains("sqlite_autoindex_stage_1"), "{}", plan(&stage));
        insert(&stage, &hash('d')).unwrap();
        assert!(insert(&stage, &hash('d')).is_err());
    }
}

#[test]
fn index_of_many_pages_is_intact() {
    let hashes: Vec<_> = (0..5_000_u64).map(|n| BlockHash::of_text(&n.to_string()).to_string()).collect();
    let hashes: Vec<_> = hashes.iter().map(String::as_str).collect();
    let stage = stage(Connection::open_in_memory().unwrap(), &hashes);
    build(&stage, 999);
    assert_eq!(schema(&stage)[0].1, "ok");
    let find = "SELECT height FROM stage WHERE hash = ?1";
    for (height, hash) in (1..).zip(&hashes) {
        assert_eq!(stage.query_row(find, [hash], |row| row.get::<_, u64>(0)), Ok(height));
    }
    insert(&stage, &hash('f')).unwrap();
    assert_eq!(schema(&stage)[0].1, "ok");
}

#[test]
fn other_connections_use_the_index_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let open = || Connection::open(directory.path().join("file")).unwrap();
    let new = open();
    new.pragma_update(None, "journal_mode", "wal").unwrap();
    let (stage, other) = (stage(new, &[&hash('b'), &hash('a')]), open());
    assert!(plan(&other).contains("SCAN"), "{}", plan(&other));
    let entries = sorted(&other, "stage").unwrap();
    add(&stage, "entries", &entries).unwrap();
    assert!(plan(&other).contains("SCAN"), "{}", plan(&other));
    declare(&stage, ("stage", COLUMNS), "entries").unwrap();
    let count = other.query_row("SELECT count(*) FROM stage", [], |row| row.get(0));
    assert_eq!(count, Ok(2));
    assert!(plan(&other).contains("sqlite_autoindex_stage_1"), "{}", plan(&other));
    assert_eq!(schema(&other), schema(&stage));
}

#[test]
fn renamed_table_keeps_its_index() {
    let stage = stage_of("ba");
    build(&stage, 2);
    stage
        .execute_batch("ALTER TABLE stage RENAME TO blocks; INSERT INTO blocks VALUES (9, 'c', '')")
        .unwrap();
    let names: Vec<_> = schema(&stage).into_iter().map(|(_, name, _)| name).collect();
    assert_eq!(names, ["ok", "sqlite_autoindex_blocks_1", "blocks"]);
}

#[test]
fn repeated_hash_is_refused() {
    let refused = sorted(&stage_of("aba"), "stage").unwrap_err().to_string();
    assert!(refused.contains(&format!("two staged blocks have the hash {}", hash('a'))), "{refused}");
}

#[test]
fn rolled_back_declaration_changes_nothing() {
    let mut stage = stage_of("ba");
    add(&stage, "entries", &sorted(&stage, "stage").unwrap()).unwrap();
    let before = schema(&stage);
    let transaction = stage.transaction().unwrap();
    declare(&transaction, ("stage", COLUMNS), "entries").unwrap();
    drop(transaction);
    assert_eq!(schema(&stage), before);
    let update = "UPDATE sqlite_schema SET sql = NULL";
    assert!(stage.execute(update, []).is_err(), "the schema cannot be written");
}
