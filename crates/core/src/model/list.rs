//! Lists that are indexed by a number type of their own, so that the numbers of two lists cannot be
//! confused. Only this file and `sparse` compute with the numbers.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::{Index, IndexMut, Range};

/// Identifies an item of a [`List`]. `K` says of which list.
pub struct Number<K>(u32, PhantomData<fn() -> K>);

impl<K> Number<K> {
    /// The first item.
    pub const FIRST: Self = Self::at(0);

    pub(super) const fn at(index: usize) -> Self {
        Self(index as u32, PhantomData)
    }

    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }

    /// The numbers after this one, in order and without end.
    pub const fn following(self) -> Numbers<K> {
        Numbers(self.0 + 1..u32::MAX, PhantomData)
    }

    /// The id of this item, if the ids of its list begin at `first` and are `apart` from each other.
    pub const fn id(self, first: u32, apart: u32) -> u32 {
        first + apart * self.0
    }
}

// Derived implementations would ask the same of `K`.
impl<K> Clone for Number<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Number<K> {}

impl<K> PartialEq for Number<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K> Eq for Number<K> {}

impl<K> PartialOrd for Number<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Number<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<K> Hash for Number<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K> fmt::Debug for Number<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<K> fmt::Display for Number<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Numbers in order.
pub struct Numbers<K>(Range<u32>, PhantomData<fn() -> K>);

impl<K> Numbers<K> {
    /// All numbers, in order and without end.
    pub const fn all() -> Self {
        Self(0..u32::MAX, PhantomData)
    }

    /// The first numbers, this many.
    pub const fn first(count: usize) -> Self {
        Self(0..count as u32, PhantomData)
    }
}

impl<K> Clone for Numbers<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<K> Iterator for Numbers<K> {
    type Item = Number<K>;

    fn next(&mut self) -> Option<Number<K>> {
        self.nth(0)
    }

    fn nth(&mut self, skipped: usize) -> Option<Number<K>> {
        self.0.nth(skipped).map(|index| Number(index, PhantomData))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<K> DoubleEndedIterator for Numbers<K> {
    fn next_back(&mut self) -> Option<Number<K>> {
        self.0.next_back().map(|index| Number(index, PhantomData))
    }
}

impl<K> ExactSizeIterator for Numbers<K> {}

/// Items in order of creation, each with its number.
#[derive(Clone, Debug)]
pub struct List<T, K = T> {
    items: Vec<T>,
    kind: PhantomData<fn() -> K>,
}

impl<T, K> Default for List<T, K> {
    fn default() -> Self {
        Self { items: Vec::new(), kind: PhantomData }
    }
}

impl<T, K> FromIterator<T> for List<T, K> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self { items: items.into_iter().collect(), kind: PhantomData }
    }
}

impl<T, K> List<T, K> {
    /// Adds an item. Returns its number.
    pub fn push(&mut self, item: T) -> Number<K> {
        let number = self.next_number();
        self.items.push(item);
        number
    }

    /// The number of the item that is added next.
    pub const fn next_number(&self) -> Number<K> {
        Number::at(self.items.len())
    }

    /// The item with this number, if there is one.
    pub fn get(&self, number: Number<K>) -> Option<&T> {
        self.items.get(number.index())
    }

    /// The items without their numbers.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// The numbers of the items.
    pub const fn numbers(&self) -> Numbers<K> {
        Numbers::first(self.items.len())
    }

    /// The items with their numbers.
    pub fn numbered(&self) -> impl DoubleEndedIterator<Item = (Number<K>, &T)> {
        self.numbers().zip(&self.items)
    }
}

impl<T, K> Index<Number<K>> for List<T, K> {
    type Output = T;

    fn index(&self, number: Number<K>) -> &T {
        &self.items[number.index()]
    }
}

impl<T, K> IndexMut<Number<K>> for List<T, K> {
    fn index_mut(&mut self, number: Number<K>) -> &mut T {
        &mut self.items[number.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_found_by_the_number_that_it_was_given() {
        let mut list: List<&str> = List::default();
        assert_eq!(list.next_number(), Number::FIRST);
        let (anna, bo) = (list.push("Anna"), list.push("Bo"));
        assert_eq!((list[anna], list.get(bo)), ("Anna", Some(&"Bo")));
        assert_eq!(list.numbered().next_back(), Some((bo, &"Bo")));
        assert_eq!(list.get(list.next_number()), None);
        assert_eq!(anna.following().next(), Some(bo));
        assert_eq!((anna.id(70, 2), bo.id(70, 2)), (70, 72));
    }
}
