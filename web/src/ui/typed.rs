//! Fields whose words a component keeps.

use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Keeps what is typed into a field. It stands here and not with each field: the compiler makes one function of those that are
/// alike, and one that is a wing's and the page's as well cannot be taken out of the page.
pub(crate) fn typed(kept: &UseStateHandle<String>) -> Callback<InputEvent> {
    let kept = kept.clone();
    Callback::from(move |event: InputEvent| {
        event.target_dyn_into::<HtmlInputElement>().iter().for_each(|field| kept.set(field.value()));
    })
}
