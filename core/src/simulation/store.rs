//! Requests and faults that were admitted, by id.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;

use super::Fault;
use crate::protocol::Protocol;
use crate::unit::{FaultId, NodeId, OpId};

/// What all forks of a run share: requests and faults, by id. It only grows, in the order in which they happen. Each has the
/// number of the record before which it came: a replay must not find what was not there the first time.
pub(super) struct Store<P: Protocol> {
    /// Of a branch: the store of its origin, and how many requests and faults of it are its own past.
    origin: Option<(Rc<RefCell<Self>>, u32, u32)>,
    pub(super) requests: Vec<(u32, Admitted<P>)>,
    pub(super) faults: Vec<(u32, Fault)>,
}

impl<P: Protocol> Store<P> {
    pub(super) fn new(origin: Option<(Rc<RefCell<Self>>, u32, u32)>) -> Rc<RefCell<Self>> {
        Rc::new(RefCell::new(Self { origin, requests: Vec::new(), faults: Vec::new() }))
    }

    /// How many requests and faults are the origin's.
    pub(super) fn inherited(&self) -> (u32, u32) {
        self.origin.as_ref().map_or((0, 0), |(_, requests, faults)| (*requests, *faults))
    }

    pub(super) fn request(&self, op: OpId) -> Option<(u32, Admitted<P>)> {
        match &self.origin {
            Some((origin, requests, _)) if op.0 < *requests => origin.borrow().request(op),
            _ => self.requests.get((op.0 - self.inherited().0) as usize).cloned(),
        }
    }

    pub(super) fn fault(&self, id: FaultId) -> Option<(u32, Fault)> {
        match &self.origin {
            Some((origin, _, faults)) if id.0 < *faults => origin.borrow().fault(id),
            _ => self.faults.get((id.0 - self.inherited().1) as usize).cloned(),
        }
    }
}

/// A request as it was admitted.
#[derive(Clone)]
pub(crate) struct Admitted<P: Protocol> {
    /// The place of its verb among the lab's requests.
    pub(crate) verb: u8,
    /// Whom it is for.
    pub(crate) node: NodeId,
    pub(crate) request: P::Request,
}
