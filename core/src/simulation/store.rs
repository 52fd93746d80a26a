//! Requests and faults that were admitted, by id.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::any::Any;
use core::cell::RefCell;

use super::{Fault, Kernel};
use crate::unit::{FaultId, NodeId, OpId};

/// What all forks of a run share: requests and faults, by id. It only grows, in the order in which they happen. Each has the
/// number of the record before which it came: a replay must not find what was not there the first time.
#[derive(Debug, Default)]
pub(super) struct Store {
    /// Of a branch: the store of its origin, and how many requests and faults of it are its own past.
    origin: Option<(Rc<RefCell<Self>>, u32, u32)>,
    requests: Vec<(u32, Admitted)>,
    faults: Vec<(u32, Fault)>,
}

impl Store {
    /// How many requests and faults are the origin's.
    fn inherited(&self) -> (u32, u32) {
        self.origin.as_ref().map_or((0, 0), |(_, requests, faults)| (*requests, *faults))
    }

    fn request(&self, op: OpId) -> Option<(u32, Admitted)> {
        match &self.origin {
            Some((origin, requests, _)) if op.0 < *requests => origin.borrow().request(op),
            _ => self.requests.get((op.0 - self.inherited().0) as usize).cloned(),
        }
    }

    fn fault(&self, id: FaultId) -> Option<(u32, Fault)> {
        match &self.origin {
            Some((origin, _, faults)) if id.0 < *faults => origin.borrow().fault(id),
            _ => self.faults.get((id.0 - self.inherited().1) as usize).cloned(),
        }
    }
}

/// A request as it was admitted.
#[derive(Clone, Debug)]
pub(crate) struct Admitted {
    /// The place of its verb among the lab's requests.
    pub(crate) verb: u8,
    /// Whom it is for.
    pub(crate) node: NodeId,
    /// The request itself, which the protocol alone understands.
    pub(crate) request: Rc<dyn Any>,
}

impl Kernel {
    /// A request of the store.
    pub(crate) fn request(&self, op: OpId) -> Option<Admitted> {
        let (since, admitted) = self.store.borrow().request(op)?;
        (since <= self.number).then_some(admitted)
    }

    /// A fault of the store.
    pub(crate) fn stored_fault(&self, id: FaultId) -> Option<Fault> {
        let (since, fault) = self.store.borrow().fault(id)?;
        (since <= self.number).then_some(fault)
    }

    pub(crate) fn admit(&self, admitted: Admitted) -> OpId {
        let mut store = self.store.borrow_mut();
        store.requests.push((self.number, admitted));
        OpId(store.inherited().0 + store.requests.len() as u32 - 1)
    }

    pub(crate) fn admit_fault(&self, fault: Fault) -> FaultId {
        let mut store = self.store.borrow_mut();
        store.faults.push((self.number, fault));
        FaultId(store.inherited().1 + store.faults.len() as u32 - 1)
    }

    /// From here on the run has a store of its own, that has forgotten what happened after this state.
    pub(crate) fn branch_off(&mut self) {
        let origin = Some((Rc::clone(&self.store), self.used.0, self.used.1));
        self.store = Rc::new(RefCell::new(Store { origin, ..Store::default() }));
    }
}
