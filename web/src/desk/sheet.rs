//! The sheet of keys: all of them, by where they are meant.

use yew::prelude::*;

use super::modal::Modal;
use crate::actions::{Command, Row, is_letter, rows, shown};
use crate::store::Action;
use crate::ui::icon::{Icon, icon};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Whether keys of one letter do something.
    pub(crate) letters: bool,
    /// Does a command.
    pub(crate) call: Callback<Command>,
    pub(crate) act: Callback<Action>,
}

#[function_component]
pub(crate) fn KeySheet(props: &Props) -> Html {
    let close = use_callback(props.act.clone(), |(), act| act.emit(Action::Sheet(None)));
    let with_keys: Vec<&Row> = rows().iter().filter(|row| !row.keys.is_empty()).collect();
    let mut groups: Vec<(&str, Vec<&Row>)> = Vec::new();
    for row in with_keys {
        match groups.last_mut() {
            Some((group, rows)) if *group == row.group => rows.push(row),
            _ => groups.push((row.group, vec![row])),
        }
    }
    let letters = props.letters;
    let turn = {
        let call = props.call.clone();
        move |_| call.emit(Command::Letters)
    };
    let list = {
        let call = props.call.clone();
        move |_| call.emit(Command::Commands)
    };
    html! {
        <Modal name="Keys" class="keysheet" close={close.clone()}>
            <div class="over-head">
                <h2 tabindex="-1" autofocus=true>{ "Keys" }</h2>
                <button class="btn ghost icononly" aria-label="Close" onclick={move |_| close.emit(())}>{ icon(Icon::Close) }</button>
            </div>
            <label class="flaw">
                <input type="checkbox" role="switch" checked={letters} onchange={turn} />
                <span class="sw" aria-hidden="true" />
                <span class="flawtext"><b>{ "Keys of one letter" }</b>
                    <span>{ "Letters, digits and signs do something by themselves. Off, they do not, and everything is still \
                             in the list of commands. Arrows, space, Escape and keys with Ctrl stay." }</span></span>
            </label>
            <div class="keysets">
                { for groups.into_iter().map(|(group, rows)| set(group, &rows, letters)) }
            </div>
            <p class="keynote">{ "Tab goes from part to part: stage, playback, diagram, panel. In menus, tabs and lists the arrows \
                choose. What has a key has a button too, or stands in the " }
                <button class="link" onclick={list}>{ "list of commands" }</button>{ "." }</p>
        </Modal>
    }
}

fn set(group: &'static str, rows: &[&Row], letters: bool) -> Html {
    let key = |key: &'static str| {
        let off = !letters && is_letter(key);
        html! { <><kbd class={off.then_some("off")}>{ shown(key) }</kbd>if off { <span class="sr">{ " (off)" }</span> }{ " " }</> }
    };
    let line = |row: &&Row| {
        html! { <div class="keyrow"><dt>{ for row.keys().map(key) }</dt><dd>{ row.name }</dd></div> }
    };
    html! { <section class="keyset"><h3>{ group }</h3><dl>{ for rows.iter().map(line) }</dl></section> }
}
