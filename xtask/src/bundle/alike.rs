//! Makes code that does the same the same bytes, so that it is sent in fewer.

use walrus::ir::{Load, Store, VisitorMut, dfs_pre_order_mut};
use walrus::{LocalFunction, Module};

/// Takes back what a compiler claims of addresses: that they are a multiple of something. It is a hint that no browser follows,
/// and of two loads of one field it may differ. Without it, every address is right.
pub(crate) fn forget_alignment(module: &mut Module) {
    module.funcs.iter_local_mut().for_each(|(_, function)| forget(function));
}

fn forget(function: &mut LocalFunction) {
    let entry = function.entry_block();
    dfs_pre_order_mut(&mut Forgetful, function, entry);
}

struct Forgetful;

impl VisitorMut for Forgetful {
    fn visit_load_mut(&mut self, load: &mut Load) {
        load.arg.align = 1;
    }

    fn visit_store_mut(&mut self, store: &mut Store) {
        store.arg.align = 1;
    }
}
