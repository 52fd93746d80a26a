//! A run as a screen sees it: plain data, drawn anew for every instant.

use alloc::string::String;
use alloc::vec::Vec;

use super::running::Running;
use crate::simulation::{Fault, Flight, Kept};
use crate::view::{ClockView, Frame, Glyph, MessageState, MessageView, NodeView, Ring};

impl Running {
    pub(super) fn draw_nodes(&self, out: &mut Vec<NodeView>) {
        let kernel = self.specimen.kernel();
        out.clear();
        out.extend(self.setup.roster.iter().map(|(id, member)| {
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
            self.specimen.draw(id, &mut view);
            view
        }));
    }

    pub(super) fn draw(&self, out: &mut Frame) {
        let kernel = self.specimen.kernel();
        out.time = kernel.now();
        self.draw_nodes(&mut out.nodes);
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
    }

    fn draw_messages(&self, out: &mut Frame) {
        let kernel = self.specimen.kernel();
        out.messages.clear();
        out.messages.extend(kernel.flights().iter().map(|flight| self.draw_message(flight)));
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

    pub(super) fn draw_message(&self, flight: &Flight) -> MessageView {
        let mut view = MessageView {
            id: flight.id,
            kind: flight.kind,
            from: flight.from,
            to: flight.to,
            label: String::new(),
            cells: Vec::new(),
            sent: flight.sent,
            due: flight.due,
            state: match flight.kept {
                Kept::No => MessageState::Flying,
                Kept::Held => MessageState::Held,
                Kept::Stalled | Kept::Behind => MessageState::Stalled,
            },
        };
        self.specimen.draw_message(flight, &mut view);
        view
    }
}
