//! The space-time diagram: the world over time, where the stage is the world at an instant.
//!
//! It lies on the axis of the rail and has the one playhead of the page. Reading order: [`crate::ui::window`] (the window), [`scale`] (the ruler), [`mod@slice`] (what
//! happened in it), [`index`] and [`looks`] (what lasts, and how nodes looked), [`cone`] (what happened before what), [`ops`]
//! (what clients asked for), then the drawing ([`paint`], [`arrows`], [`labels`], [`crowd`]) and what keeps it in its place
//! ([`board`], [`hands`]).

mod arrows;
mod board;
mod canvas;
mod cone;
mod crowd;
mod gutter;
mod hands;
mod index;
mod labels;
mod lanes;
mod looks;
mod ops;
mod origin;
mod paint;
mod scale;
mod slice;
#[cfg(test)]
pub(crate) mod tests;

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_core::kit::Sorted;
use splitbrain_core::view::Frame;
use yew::prelude::*;

use crate::actions::Command;
use crate::store::{Action, Player, Running, Selection, Speed};
use crate::ui::number::number;
use crate::ui::width::use_width;
use board::{Board, Parts};
use gutter::Gutter;
use hands::Hands;
use lanes::Lanes;
use origin::Origin;

/// What the diagram shows.
#[derive(Properties)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
    /// How many records are computed, and whether that is all of them.
    pub(crate) computed: u32,
    pub(crate) over: bool,
    /// So many records have happened, and the picture after them.
    pub(crate) step: u32,
    pub(crate) frame: Rc<Frame>,
    pub(crate) speed: Speed,
    pub(crate) playing: bool,
    /// Which questions have an answer: what comes after an open one is hidden.
    pub(crate) answers: Rc<Sorted<u32, usize>>,
    /// What is chosen: an event or an operation lies here.
    pub(crate) selected: Option<Selection>,
    pub(crate) player: Player,
    pub(crate) act: Callback<Action>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.frame, &other.frame)
            && self.step == other.step
            && self.running == other.running
            && (self.computed, self.over, self.playing) == (other.computed, other.over, other.playing)
            && self.speed == other.speed
            && Rc::ptr_eq(&self.answers, &other.answers)
            && (self.selected, &self.act) == (other.selected, &other.act)
            && self.player == other.player
    }
}

#[function_component]
pub(crate) fn Diagram(props: &Props) -> Html {
    let Props { running, computed, over, step, frame, speed, playing, answers, selected, player, act } =
        props;
    let parts = use_memo((), |()| Parts::default());
    let board = use_memo(player.clone(), |player| Board::new((*parts).clone(), player.clone()));
    let board: Rc<RefCell<Board>> = (*board).clone();
    let lanes = use_state_eq(Rc::<Lanes>::default);
    let chosen = selected.and_then(Selection::event);
    board.borrow_mut().playing = *playing;
    use_effect_with((running.clone(), *computed, *over, *speed), {
        let (board, lanes, frame) = (board.clone(), lanes.setter(), frame.clone());
        move |(running, _, over, speed)| lanes.set(board.borrow_mut().take(running, &frame, *speed, *over))
    });
    use_effect_with((chosen, running.clone()), {
        let board = board.clone();
        move |(chosen, _)| board.borrow_mut().choose(*chosen)
    });
    {
        let board = board.clone();
        use_width(&parts.plot, move |width| {
            if let Ok(mut board) = board.try_borrow_mut() {
                board.resize(width);
            }
        });
    }
    use_effect_with(player.clone(), {
        let board = board.clone();
        move |player| {
            board.borrow_mut().follow(crate::store::Move::default());
            let subscription = player.playhead().listen(move |_, how| {
                // A board that is at work puts itself in its place when it is done.
                if let Ok(mut board) = board.try_borrow_mut() {
                    board.follow(how);
                }
            });
            move || drop(subscription)
        }
    });
    // The event is chosen, and time goes to where it has just happened.
    let choose = use_callback((player.clone(), act.clone()), |record: Option<u32>, (player, act)| {
        if let Some(record) = record {
            player.seek(record + 1);
        }
        act.emit(Action::Select(record.map(Selection::Event)));
    });
    let hands = Hands {
        board: board.clone(),
        player: player.clone(),
        choose: choose.clone(),
        act: act.clone(),
        parts: (*parts).clone(),
    };
    hands::use_wheel(&parts.plot, &board);
    let hidden = running.questions(*step).iter().any(|cue| !answers.contains(cue));
    let height = number(lanes.height, 3);
    let spot = |which: usize| {
        let choose = choose.clone();
        let (board, picked) = (board.clone(), board.clone());
        let pick = move |_| {
            let focus = picked.borrow().focus();
            choose.emit(focus.filter(|focus| chosen != Some(*focus)));
        };
        let bring = move |_| {
            // A board that gives the keyboard away has brought it into sight itself.
            if let Ok(mut board) = board.try_borrow_mut() {
                board.bring();
            }
        };
        html! {
            <button class="st-spot" ref={parts.spots[which].clone()} hidden={which == 1} aria-label="Event" onclick={pick}
                onfocus={bring} />
        }
    };
    let zoom = |factor: f64| {
        let hands = hands.clone();
        move |_: MouseEvent| hands.zoom(factor)
    };
    html! {
        <section class="diagram" aria-label="Space-time diagram" onkeydown={hands.keys()}>
            <div class="st-scroll">
                <div class="st-top">
                    <div class="st-corner">
                        <button class="btn ghost icononly" aria-label="Zoom out" title={Command::ZoomOut.title()} aria-keyshortcuts={Command::ZoomOut.keys()} onclick={zoom(0.66)}>{ "−" }</button>
                        <button class="btn ghost icononly" aria-label="Zoom in" title={Command::ZoomIn.title()} aria-keyshortcuts={Command::ZoomIn.keys()} onclick={zoom(1.5)}>{ "+" }</button>
                    </div>
                    <div class="st-ruler">
                        <div class="st-move" ref={parts.ruler.clone()}>
                            <svg class="st-sheet" height="28" aria-hidden="true" ref={parts.ruler_sheet.clone()} />
                            <div class="st-chip" aria-hidden="true" ref={parts.chip.clone()} />
                        </div>
                    </div>
                </div>
                <div class="st-body">
                    <Gutter lanes={(*lanes).clone()} frame={frame.clone()} />
                    <div class="st-plot" style={format!("height:{height}px;--st-height:{height}px")} ref={parts.plot.clone()}
                        onpointerdown={hands.down()} onpointermove={hands.drag()} onpointerup={hands.up()}
                        onpointercancel={hands.up()}>
                        <svg width="0" height="0" aria-hidden="true">
                            <defs>
                                <pattern id="st-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                                    <path class="frostline" d="M0 0V6" />
                                </pattern>
                            </defs>
                        </svg>
                        <div class={classes!("st-move", chosen.is_some().then_some("chosen"))} ref={parts.moving.clone()}>
                            <svg class="st-sheet" role="img" aria-label="Window" height={height.clone()} ref={parts.under.clone()} />
                            <div class={classes!("st-now", hidden.then_some("hides"))} ref={parts.now.clone()} />
                            <svg class="st-sheet st-over" height={height.clone()} aria-hidden="true" ref={parts.over.clone()} />
                            { spot(0) }
                            { spot(1) }
                        </div>
                    </div>
                </div>
            </div>
            <Origin running={running.clone()} computed={*computed} {chosen} choose={choose} />
        </section>
    }
}
