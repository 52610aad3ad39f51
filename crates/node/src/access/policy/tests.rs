//! Who may do what, by the headers that browsers and other clients send.

use actix_web::test::TestRequest;

use super::*;
use crate::telemetry::testing::Log;

const TOKEN: &str = "0123456789abcdef";

fn policy(owner: OwnerRule) -> Policy {
    let (names, origins) = ("ledger.example".parse().unwrap(), "http://page.example".parse().unwrap());
    Policy::new(owner, TOKEN.parse().unwrap(), "HINT".into(), vec![names], vec![origins])
}

/// A request with these headers from an address.
fn request_from(client: &str, headers: &[(&str, &str)]) -> HttpRequest {
    let request =
        TestRequest::post().uri("/mine").peer_addr((client.parse::<std::net::IpAddr>().unwrap(), 9).into());
    headers.iter().fold(request, |request, header| request.append_header(*header)).to_http_request()
}

/// A request with these headers from this machine.
fn request(headers: &[(&str, &str)]) -> HttpRequest {
    request_from("127.0.0.1", headers)
}

const HERE: (&str, &str) = ("Host", "localhost:5000");
const BROWSER: (&str, &str) = ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64)");
const BEARER: (&str, &str) = ("Authorization", "Bearer 0123456789abcdef");

/// The result of a request with each kind of access: read, submit, owner.
fn checked(policy: &Policy, request: &HttpRequest) -> [Result<(), Refusal>; 3] {
    [Access::Read, Access::Submit, Access::Owner].map(|access| policy.check(access, request))
}

fn foreign_host(name: &str) -> Refusal {
    Refusal::ForeignHost(name.parse().unwrap())
}

#[test]
fn everybody_may_read() {
    let headers = [("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site")];
    assert_eq!(policy(OwnerRule::Token).check(Access::Read, &request_from("192.0.2.7", &headers)), Ok(()));
}

#[test]
fn page_of_another_site_may_not_submit() {
    let policy = policy(OwnerRule::Open);
    for headers in [
        &[HERE, ("Origin", "http://evil.example")][..],
        &[HERE, ("Origin", "null")],
        &[HERE, ("Origin", "http://localhost:5000"), ("Origin", "http://localhost:5000")],
        &[HERE, ("Origin", "http://localhost:8000")],
        &[HERE, ("Origin", "http://localhost:5000"), ("Sec-Fetch-Site", "cross-site")],
        &[HERE, ("Sec-Fetch-Site", "cross-site")],
        &[HERE, ("Sec-Fetch-Site", "same-site")],
        &[HERE, ("Sec-Fetch-Site", "none"), ("Sec-Fetch-Site", "none")],
    ] {
        let refused = Err(Refusal::ForeignPage);
        assert_eq!(checked(&policy, &request(headers)), [Ok(()), refused.clone(), refused], "{headers:?}");
    }
}

#[test]
fn own_page_may_submit() {
    let policy = policy(OwnerRule::Open);
    for headers in [
        &[HERE, ("Origin", "http://localhost:5000")][..],
        &[HERE, ("Origin", "http://localhost:5000"), ("Sec-Fetch-Site", "same-origin")],
        &[HERE, ("Sec-Fetch-Site", "same-origin"), BROWSER],
        &[HERE, ("Sec-Fetch-Site", "none"), BROWSER],
        &[("Host", "127.0.0.1:5000"), ("Origin", "http://127.0.0.1:5000")],
        &[("Host", "[::1]:5000"), ("Origin", "http://[::1]:5000")],
        &[("Host", "ledger.example"), ("Origin", "https://ledger.example")],
    ] {
        assert_eq!(checked(&policy, &request(headers)), [Ok(()), Ok(()), Ok(())], "{headers:?}");
    }
}

#[test]
fn own_page_needs_a_name_of_this_node() {
    let policy = policy(OwnerRule::Open);
    for site in [("Origin", "http://evil.example"), ("Sec-Fetch-Site", "same-origin")] {
        let rebound = request(&[("Host", "evil.example"), site]);
        assert_eq!(policy.check(Access::Submit, &rebound), Err(foreign_host("evil.example")), "{site:?}");
        assert_eq!(policy.check(Access::Submit, &request(&[site])), Err(Refusal::NoHost), "{site:?}");
    }
}

#[test]
fn browser_that_names_no_page_may_not_submit() {
    let policy = policy(OwnerRule::Open);
    let refused = Err(Refusal::SilentBrowser);
    assert_eq!(checked(&policy, &request(&[HERE, BROWSER])), [Ok(()), refused.clone(), refused]);
    for agent in ["curl/8.5.0", "Mozilla/5.0 (Windows NT; de-DE) WindowsPowerShell/5.1"] {
        assert_eq!(policy.check(Access::Submit, &request(&[HERE, ("User-Agent", agent)])), Ok(()), "{agent}");
    }
    let twice = [HERE, ("User-Agent", "curl/8.5.0"), ("User-Agent", "curl/8.5.0")];
    assert_eq!(policy.check(Access::Submit, &request(&twice)), Err(Refusal::SilentBrowser));
}

#[test]
fn owner_is_on_this_machine_by_default() {
    let policy = policy(OwnerRule::default());
    for here in ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"] {
        assert_eq!(policy.check(Access::Owner, &request_from(here, &[HERE])), Ok(()), "{here}");
    }
    for elsewhere in ["192.0.2.7", "2001:db8::1", "::ffff:192.0.2.7"] {
        let refused = policy.check(Access::Owner, &request_from(elsewhere, &[HERE]));
        assert_eq!(refused, Err(Refusal::Stranger("HINT".into())), "{elsewhere}");
    }
    let unknown = TestRequest::post().insert_header(HERE).to_http_request();
    assert_eq!(policy.check(Access::Owner, &unknown), Err(Refusal::Stranger("HINT".into())));
}

