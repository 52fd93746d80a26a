//! Every limit of a run, in one place. A run that meets one stops and names it; nothing is cut silently.

use crate::unit::{Span, Time};

/// Nodes of a run, clients and special nodes included.
pub const NODES: usize = 32;
/// Messages in flight at once. More than this is a flood.
pub const IN_FLIGHT: usize = 20_000;
/// Timers set at once.
pub const TIMERS: usize = 20_000;
/// Client operations of a run.
pub const OPERATIONS: usize = 1_000_000;
/// Faults of a run, repeated cues counted each time.
pub const FAULTS: usize = 1_000_000;
/// Steps of a run.
pub const STEPS: u32 = 10_000_000;
/// Messages that one step may send: a node that stood still for long may say much at once when its disk has caught up.
pub const SENT_BY_ONE_STEP: usize = 4_000;
/// The end of time: no run goes past it.
pub const END: Time = Time(1_000 * 3_600 * 1_000_000);
/// The longest span that a scenario may name.
pub const SPAN: Span = Span::seconds(100 * 3_600);
/// The fastest and slowest clock, in parts per million away from true time.
pub const DRIFT: i32 = 500_000;
/// Messages that were lost lately and are still shown.
pub const RECENTLY_LOST: usize = 32;
/// Configurations that the judge of linearizability looks at for one key, before it gives up.
pub const CONFIGURATIONS: usize = 500_000;
/// Ways in which the calls to one key may have been so far, before the property `linearizability` is given up.
pub const CONFIGURATIONS_AT_ONCE: usize = 400;
/// Operations of a history that is judged by who read whose writes.
pub const TRANSACTIONS: usize = 20_000;
/// The same for causal memory, which is judged anew for every process.
pub const CAUSAL_MEMORY: usize = 4_000;
/// States that an exhaustive search sees, unless told otherwise.
pub const SEARCH_STATES: u64 = 100_000_000;
/// Steps from the first state that an exhaustive search takes, unless told otherwise.
pub const SEARCH_DEPTH: u32 = 10_000;
/// Nodes that an exhaustive search takes for one another: there are 720 orders of six.
pub const ALIKE: usize = 6;
