//! Answers on their way out, and the memory that they hold.

use std::convert::Infallible;
use std::io;
use std::net::Ipv4Addr;

use actix_web::HttpResponse;
use actix_web::body::{BodyStream, SizedStream};
use actix_web::test::TestRequest;
use clap::Parser;
use futures_util::future::poll_immediate;
use futures_util::{StreamExt, stream};

use super::*;
use crate::cli::Cli;
use crate::http::Guards;

fn guards() -> Guards {
    Guards::new(&Cli::parse_from(["node"]).flags)
}

/// A request of a new connection that is being answered.
fn active(guards: &Guards) -> (ActiveRequest, Arc<Usage>) {
    let usage = guards.connections.admit((Ipv4Addr::LOCALHOST, 1000).into()).unwrap();
    usage.begin(false);
    (ActiveRequest(Arc::clone(&usage)), usage)
}

fn response(version: Version, body: impl MessageBody + 'static) -> ServiceResponse<BoxBody> {
    let mut request = TestRequest::default().to_srv_request();
    request.head_mut().version = version;
    request.into_response(HttpResponse::Ok().body(BoxBody::new(body)))
}

fn bytes(length: usize) -> Bytes {
    vec![7; length].into()
}

/// The lengths of the pieces of a body.
async fn pieces(body: AnswerBody) -> Vec<usize> {
    let mut body = Box::pin(body);
    let pieces = stream::poll_fn(move |context| body.as_mut().poll_next(context));
    pieces.map(|piece| piece.unwrap().len()).collect().await
}

fn streamed(pieces: Vec<Bytes>) -> BodyStream<impl Stream<Item = Result<Bytes, Infallible>>> {
    BodyStream::new(stream::iter(pieces.into_iter().map(Ok)))
}

#[actix_web::test]
async fn answer_is_sent_in_slices() {
    let guards = guards();
    let (active, usage) = active(&guards);
    let whole = response(Version::HTTP_11, bytes(2 * SLICE + 5));
    let answer = finish(&guards.outstanding, Some(active), None, whole).await;
    let (_, body) = answer.into_parts();
    let body = body.into_body();
    assert_eq!(body.size(), BodySize::Sized(2 * SLICE as u64 + 5));
    let working = usage.room();
    assert_eq!(pieces(body).await, [SLICE, SLICE, 5]);
    assert!(usage.room() > working, "the request has ended");
}

#[actix_web::test]
async fn pages_are_sent_as_they_are() {
    let guards = guards();
    let pages = response(Version::HTTP_11, streamed(vec![bytes(5), bytes(PAGE), bytes(PAGE + 1)]));
    let answer = finish(&guards.outstanding, None, None, pages).await;
    assert_eq!(pieces(answer.into_parts().1.into_body()).await, [5, PAGE, PAGE, 1]);
}

#[actix_web::test]
async fn long_answer_holds_memory_until_it_is_sent() {
    let guards = guards();
    let all = || poll_immediate(Box::pin(guards.outstanding.enter(u32::MAX)));
    for (length, holds) in [(SLICE, false), (SLICE + 1, true)] {
        let (active, _) = active(&guards);
        let answer =
            finish(&guards.outstanding, Some(active), None, response(Version::HTTP_11, bytes(length))).await;
        assert_eq!(all().await.is_none(), holds, "{length}");
        drop(answer);
        assert!(all().await.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn long_answer_without_memory_is_replaced() {
    let guards = guards();
    let _all = guards.outstanding.enter(u32::MAX).await.unwrap();
    let (active, _) = active(&guards);
    let answer =
        finish(&guards.outstanding, Some(active), None, response(Version::HTTP_11, bytes(SLICE + 1))).await;
    assert_eq!(answer.status().as_u16(), 503);
}

#[actix_web::test]
async fn answer_that_has_a_permit_needs_no_other() {
    let guards = guards();
    let _all = guards.outstanding.enter(u32::MAX).await.unwrap();
    let (active, _) = active(&guards);
    let mut long = response(Version::HTTP_11, bytes(SLICE + 1));
    long.response_mut().extensions_mut().insert(Permit::default());
    assert_eq!(finish(&guards.outstanding, Some(active), None, long).await.status().as_u16(), 200);
}

#[actix_web::test]
async fn answer_of_unknown_length_ends_with_an_http_1_0_connection() {
    for (version, mut response, ends) in [
        (Version::HTTP_10, response(Version::HTTP_10, streamed(vec![bytes(5)])), true),
        (Version::HTTP_11, response(Version::HTTP_11, streamed(vec![bytes(5)])), false),
        (Version::HTTP_10, response(Version::HTTP_10, bytes(5)), false),
    ] {
        assert_eq!(end_with_connection(&mut response), ends, "{version:?}");
        let head = response.response().head();
        assert_eq!(head.chunked(), !ends);
        assert_eq!(head.connection_type() == ConnectionType::Close, ends);
    }
}

#[actix_web::test]
async fn broken_answer_does_not_look_complete() {
    for (version, is_cut) in [(Version::HTTP_10, true), (Version::HTTP_11, false)] {
        let guards = guards();
        let (active, usage) = active(&guards);
        let broken = stream::iter([Ok(bytes(5)), Err(io::Error::other("no more"))]);
        let response = response(version, BodyStream::new(broken));
        let answer = finish(&guards.outstanding, Some(active), None, response).await;
        let mut body = Box::pin(answer.into_parts().1.into_body());
        let mut next = || {
            let body = body.as_mut();
            body.poll_next(&mut Context::from_waker(std::task::Waker::noop()))
        };
        assert!(matches!(next(), Poll::Ready(Some(Ok(_)))) && !usage.is_cut());
        assert!(matches!(next(), Poll::Ready(Some(Err(_)))));
        assert_eq!(usage.is_cut(), is_cut, "{version:?}");
    }
}

#[actix_web::test]
async fn sized_stream_is_sliced_too() {
    let guards = guards();
    let sized = SizedStream::new(SLICE as u64 + 1, stream::iter([Ok::<_, Infallible>(bytes(SLICE + 1))]));
    let answer = finish(&guards.outstanding, None, None, response(Version::HTTP_11, sized)).await;
    assert_eq!(pieces(answer.into_parts().1.into_body()).await, [SLICE, 1]);
}

#[actix_web::test]
async fn body_of_a_request_is_read_as_its_handler_takes_it() {
    let guards = guards();
    let usage = guards.connections.admit((Ipv4Addr::LOCALHOST, 1000).into()).unwrap();
    usage.begin(true);
    let window = usage.room();
    let payload: Payload =
        Payload::Stream { payload: Box::pin(stream::iter([Ok(bytes(5))]).chain(stream::pending())) };
    let mut body = RequestBody { payload, usage: Arc::clone(&usage) };
    usage.read(5);
    assert_eq!(usage.room(), window - 5);
    assert_eq!(body.next().await.unwrap().unwrap().len(), 5);
    assert_eq!(usage.room(), window, "the handler has it");
    usage.read(5);
    assert!(poll_immediate(body.next()).await.is_none());
    assert_eq!(usage.room(), window, "the handler waits for more");
    drop(body);
    assert!(usage.room() < window, "nobody waits for more");
    usage.begin(true);
    let mut ended = RequestBody {
        payload: Payload::Stream { payload: Box::pin(stream::empty()) },
        usage: Arc::clone(&usage),
    };
    assert!(ended.next().await.is_none());
    assert!(usage.room() < window, "there is no more");
}
