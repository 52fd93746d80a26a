//! A plan in motion: the director says what happens next, the judge of expectations watches, a session keeps the timeline.

mod acts;
mod director;
mod expect;
mod messages;
mod occurrence;
mod report;
mod session;
mod standing;

pub(crate) use messages::place_of;
pub(crate) use session::play_until;

pub use director::{Ending, Failure, Moment};
pub use report::{Answer, First, Judged, Report};
pub use session::{Session, chain, play};
pub use standing::{Standing, Verdict, standings};
