//! Requests by route and status, and how long their answers take.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Upper bounds of the latency histogram, in seconds: from a cached answer to mining and resolving.
const SECONDS: [f64; 15] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 10.0, 60.0];

/// The label value of all paths without a route.
const UNKNOWN: &str = "unknown";

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    route: &'static str,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfRoute {
    route: &'static str,
}

/// Requests of all routes.
#[derive(Clone, Debug)]
pub struct RequestMetrics {
    answers: Family<Answered, Counter>,
    latency: Family<OfRoute, Histogram>,
}

/// Requests of one route. Clones count together.
#[derive(Clone, Debug)]
pub struct RouteMetrics {
    route: &'static str,
    answers: Family<Answered, Counter>,
    latency: Histogram,
}

impl Default for RequestMetrics {
    fn default() -> Self {
        let latency = Family::new_with_constructor((|| Histogram::new(SECONDS)) as fn() -> Histogram);
        Self { answers: Family::default(), latency }
    }
}

impl RequestMetrics {
    /// The counters of a route, by its path in the table of routes.
    pub fn route(&self, route: &'static str) -> RouteMetrics {
        let latency = self.latency.get_or_create_owned(&OfRoute { route });
        RouteMetrics { route, answers: self.answers.clone(), latency }
    }

    /// The counters of all paths without a route.
    pub fn unknown(&self) -> RouteMetrics {
        self.route(UNKNOWN)
    }

    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register("requests", "Requests answered, by route and status", self.answers.clone());
        let latency = "Time from the head of a request to the head of its answer, by route";
        registry.register_with_unit("request", latency, Unit::Seconds, self.latency.clone());
    }
}

impl RouteMetrics {
    /// Counts an answer and the time until it began.
    pub fn answered(&self, status: u16, took: Duration) {
        self.answers.get_or_create(&Answered { route: self.route, status }).inc();
        self.latency.observe(took.as_secs_f64());
    }
}
