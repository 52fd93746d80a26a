//! Copies in memory that is there already.

/// Implements `Clone` for a struct by all of its fields. Unlike a derived one, it writes over another value of its type in that one's
/// memory: a search keeps and puts back states in this way a million times a second.
macro_rules! clone_in_place {
    ($name:ident { $($field:ident),+ }) => {
        impl Clone for $name {
            fn clone(&self) -> Self {
                Self { $($field: Clone::clone(&self.$field)),+ }
            }

            fn clone_from(&mut self, other: &Self) {
                $(self.$field.clone_from(&other.$field);)+
            }
        }
    };
}

pub(crate) use clone_in_place;

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    #[derive(PartialEq, Debug)]
    struct Pair {
        list: Vec<u32>,
        number: u32,
    }

    clone_in_place!(Pair { list, number });

    #[test]
    fn a_copy_is_the_same_and_stays_in_the_memory_that_was_there() {
        let one = Pair { list: alloc::vec![1, 2, 3], number: 4 };
        let mut other = Pair { list: alloc::vec![5, 6, 7, 8], number: 9 };
        let memory = other.list.as_ptr();
        other.clone_from(&one);
        assert_eq!((&other, other.list.as_ptr()), (&one, memory));
        assert_eq!(one.clone(), one);
    }
}
