//! One node: what it is depends on the scene.

use super::detector::Detector;
use super::general::General;
use super::message::{Event, Message, Request, Timer};
use super::ntp::{Syncer, TimeServer};
use super::resolver::Resolver;
use super::{Config, Scene, is_general};
use crate::protocol::{Context, Protocol};
use crate::unit::{NodeId, OpId};

/// A node of the round-trip lab.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum RoundTrip {
    Resolver(Resolver),
    Upstream,
    Syncer(Syncer),
    TimeServer(TimeServer),
    Detector(Detector),
    General(General),
    /// It has no part in this scene.
    Bystander,
}

impl Protocol for RoundTrip {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Durable = ();
    type Event = Event;

    fn boot(cx: &mut Context<'_, Self>) -> Self {
        let (config, me) = (cx.config(), cx.me());
        match (config.scene, me.0 < config.servers) {
            (Scene::Resolvers, true) => Self::Upstream,
            (Scene::Resolvers, false) => Self::Resolver(Resolver::new(config.servers)),
            (Scene::Ntp, true) => Self::TimeServer(TimeServer::default()),
            (Scene::Ntp, false) => Self::Syncer(Syncer::default()),
            (Scene::Detector, true) => Self::Detector(Detector::boot(cx)),
            (Scene::Generals, true) if is_general(me) => Self::General(General::boot(cx)),
            (Scene::Detector | Scene::Generals, _) => Self::Bystander,
        }
    }

    fn on_message(&mut self, cx: &mut Context<'_, Self>, from: NodeId, message: Message) {
        match (self, message) {
            (Self::Upstream, Message::Lookup { number }) => {
                let clock = cx.clock().monotonic;
                cx.send(from, Message::Answer { number, clock });
            }
            (Self::Resolver(resolver), Message::Answer { number, clock }) => {
                resolver.on_answer(cx, from, number, clock);
            }
            (Self::TimeServer(server), Message::AskTime { sent }) => server.on_ask(cx, from, sent),
            (Self::Syncer(syncer), Message::Time { sent, came, went }) => {
                syncer.on_time(cx, from, (sent, came, went));
            }
            (Self::Detector(detector), Message::Alive) => detector.on_alive(cx, from),
            (Self::General(general), Message::Tell { number }) => general.on_tell(cx, number),
            // Nobody sends these to these.
            _ => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_, Self>, timer: Timer) {
        match (self, timer) {
            (Self::Resolver(resolver), Timer::Retry) => resolver.on_retry(cx),
            (Self::Syncer(syncer), Timer::Retry) => syncer.on_retry(cx),
            (Self::TimeServer(server), Timer::Reply(client)) => server.on_reply(cx, client),
            (Self::Detector(detector), Timer::Beat) => detector.on_beat(cx),
            (Self::Detector(detector), Timer::Expire(node)) => detector.on_expire(cx, node),
            (Self::General(general), Timer::Dawn) => general.on_dawn(cx),
            // Nobody sets these.
            _ => {}
        }
    }

    fn on_request(&mut self, cx: &mut Context<'_, Self>, op: OpId, request: Request) {
        match (self, request) {
            (Self::Resolver(resolver), Request::Query) => resolver.on_query(cx, op),
            (Self::Syncer(syncer), Request::Sync(server)) => syncer.ask(cx, op, server),
            (Self::General(general), Request::Attack) => general.on_attack(cx),
            // The lab refuses what belongs to another scene.
            _ => {}
        }
    }
}
