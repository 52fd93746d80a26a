//! Links, clocks and disks as a set-up describes them.

use splitbrain_core::lab::{Knob, KnobKind, KnobValue};
use splitbrain_core::simulation::{Bound, ClockSetting, Latency, LinkSetting, Timing, Transport};
use splitbrain_core::unit::{NodeId, Span as Length};

use crate::amount;
use crate::diagnostic::Span;
use crate::sort::Sort;
use crate::words::{Read, Words};

/// Settings of one thing that were said, and on which line.
pub(crate) type Said = Vec<(String, u32)>;

impl Words<'_> {
    /// `5ms..20ms`, `normal 20ms 5ms`, `exponential 10ms`, `pareto 5ms 3.5`.
    pub(crate) fn latency(&mut self) -> Read<Latency> {
        if self.eat("normal") {
            return Ok(Latency::Normal(self.span()?, self.span()?));
        }
        if self.eat("exponential") {
            return self.span().map(Latency::Exponential);
        }
        if self.eat("pareto") {
            let least = self.span()?;
            let shape = self.read("the shape, such as 3.5", |word| {
                amount::decimal(word, 1_000)
                    .and_then(|shape| u32::try_from(shape).ok())
                    .filter(|shape| *shape > 0)
                    .ok_or_else(|| format!("`{word}` is not a shape: write it as 3.5"))
            })?;
            return Ok(Latency::Pareto(least, shape));
        }
        let (low, high) = self.read("a latency such as 5ms..20ms", amount::range)?;
        Ok(Latency::Uniform(low, high))
    }

    /// The settings of a link, until the end of the line. `timing` is there for `network` alone.
    pub(crate) fn link_settings(
        &mut self,
        link: &mut LinkSetting,
        mut timing: Option<&mut Timing>,
        said: &mut Said,
    ) -> Read<()> {
        let all = ["latency", "loss", "duplicate", "reorder", "transport", "bandwidth", "queue", "timing"];
        let all = &all[..if timing.is_some() { 8 } else { 7 }];
        if self.is_done() {
            self.offer(all.iter().copied(), Sort::Setting);
            return Err(self.wrong("a setting is missing here, such as `latency 5ms..20ms` or `loss 2%`"));
        }
        while !self.is_done() {
            let place = self.here();
            let word = self.word("a setting")?;
            self.once(place, word, said)?;
            match word {
                "latency" => link.latency = self.latency()?,
                "loss" => link.loss = self.read("a share such as 2%", amount::ratio)?,
                "duplicate" => link.duplicate = self.read("a share such as 1%", amount::ratio)?,
                "reorder" => link.reorder = self.switch()?,
                "transport" => {
                    let all = [("datagram", Transport::Datagram), ("stream", Transport::Stream)];
                    link.transport = self.one_of(Sort::Transport, all.into_iter())?;
                }
                "bandwidth" => link.bandwidth = self.read("a bandwidth such as 1mbps", amount::bandwidth)?,
                "queue" => link.queue = self.number("a number of messages")?,
                "timing" if timing.is_some() => {
                    let read = self.timing()?;
                    if let Some(timing) = timing.as_deref_mut() {
                        *timing = read;
                    }
                }
                other => {
                    let wrong = self.wrong_at(place, format!("`{other}` is not a setting of a link"));
                    return Err(wrong.suggest(other, all.iter().copied()));
                }
            }
        }
        self.offer(all.iter().copied(), Sort::Setting);
        Ok(())
    }

    fn timing(&mut self) -> Read<Timing> {
        self.offer(["bounded", "async", "partial"], Sort::Setting);
        let place = self.here();
        match self.word("`bounded`, `async` or `partial until T`")? {
            "bounded" => Ok(Timing::Bounded),
            "async" => Ok(Timing::Async),
            "partial" => {
                self.expect("until")?;
                self.time().map(Timing::Partial)
            }
            other => {
                let wrong = self.wrong_at(place, format!("`{other}` is not a timing"));
                Err(wrong.suggest(other, ["bounded", "async", "partial"]))
            }
        }
    }

    pub(crate) fn switch(&mut self) -> Read<bool> {
        self.one_of(Sort::Switch, [("on", true), ("off", false)].into_iter())
    }

    /// A setting is said once.
    fn once(&self, place: Span, word: &str, said: &mut Said) -> Read<()> {
        if let Some((_, line)) = said.iter().find(|(other, _)| other == word) {
            let wrong = self.wrong_at(place, format!("`{word}` was said on line {line} already"));
            return Err(wrong.help("it is said once"));
        }
        said.push((word.to_owned(), self.line()));
        Ok(())
    }

    pub(crate) fn clock_settings(&mut self, clock: &mut ClockSetting, said: &mut Said) -> Read<()> {
        const ALL: [&str; 6] = ["drift", "offset", "uncertainty", "growing", "sync", "at-bound"];
        if self.is_done() {
            self.offer(ALL, Sort::Setting);
            return Err(self.wrong("a setting is missing here, such as `drift 200ppm` or `offset -30ms`"));
        }
        while !self.is_done() {
            let place = self.here();
            let word = self.word("a setting")?;
            self.once(place, word, said)?;
            match word {
                "drift" => clock.drift = self.read("a drift such as 200ppm", amount::ppm)?,
                "offset" => clock.offset = self.read("a time such as -30ms", amount::signed)?,
                "uncertainty" => clock.uncertainty = self.span()?,
                "growing" => {
                    clock.growing = self.read("a rate such as 200ppm", |word| {
                        amount::ppm(word).and_then(|ppm| {
                            u32::try_from(ppm)
                                .map_err(|_| format!("uncertainty cannot shrink: `{word}` is below zero"))
                        })
                    })?;
                }
                "sync" => {
                    let period = self.span()?;
                    if period == Length::ZERO {
                        return Err(self.wrong_at(place, "a clock cannot be synchronised every 0 s"));
                    }
                    clock.sync = Some(period);
                }
                "at-bound" => {
                    let all = [("+", Bound::Ahead), ("-", Bound::Behind)];
                    clock.at_bound = Some(self.one_of(Sort::Bound, all.into_iter())?);
                }
                other => {
                    let wrong = self.wrong_at(place, format!("`{other}` is not a setting of a clock"));
                    return Err(wrong.suggest(other, ALL));
                }
            }
        }
        self.offer(ALL, Sort::Setting);
        Ok(())
    }

    /// `NODE sync A..B`.
    pub(crate) fn disk_setting(&mut self, said: &mut [Said]) -> Read<(NodeId, Length, Length)> {
        let node = self.node()?;
        let place = self.here();
        self.expect("sync")?;
        self.once(place, "sync", &mut said[node.index()])?;
        let (low, high) = self.read("how long a write takes, such as 5ms..20ms", amount::range)?;
        Ok((node, low, high))
    }

    /// The value of a knob.
    pub(crate) fn knob_value(&mut self, knob: &Knob) -> Read<KnobValue> {
        match knob.kind {
            KnobKind::Span { .. } => self.span().map(KnobValue::Span),
            KnobKind::Number { min, max, .. } => {
                let place = self.here();
                let number = self.number("a whole number")?;
                if !(min..=max).contains(&number) {
                    return Err(self.wrong_at(place, format!("`{}` can be from {min} to {max}", knob.id)));
                }
                Ok(KnobValue::Number(number))
            }
            KnobKind::Ppm { .. } => self.read("a rate such as 200ppm", |word| {
                let ppm = amount::ppm(word)?;
                u32::try_from(ppm).map(KnobValue::Ppm).map_err(|_| format!("`{word}` is below zero"))
            }),
            KnobKind::Choice { options } => {
                let all = options
                    .iter()
                    .enumerate()
                    .map(|(place, option)| (option.id, KnobValue::Choice(place as u8)));
                self.one_of(Sort::Choice, all)
            }
            KnobKind::Switch { .. } => self.switch().map(KnobValue::Switch),
        }
    }
}
