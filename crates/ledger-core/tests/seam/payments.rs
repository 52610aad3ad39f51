//! Payments through the seam: what a user sends, what may wait, what returns after a reorg.

use ledger_core::seam::{Accepted, PoolError, Waiting, refill};
use ledger_core::{Pool, VerifiedPayment};

use crate::harness::{classic_at, now, pay};

const BOB: [(&str, &str); 4] =
    [("sender", "\"alice\""), ("recipient", "\"bob\""), ("amount", "5.0"), ("signature", "\"c2ln\"")];

/// The text of a payment with these members, or the refusal, and the names of the members that the rules read.
fn payment(members: &[(&str, &str)]) -> (Result<String, String>, Vec<String>) {
    let read = std::cell::RefCell::new(Vec::new());
    let member = |name: &str| {
        read.borrow_mut().push(name.to_owned());
        members.iter().find(|(known, _)| *known == name).map(|(_, json)| *json)
    };
    let payment = classic_at(1).payment(&member);
    let text = payment.map(|payment| payment.text().to_owned()).map_err(|error| error.to_string());
    (text, read.into_inner())
}

fn with(name: &str, json: &'static str) -> Result<String, String> {
    payment(&BOB.map(|(known, value)| (known, if known == name { json } else { value }))).0
}

#[test]
fn payment_reads_the_members_of_its_form() {
    let rules = classic_at(1);
    let form = rules.payment_form();
    assert_eq!(form.members, ["sender", "recipient", "amount", "signature"]);
    let (text, read) = payment(&BOB);
    let text = text.unwrap();
    assert_eq!(text, "{\"amount\": 5.0, \"recipient\": \"bob\", \"sender\": \"alice\"}");
    let expected: Vec<&str> = form.read.iter().map(|member| member.name).collect();
    assert_eq!(read, expected);
    let stored = rules.stored_payment(&text, "c2ln").unwrap();
    assert_eq!(
        (stored.text(), stored.signature(), &*stored.claim().message),
        (&*text, "c2ln", "alicebob5.0")
    );
    let movement = rules.movement(&text).unwrap();
    assert_eq!((movement.payer.as_deref(), movement.payee.as_deref()), (Some("alice"), Some("bob")));
}

#[test]
fn wrong_member_is_named() {
    for (name, json, says) in [
        ("recipient", "5", "recipient must be a text"),
        ("recipient", "\"\\ud800\"", "recipient is not a well-formed text"),
        ("amount", "null", "amount must be a number or a text"),
        ("amount", "0", "amount must be greater than zero"),
        ("sender", "[]", "sender must be a text"),
        ("sender", "\"0\"", "sender \"0\" stands for the mining reward"),
        ("signature", "null", "signature must be a text"),
    ] {
        let refusal = with(name, json).unwrap_err();
        assert!(refusal.starts_with(says), "{name} {json}: {refusal}");
    }
    assert_eq!(payment(&BOB[..1]), (Err("recipient must be a text".into()), vec!["recipient".into()]));
}

#[test]
fn escapes_of_a_member_are_read() {
    for json in [r#""a\\b""#, r#""\"a\" or b""#, r#""a\nb""#, r#""Zo\u00eb""#] {
        let text = format!("{{\"amount\": 5.0, \"recipient\": {json}, \"sender\": \"alice\"}}");
        assert_eq!(with("recipient", json), Ok(text));
    }
    for json in ["\"a\u{1}b\"", "\"\u{1}\u{1}\"", "\"a\"b\"", "\"\"\"\""] {
        let refusal = with("recipient", json).unwrap_err();
        assert!(refusal.starts_with("recipient is not a well-formed text"), "{json}: {refusal}");
    }
}

#[test]
fn stored_text_that_is_not_a_payment_is_refused() {
    let rules = classic_at(1);
    for text in ["{}", "{\"amount\": 0, \"recipient\": \"bob\", \"sender\": \"alice\"}", "no JSON"] {
        assert!(rules.stored_payment(text, "c2ln").is_err(), "{text}");
    }
    assert!(rules.movement("{}").is_err());
}

#[test]
fn payments_of_one_commit_share_the_pools_limit() {
    let rules = classic_at(1);
    let (_, state) = rules.genesis(now());
    let bytes = pay("bob").text().len();
    let mut pool = Pool::new(3 * bytes);
    pool.add(pay("bob")).unwrap();
    let admit = |accepted: &_| rules.admit(&state, &Waiting { pool: &pool, accepted }, &pay("bob"));
    let mut accepted = Accepted::default();
    for count in 1..=2 {
        let admission = admit(&accepted).unwrap();
        assert_eq!(admission.bytes, bytes);
        accepted.add(pay("bob").name(), admission);
        assert_eq!(
            (accepted.names(), accepted.bytes()),
            (&vec![pay("bob").name(); count][..], count * bytes)
        );
    }
    let Err(PoolError::Full(full)) = admit(&accepted) else { panic!("the pool is full") };
    assert_eq!((full.bytes, full.limit), (3 * bytes, 3 * bytes));
}

#[test]
fn orphans_that_fit_return_to_the_front() {
    let bytes = pay("bob").text().len();
    let mut pool = Pool::new(3 * bytes);
    let [confirmed, _] = ["two", "our"].map(|to| pool.add(pay(to)).unwrap());
    let refill = refill(&pool, &[confirmed, 7], ["one", "longer than the rest", "six", "odd"].map(pay));
    assert_eq!(refill.dropped, 2);
    assert_eq!(refill.returned.last().map(|(number, _)| *number), Some(pool.front()));
    pool.remove([confirmed]);
    for (number, payment) in refill.returned {
        pool.restore(number, payment);
    }
    assert_eq!(pool.bytes(), pool.limit());
    let order: Vec<&VerifiedPayment> = pool.entries().map(|(_, payment)| &**payment).collect();
    assert_eq!(order, ["one", "six", "our"].map(pay).iter().collect::<Vec<_>>());
}
