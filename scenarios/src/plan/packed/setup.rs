//! A set-up.

use splitbrain_core::lab::{KnobValue, Roster, Setup, Size};

use super::{Packed, Packer, Unpacker};

/// Names of the lab are told by their places there.
impl Packed for Setup {
    fn pack(&self, to: &mut Packer<'_>) {
        let Self { lab, roster, seed, knobs, flaws, timing, network, links, clocks, disks } = self;
        let count = |is: fn(&Size) -> bool| {
            let group = lab.groups.iter().find(|group| is(&group.size));
            group.map(|group| roster.group(group.name).count())
        };
        count(|size| matches!(size, Size::Nodes { .. })).pack(to);
        count(|size| matches!(size, Size::Clients { .. })).pack(to);
        seed.pack(to);
        let place = |id: &str| lab.knobs.iter().position(|knob| knob.id == id);
        let knobs: Vec<_> = knobs.iter().filter_map(|(id, value)| Some((place(id)?, *value))).collect();
        knobs.pack(to);
        let place = |id: &&str| lab.flaws.iter().position(|flaw| flaw.id == *id);
        flaws.iter().filter_map(place).collect::<Vec<_>>().pack(to);
        timing.pack(to);
        network.pack(to);
        links.pack(to);
        clocks.pack(to);
        disks.pack(to);
    }
    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let lab = from.lab;
        let (nodes, clients) = (Packed::unpack(from)?, Packed::unpack(from)?);
        let roster = Roster::new(lab, nodes, clients);
        let seed = Packed::unpack(from)?;
        let knobs = Vec::<(usize, KnobValue)>::unpack(from)?;
        let knobs = knobs.into_iter().map(|(place, value)| Some((lab.knobs.get(place)?.id, value)));
        let knobs = knobs.collect::<Option<_>>()?;
        let flaws = Vec::<usize>::unpack(from)?.into_iter();
        let flaws = flaws.map(|place| Some(lab.flaws.get(place)?.id)).collect::<Option<_>>()?;
        Some(Self {
            lab,
            roster,
            seed,
            knobs,
            flaws,
            timing: Packed::unpack(from)?,
            network: Packed::unpack(from)?,
            links: Packed::unpack(from)?,
            clocks: Packed::unpack(from)?,
            disks: Packed::unpack(from)?,
        })
    }
}
