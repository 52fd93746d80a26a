//! The table of promises: which mode of a lab promises which property. It is drawn from what each property needs, which is
//! also what the judge goes by.

use std::rc::Rc;

use splitbrain_core::lab::{KnobKind, KnobValue, Need, PropertyInfo};
use yew::prelude::*;

use crate::store::Running;
use crate::ui::icon::verdict;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) running: Rc<Running>,
}

#[function_component]
pub(crate) fn Promises(props: &Props) -> Html {
    let info = props.running.info();
    let Some(knob) = info.mode.and_then(|id| info.knob(id)) else { return Html::default() };
    let KnobKind::Choice { options } = knob.kind else { return Html::default() };
    let now = match props.running.plan().setup.knob(knob.id) {
        Ok(KnobValue::Choice(place)) => usize::from(place),
        _ => 0,
    };
    let chosen = |place: usize| if place == now { "chosen" } else { "" };
    html! {
        <table class="promises">
            <caption>{ "What each " }<code>{ format!("set {}", knob.id) }</code>{ " promises" }</caption>
            <thead>
                <tr><td />{ for options.iter().enumerate().map(|(place, option)| html! {
                    <th scope="col" class={chosen(place)} title={option.help}>{ option.id }</th>
                }) }</tr>
            </thead>
            <tbody>
                { for info.properties.iter().map(|property| html! {
                    <tr>
                        <th scope="row" title={property.claim}>{ property.id }{ besides(property, knob.id) }</th>
                        { for options.iter().enumerate().map(|(place, option)| {
                            let promised = is_promised(property, knob.id, option.id);
                            let word = if promised { "promised" } else { "not promised" };
                            html! {
                                <td class={chosen(place)}>
                                    { verdict(if promised { "holds" } else { "none" }) }<span class="sr">{ word }</span>
                                </td>
                            }
                        }) }
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

/// Whether a property is promised while a choice knob has this value, if everything else that it needs is given.
fn is_promised(property: &PropertyInfo, knob: &str, value: &str) -> bool {
    property.needs.iter().all(|need| match need {
        Need::Knob { id, values } if *id == knob => values.contains(&value),
        _ => true,
    })
}

/// The other knobs that a property needs, in a few words.
fn besides(property: &PropertyInfo, knob: &str) -> String {
    let other = property.needs.iter().find_map(|need| match need {
        Need::Knob { id, values } if *id != knob => Some(format!(" ({id} {})", values.join(" or "))),
        _ => None,
    });
    other.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_depends_on_the_mode_alone_where_nothing_else_is_said() {
        let property = PropertyInfo {
            id: "p",
            claim: "",
            meaning: "",
            kind: splitbrain_core::lab::PropertyKind::Safety,
            needs: &[
                Need::Knob { id: "order", values: &["token"] },
                Need::Knob { id: "session", values: &["sticky"] },
            ],
        };
        assert!(is_promised(&property, "order", "token") && !is_promised(&property, "order", "wall"));
        assert_eq!(besides(&property, "order"), " (session sticky)");
    }
}
