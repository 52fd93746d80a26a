//! What opens a link that holds a whole scenario.

use std::rc::Rc;

use yew::prelude::*;

use super::pack;
use crate::store::Action;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) packed: Rc<str>,
    pub(crate) act: Callback<Action>,
}

#[function_component]
pub(crate) fn Unpack(props: &Props) -> Html {
    let act = props.act.clone();
    use_effect_with(props.packed.clone(), move |packed| {
        let packed = Rc::clone(packed);
        yew::platform::spawn_local(async move {
            let text = pack::unpack(&packed).await;
            act.emit(Action::Unpacked(packed, text));
        });
    });
    Html::default()
}
