//! What forks share until one of them changes it.

use alloc::rc::Rc;

/// What is shared, to change: a copy of its own, where others have it too. There are no weak references here, for which
/// `Rc::make_mut` has a third way out.
pub fn own<T: Clone>(shared: &mut Rc<T>) -> &mut T {
    if Rc::strong_count(shared) > 1 {
        *shared = Rc::new(T::clone(shared));
    }
    Rc::get_mut(shared).expect("nobody else has it, and nobody has a weak reference")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_is_copied_and_what_is_not_stays_where_it_is() {
        let mut one = Rc::new(1);
        let place = Rc::as_ptr(&one);
        *own(&mut one) += 1;
        assert!(core::ptr::eq(place, Rc::as_ptr(&one)));
        let other = Rc::clone(&one);
        *own(&mut one) += 1;
        assert_eq!((*one, *other), (3, 2));
    }
}
