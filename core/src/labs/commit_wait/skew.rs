//! Whether the clocks are as good as the protocol takes them to be.

use alloc::format;

use super::property::NO_STALE_READ;
use super::{Clock, CommitWait};
use crate::lab::{Scene, Verdicts};
use crate::unit::Span;

/// What `no-stale-read` needs of the clocks: under `truetime` that each is within its own interval, under `hlc` that those
/// which timestamps come from are never further apart than the maximal offset, less a millisecond for counting on.
pub(super) fn watch(
    errors: &mut Option<(i64, i64)>,
    scene: &Scene<'_, CommitWait>,
    verdicts: &mut Verdicts<'_>,
) {
    let Some(node) = scene.record.node else { return };
    let (kernel, config) = (scene.simulation.kernel(), scene.simulation.config());
    let Some(host) = kernel.hosts().get(node.index()) else { return };
    let error = host.clock.error(kernel.now());
    let why = match config.clock {
        Clock::TrueTime => {
            let uncertainty = host.clock.read(kernel.now()).uncertainty;
            if error.unsigned_abs() <= uncertainty.0 {
                return;
            }
            format!(
                "it needs clocks within their intervals, and the clock of {} is wrong by {}, not at most {uncertainty}",
                scene.name(node),
                Span(error.unsigned_abs())
            )
        }
        Clock::Hlc if host.client => {
            let (low, high) = errors.unwrap_or((error, error));
            let (low, high) = (low.min(error), high.max(error));
            *errors = Some((low, high));
            let apart = Span(high.abs_diff(low));
            if apart + Span::millis(1) <= config.max_offset {
                return;
            }
            format!(
                "it needs clocks that are closer together than the maximal offset of {}, and they were {apart} apart",
                config.max_offset
            )
        }
        Clock::Hlc => return,
    };
    verdicts.not_promised(NO_STALE_READ, &why);
}
