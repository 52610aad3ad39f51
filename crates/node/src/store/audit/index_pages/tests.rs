//! Which rows of the index are read, and what is wrong with one.

use super::*;
use crate::store::layout::schema;

/// An index with rows of segment 0: first and last block, and entries.
fn index(rows: &[(i64, i64, &str)]) -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    schema::create(&mut connection).unwrap();
    for (address, (first, last, entries)) in (0..).zip(rows) {
        insert(&connection, (0, address), (*first, *last, entries));
    }
    connection
}

fn insert(connection: &Connection, (segment, address): (i64, i64), (first, last, entries): (i64, i64, &str)) {
    let insert = "INSERT INTO payments (segment, address, first, last, entries) VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.execute(insert, (segment, address, first, last, entries)).unwrap();
}

/// The entries of these heights.
fn row(heights: &[u64]) -> String {
    let entries = heights.iter().map(|height| Entry(*height, 0, 1, None));
    serde_json::to_string(&entries.collect::<Vec<_>>()).unwrap()
}

/// The number of entries of blocks 10 to 20; `None` if a row is wrong.
fn counted(connection: &Connection) -> Option<u64> {
    let mut found = Entries::default();
    match page(connection, Position::start(0), 10..=20, &mut found) {
        Ok(None) => Some(found.0.entries),
        Ok(Some(next)) => panic!("{next:?}"),
        Err(Finding::IndexRow { segment: 0, .. }) => None,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn entries_of_the_blocks_are_counted() {
    let heights: [&[u64]; 6] = [&[1, 5], &[5, 10, 12], &[9, 21], &[11, 11, 20], &[15, 20, 25], &[21, 30]];
    let rows: Vec<String> = heights.iter().map(|heights| row(heights)).collect();
    let mut all = Vec::new();
    for ((heights, row), expected) in heights.iter().zip(&rows).zip([0, 2, 0, 3, 2, 0]) {
        let (first, last) = (heights[0].cast_signed(), heights[heights.len() - 1].cast_signed());
        all.push((first, last, row.as_str()));
        assert_eq!(counted(&index(&all[all.len() - 1..])), Some(expected), "{row}");
    }
    assert_eq!(counted(&index(&all)), Some(7));
}

#[test]
fn inconsistent_row_is_found() {
    let segment = SEGMENT.cast_signed();
    for (first, last, heights) in [
        (10, 12, [10, 11].as_slice()),
        (10, 12, &[11, 12]),
        (10, 12, &[10, 13, 12]),
        (10, 12, &[]),
        (12, 10, &[12, 10]),
        (5, 1, &[5]),
        (-3, 5, &[5]),
        (30, segment, &[30, SEGMENT]),
        (segment, segment, &[SEGMENT]),
    ] {
        assert_eq!(counted(&index(&[(first, last, &row(heights))])), None, "{first} to {last}: {heights:?}");
    }
}

#[test]
fn rows_that_end_before_the_blocks_are_not_read() {
    let connection = index(&[(7, 3, "not read"), (12, 12, &row(&[12]))]);
    let mut found = Entries::default();
    let position = Position::start(0).with_blocks_from(10);
    assert_eq!(page(&connection, position, 10..=20, &mut found).unwrap(), None);
    assert_eq!(found.0.entries, 1);
}

#[test]
fn large_index_is_read_in_pages() {
    let long = "x".repeat(PAGE / 2);
    let connection = index(&[(1, 1, &long), (1, 1, &long), (1, 1, &long), (10, 10, &row(&[10]))]);
    let mut found = Entries::default();
    let next = page(&connection, Position::start(0), 10..=20, &mut found).unwrap();
    assert_eq!(next, Some(Position { segment: 0, from: i64::MIN, after: (1, 1) }));
    assert_eq!(page(&connection, next.unwrap(), 10..=20, &mut found).unwrap(), None);
    assert_eq!(found.0.entries, 1);
}

#[test]
fn index_is_compared_with_the_blocks() {
    let mut expected = Digest::default();
    expected.add(0, &Entry(12, 0, 1, None));
    let found = |heights: &[u64]| {
        let connection = index(&[(12, 12, &row(heights))]);
        let mut found = Entries::default();
        page(&connection, Position::start(0), 10..=20, &mut found).unwrap();
        found
    };
    found(&[12]).compare(expected, 10..=20).unwrap();
    let differs = found(&[12, 12]).compare(expected, 10..=20);
    assert!(matches!(differs, Err(Finding::Index { first: 10, last: 20, expected: 1, found: 2 })));
}

#[test]
fn rows_before_the_chain_are_found() {
    let connection = index(&[]);
    nothing_before(&connection).unwrap();
    insert(&connection, (-1, 7), (-5, -5, ""));
    let lost = nothing_before(&connection);
    assert!(matches!(lost, Err(Finding::IndexRow { segment: -1, address: 7, first: -5 })));
}
