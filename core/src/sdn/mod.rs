//! Floor 3, control: the controller knows the rooftops and links, finds the path of each service and tells every KMM on
//! it its role (Kosmatos et al., step 5). Services keep the path that they were given; re-routing comes later.

use crate::ground::{LinkId, NodeId, Output, ServiceId, SimTime};
use crate::kmm::control::{Role, ServiceOrder, ServiceRequest, ToController};
use petgraph::algo::astar;
use petgraph::graphmap::UnGraphMap;
use serde::{Deserialize, Serialize};

/// What happened in the control layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// A service has a path.
    PathComputed {
        /// The service.
        service: ServiceId,
        /// Its nodes, from source to destination.
        path: Vec<NodeId>,
    },
    /// Nothing joins the two ends.
    NoPath {
        /// As it was requested.
        request: ServiceRequest,
    },
}

/// What the controller is told.
#[derive(Clone, Debug)]
pub enum Input {
    /// A KMM's message.
    FromKmm(NodeId, ToController),
}

/// What the controller says.
pub type ControllerOutput = Output<NodeId, ServiceOrder, (), Event>;

/// The QKD network controller.
#[derive(Clone, Debug)]
pub struct Controller {
    nodes: Vec<NodeId>,
    links: Vec<(LinkId, u32, u32, f64)>,
    next_service: u32,
}

impl Controller {
    /// A controller of these links: each with its two ends and its range in metres.
    #[must_use]
    pub fn new(links: impl IntoIterator<Item = (LinkId, NodeId, NodeId, f64)>) -> Self {
        let mut nodes: Vec<NodeId> = Vec::new();
        let mut index = |node: NodeId| {
            let found = nodes.iter().position(|n| *n == node).unwrap_or_else(|| {
                nodes.push(node);
                nodes.len() - 1
            });
            found as u32
        };
        let links =
            links.into_iter().map(|(link, a, b, range_m)| (link, index(a), index(b), range_m)).collect();
        Self { nodes, links, next_service: 1 }
    }

    /// See [`crate::ground::io`].
    pub fn handle(&mut self, _now: SimTime, input: Input, out: &mut Vec<ControllerOutput>) {
        let Input::FromKmm(_, ToController::Request(request)) = input;
        let Some(path) = self.path(&request.source, &request.destination) else {
            out.push(Output::Event(Event::NoPath { request }));
            return;
        };
        let service = ServiceId(self.next_service);
        self.next_service += 1;
        out.push(Output::Event(Event::PathComputed { service, path: path.clone() }));
        let hops = path.len() as u8 - 1;
        // From the far end to the near: whoever starts finds the others standing by.
        for (i, node) in path.iter().enumerate().rev() {
            let role = match i {
                0 => Role::Source,
                _ if i + 1 == path.len() => Role::Destination,
                _ => Role::Relay,
            };
            let hop = |j: usize| path.get(j).and_then(|other| Some((other.clone(), self.link(node, other)?)));
            let order = ServiceOrder {
                service,
                request: request.clone(),
                role,
                next: hop(i + 1),
                previous: i.checked_sub(1).and_then(hop),
                hops,
            };
            out.push(Output::Send(node.clone(), order));
        }
    }

    /// The path with the fewest hops, and among those the shortest. O((n + m) log n).
    fn path(&self, from: &NodeId, to: &NodeId) -> Option<Vec<NodeId>> {
        let index = |node: &NodeId| self.nodes.iter().position(|n| n == node).map(|i| i as u32);
        let (from, to) = (index(from)?, index(to)?);
        if from == to {
            return None;
        }
        let graph = UnGraphMap::<u32, u64>::from_edges(
            self.links.iter().map(|(_, a, b, m)| (*a, *b, 1_000_000_000 + *m as u64)),
        );
        let (_, path) = astar(&graph, from, |n| n == to, |(_, _, cost)| *cost, |_| 0)?;
        Some(path.into_iter().map(|i| self.nodes[i as usize].clone()).collect())
    }

    fn link(&self, a: &NodeId, b: &NodeId) -> Option<LinkId> {
        let name = |i: u32| &self.nodes[i as usize];
        let joins = |x: u32, y: u32| (name(x) == a && name(y) == b) || (name(x) == b && name(y) == a);
        self.links.iter().find(|(_, x, y, _)| joins(*x, *y)).map(|(link, ..)| link.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(source: &str, destination: &str) -> Input {
        let request = ServiceRequest {
            source_sae: "s".into(),
            destination_sae: "d".into(),
            source: source.into(),
            destination: destination.into(),
            keys_per_s: 1.0,
        };
        Input::FromKmm(source.into(), ToController::Request(request))
    }

    #[test]
    fn fewest_hops_win_and_everyone_learns_its_role() {
        let mut controller = Controller::new([
            ("ab".into(), "a".into(), "b".into(), 100.0),
            ("bc".into(), "b".into(), "c".into(), 100.0),
            ("cd".into(), "c".into(), "d".into(), 100.0),
            ("ad".into(), "a".into(), "d".into(), 900.0),
        ]);
        let mut out = Vec::new();
        controller.handle(SimTime::ZERO, request("a", "c"), &mut out);
        let orders: Vec<(&str, Role)> = out
            .iter()
            .filter_map(|o| if let Output::Send(n, o) = o { Some((n.as_str(), o.role)) } else { None })
            .collect();
        assert_eq!(orders, [("c", Role::Destination), ("b", Role::Relay), ("a", Role::Source)]);
        out.clear();
        controller.handle(SimTime::ZERO, request("a", "d"), &mut out);
        assert_eq!(out.len(), 3, "one event, two orders");
        out.clear();
        controller.handle(SimTime::ZERO, request("a", "nowhere"), &mut out);
        assert!(matches!(out[..], [Output::Event(Event::NoPath { .. })]));
    }
}
