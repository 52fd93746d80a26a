//! The sheet of keys: all of them, by where they are meant.

use yew::prelude::*;

use super::Desk;
use crate::actions::{Command, Row, is_letter, rows, shown};
use crate::store::{Action, Sheet};
use crate::ui::icon::{Icon, icon};

impl Desk {
    pub(super) fn keys(&self, context: &Context<Self>) -> Html {
        let mut groups: Vec<(&str, Vec<&Row>)> = Vec::new();
        for row in rows().iter().filter(|row| !row.keys.is_empty()) {
            match groups.last_mut() {
                Some((group, rows)) if *group == row.group => rows.push(row),
                _ => groups.push((row.group, vec![row])),
            }
        }
        let props = context.props();
        let letters = props.state.letters;
        let show = |sheet: Option<Sheet>| {
            let act = props.act.clone();
            move |_: MouseEvent| act.emit(Action::Sheet(sheet))
        };
        let turn = {
            let call = props.call.clone();
            move |_: Event| call.emit(Command::Letters)
        };
        let inside = html! {
            <>
                <div class="over-head">
                    <h2 tabindex="-1" autofocus=true>{ "Keys" }</h2>
                    <button class="btn ghost icononly" aria-label="Close" onclick={show(None)}>{ icon(Icon::Close) }</button>
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
                    <button class="link" onclick={show(Some(Sheet::Commands))}>{ "list of commands" }</button>{ "." }</p>
            </>
        };
        self.modal(context, "Keys", "keysheet", inside)
    }
}

fn set(group: &'static str, rows: &[&Row], letters: bool) -> Html {
    let key = |key: &'static str| {
        let off = !letters && is_letter(key);
        html! { <><kbd class={off.then_some("off")}>{ shown(key) }</kbd>if off { <span class="sr">{ " (off)" }</span> }{ " " }</> }
    };
    let line = |row: &&Row| {
        html! { <div class="keyrow"><dt>{ for row.keys.split_whitespace().map(key) }</dt><dd>{ row.name }</dd></div> }
    };
    html! { <section class="keyset"><h3>{ group }</h3><dl>{ for rows.iter().map(line) }</dl></section> }
}
