//! The types that plans are made of. A number stands for each kind of a thing.

use splitbrain_core::lab::{Arg, KnobValue};
use splitbrain_core::simulation::{Bound, ClockSetting, Latency, LinkChange, LinkSetting, Timing, Transport};
use splitbrain_core::trace::Turn;
use splitbrain_core::unit::{NodeId, Ratio, Span, Time, Value};

use super::{Packed, Packer, Unpacker};
use crate::plan::{
    Act, Choice, Claim, Fact, LifeVerb, Operand, Pattern, Pick, Question, Right, Sign, Stop, Verb, When, Who,
};

macro_rules! structs {
    ($($name:ident { $($field:tt)+ })+) => {$(
        impl Packed for $name {
            fn pack(&self, to: &mut Packer<'_>) {
                structs!(@pack self to $($field)+);
            }
            fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
                structs!(@unpack from $($field)+)
            }
        }
    )+};
    (@pack $self:ident $to:ident $($field:tt)+) => { $($self.$field.pack($to);)+ };
    (@unpack $from:ident $($field:tt)+) => { Some(Self { $($field: Packed::unpack($from)?),+ }) };
}

structs! {
    NodeId { 0 }
    Ratio { 0 }
    Span { 0 }
    Time { 0 }
    LinkSetting { latency loss duplicate reorder transport bandwidth queue }
    LinkChange { latency loss duplicate reorder }
    ClockSetting { drift offset uncertainty growing sync at_bound }
    Pattern { kind from to }
    Question { text options }
    Choice { text right }
}

macro_rules! enums {
    ($($name:ident { $($tag:literal $variant:ident $(($($part:ident),+))? $({ $($field:ident),+ })?),+ })+) => {$(
        impl Packed for $name {
            fn pack(&self, to: &mut Packer<'_>) {
                match self {$(
                    Self::$variant $(($($part),+))? $({ $($field),+ })? => {
                        to.number($tag);
                        $($($part.pack(to);)+)?
                        $($($field.pack(to);)+)?
                    }
                )+}
            }
            fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
                Some(match from.number()? {
                    $($tag => {
                        $($(let $part = Packed::unpack(from)?;)+)?
                        $($(let $field = Packed::unpack(from)?;)+)?
                        Self::$variant $(($($part),+))? $({ $($field),+ })?
                    })+
                    _ => return None,
                })
            }
        }
    )+};
}

enums! {
    Latency { 0 Uniform(from, to), 1 Normal(mean, deviation), 2 Exponential(mean), 3 Pareto(least, shape) }
    Transport { 0 Datagram, 1 Stream }
    Timing { 0 Bounded, 1 Async, 2 Partial(until) }
    Bound { 0 Ahead, 1 Behind }
    KnobValue { 0 Span(span), 1 Number(number), 2 Ppm(ppm), 3 Choice(place), 4 Switch(on) }
    Arg { 0 Key(key), 1 Value(value), 2 Number(number), 3 Span(span), 4 Node(node) }
    Value { 0 Nil, 1 Int(number), 2 Word(word), 3 Set(values), 4 List(values) }
    Turn { 0 NotYet, 1 Holds, 2 Violated, 3 Late, 4 NotPromised }
    Stop { 0 At(time), 1 When(fact) }
    When { 0 At(time), 1 After(span), 2 Then, 3 Fact(fact), 4 Whenever(fact), 5 Every { period, from, until } }
    Who { 0 Node(node), 1 Leader, 2 Followers, 3 Servers, 4 Clients, 5 All, 6 Others, 7 Random }
    Act {
        0 Life(verb, whos, span), 1 Partition(groups, span), 2 Isolate(whos, span), 3 Cut(links, span), 4 Heal,
        5 HealBetween(one, other), 6 Message(verb, pick, pattern), 7 Links(change, links, span), 8 Jump(who, by),
        9 Drift(who, ppm), 10 Uncertainty(who, span), 11 Disk(who, from, to), 12 Request(who, verb, values),
        13 Say(text), 14 Ask(question), 15 Break, 16 Manual, 17 Automatic, 18 Fire(timer, who)
    }
    LifeVerb { 0 Crash, 1 Restart, 2 Pause, 3 Suspend, 4 Resume }
    Verb { 0 Lose, 1 Hold, 2 Repeat, 3 Delay(span), 4 Release, 5 Deliver }
    Pick { 0 Next, 1 Nth(number) }
    Right { 0 Always, 1 If(claim) }
    Fact {
        0 Event(place, who, number), 1 State(place, who, number), 2 Receives(who, kind, from), 3 Sends(who, kind, to),
        4 Answered(who), 5 Life(who, verb), 6 Violation(property), 7 Drops(from, to), 8 Quiet
    }
    Claim {
        0 Violation(any), 1 Verdict(turn, property, at), 2 Sometimes(fact, by), 3 Never(fact, from, until),
        4 At(fact, time, is), 5 Times(fact, times), 6 Compare(left, sign, right, at), 7 Linearizable(is)
    }
    Operand { 0 Field(node, name), 1 Answer(node, request), 2 Value(value) }
    Sign { 0 Equal, 1 Differs, 2 Less, 3 AtMost, 4 Greater, 5 AtLeast }
}
