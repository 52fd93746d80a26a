//! A run as a screen sees it: plain data, drawn anew for every instant.

use alloc::string::String;
use alloc::vec::Vec;

use super::Lab;
use super::bench::Bench;
use crate::simulation::{Fault, Kept};
use crate::unit::EnvelopeId;
use crate::view::{ClockView, Frame, Glyph, MessageState, MessageView, NodeView, Ring};

impl<P: Lab> Bench<P> {
    pub(super) fn draw(&self, out: &mut Frame) {
        let kernel = self.simulation.kernel();
        out.time = kernel.now();
        out.nodes.clear();
        out.nodes.extend(self.setup.roster.iter().map(|(id, member)| {
            let host = &kernel.hosts()[id.index()];
            let reading = kernel.clock(id);
            let mut view = NodeView {
                id,
                name: member.name.clone(),
                role: member.group.role.into(),
                glyph: if host.client { Glyph::Client } else { Glyph::Follower },
                ring: Ring::Thin,
                hue: 0,
                sub: String::new(),
                note: String::new(),
                life: host.life,
                clock: ClockView {
                    monotonic: reading.monotonic,
                    wall: reading.wall,
                    error: host.clock.error(kernel.now()),
                    drift: host.clock.drift(),
                    uncertainty: reading.uncertainty,
                },
                widgets: Vec::new(),
                client: host.client,
            };
            P::draw(&self.simulation, id, &mut view);
            view
        }));
        self.draw_messages(out);
        out.groups.clear();
        out.cuts.clear();
        for (_, fault) in kernel.faults() {
            match fault {
                Fault::Partition(groups) => out.groups.clone_from(groups),
                Fault::Cut(pairs) => out.cuts.extend_from_slice(pairs),
                _ => {}
            }
        }
        out.chart.clocks.clear();
        out.chart.waits.bars.clear();
        P::chart(&self.ghost, &self.simulation, &self.setup.roster, &mut out.chart);
    }

    fn draw_messages(&self, out: &mut Frame) {
        let kernel = self.simulation.kernel();
        out.messages.clear();
        for flight in kernel.flights() {
            let state = match flight.kept {
                Kept::No => MessageState::Flying,
                Kept::Held => MessageState::Held,
                Kept::Stalled | Kept::Behind => MessageState::Stalled,
            };
            let mut view = MessageView {
                id: flight.id,
                kind: flight.kind,
                from: flight.from,
                to: flight.to,
                label: String::new(),
                cells: Vec::new(),
                sent: flight.sent,
                due: flight.due,
                state,
            };
            if let Some(message) = self.simulation.payload(flight.id) {
                P::draw_message(message, &mut view);
            }
            out.messages.push(view);
        }
        out.messages.extend(kernel.gone().iter().map(|gone| MessageView {
            id: gone.id,
            kind: gone.kind,
            from: gone.from,
            to: gone.to,
            label: String::new(),
            cells: Vec::new(),
            sent: gone.sent,
            due: gone.due,
            state: MessageState::Lost(gone.lost),
        }));
    }

    pub(super) fn words_of(&self, message: EnvelopeId) -> String {
        let Some((flight, payload)) =
            self.simulation.kernel().flight(message).zip(self.simulation.payload(message))
        else {
            return String::new();
        };
        let mut view = MessageView {
            id: message,
            kind: flight.kind,
            from: flight.from,
            to: flight.to,
            label: String::new(),
            cells: Vec::new(),
            sent: flight.sent,
            due: flight.due,
            state: MessageState::Flying,
        };
        P::draw_message(payload, &mut view);
        view.label
    }
}