#[test]
fn token_makes_an_owner_under_every_rule() {
    for rule in [OwnerRule::Loopback, OwnerRule::Token, OwnerRule::Open] {
        let policy = policy(rule);
        for bearer in ["Bearer 0123456789abcdef", "bearer 0123456789abcdef", "BEARER   0123456789abcdef"] {
            let request = request_from("192.0.2.7", &[HERE, ("Authorization", bearer)]);
            assert_eq!(policy.check(Access::Owner, &request), Ok(()), "{rule:?}: {bearer}");
            assert!(policy.has_token(&request), "{bearer}");
        }
    }
}

#[test]
fn wrong_token_is_refused() {
    let policy = policy(OwnerRule::Token);
    for wrong in ["Bearer 0123456789abcdee", "Bearer ", "Bearer  0123456789abcdef0"] {
        let request = request(&[HERE, ("Authorization", wrong)]);
        let refused = policy.check(Access::Owner, &request);
        assert_eq!(refused, Err(Refusal::WrongToken("HINT".into())), "{wrong}");
        assert!(!policy.has_token(&request), "{wrong}");
    }
    for none in ["Basic 0123456789abcdef", "0123456789abcdef", "Bearer"] {
        let refused = policy.check(Access::Owner, &request(&[HERE, ("Authorization", none)]));
        assert_eq!(refused, Err(Refusal::NoToken("HINT".into())), "{none}");
    }
    let twice = request(&[HERE, BEARER, BEARER]);
    assert_eq!(policy.check(Access::Owner, &twice), Err(Refusal::NoToken("HINT".into())));
}

#[test]
fn token_does_not_open_a_foreign_host() {
    let policy = policy(OwnerRule::Open);
    let rebound = request(&[("Host", "evil.example"), BEARER]);
    assert_eq!(policy.check(Access::Owner, &rebound), Err(foreign_host("evil.example")));
    assert_eq!(policy.check(Access::Owner, &request(&[BEARER])), Err(Refusal::NoHost));
    let twice = request(&[HERE, HERE, BEARER]);
    assert_eq!(policy.check(Access::Owner, &twice), Err(Refusal::NoHost));
}

#[test]
fn open_node_has_everybody_as_its_owner() {
    let stranger = request_from("192.0.2.7", &[HERE]);
    assert_eq!(policy(OwnerRule::Open).check(Access::Owner, &stranger), Ok(()));
    let refused = policy(OwnerRule::Token).check(Access::Owner, &request(&[HERE]));
    assert_eq!(refused, Err(Refusal::NoToken("HINT".into())));
}

#[test]
fn allowed_page_needs_the_token_for_owner_routes() {
    let page = ("Origin", "http://page.example");
    for rule in [OwnerRule::Loopback, OwnerRule::Token, OwnerRule::Open] {
        let policy = policy(rule);
        let refused = Err(Refusal::NoToken("HINT".into()));
        assert_eq!(checked(&policy, &request(&[HERE, page])), [Ok(()), Ok(()), refused], "{rule:?}");
        assert_eq!(policy.check(Access::Owner, &request(&[HERE, page, BEARER])), Ok(()), "{rule:?}");
    }
}

#[test]
fn is_owner_says_what_a_later_post_may_do() {
    let policy = policy(OwnerRule::Loopback);
    assert!(policy.is_owner(&request(&[HERE, BROWSER])), "its POST will name the page");
    assert!(policy.is_owner(&request(&[HERE])));
    for headers in [&[HERE, ("Sec-Fetch-Site", "cross-site")][..], &[("Host", "evil.example"), BROWSER]] {
        assert!(!policy.is_owner(&request(headers)), "{headers:?}");
    }
    assert!(!policy.is_owner(&request_from("192.0.2.7", &[HERE, BROWSER])));
}

#[test]
fn only_allowed_origins_read_answers() {
    let policy = policy(OwnerRule::Loopback);
    assert!(policy.has_readers());
    let reader = |headers: &[_]| policy.reader(&request(headers)).map(ToString::to_string);
    assert_eq!(reader(&[("Origin", "http://page.example:80")]).as_deref(), Some("http://page.example"));
    for headers in [
        &[][..],
        &[("Origin", "https://page.example")],
        &[("Origin", "http://evil.example")],
        &[("Origin", "http://page.example"), ("Origin", "http://page.example")],
    ] {
        assert_eq!(reader(headers), None, "{headers:?}");
    }
    let token = TOKEN.parse().unwrap();
    let closed = Policy::new(OwnerRule::Loopback, token, String::new(), Vec::new(), Vec::new());
    assert!(!closed.has_readers());
}

#[test]
fn refusal_is_logged() {
    let (log, _guard) = Log::begin();
    let policy = policy(OwnerRule::Loopback);
    policy.check(Access::Owner, &request(&[HERE])).unwrap();
    assert_eq!(log.take(), "");
    policy.check(Access::Owner, &request_from("::ffff:192.0.2.7", &[HERE])).unwrap_err();
    let logged = log.take();
    assert!(
        logged.contains("refused a request from 192.0.2.7: only the owner of the node may do this"),
        "{logged}"
    );
}

#[test]
fn access_names_are_those_of_the_documents() {
    assert_eq!([Access::Read, Access::Submit, Access::Owner].map(Access::name), ["read", "submit", "owner"]);
}
