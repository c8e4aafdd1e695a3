//! A list that can forget items. The numbers of the others stay, and a forgotten number is never
//! given again.

use std::ops::{Index, IndexMut};

use super::list::{Number, Numbers};

/// How many items a page has.
const PAGE: usize = 8;

/// Items in order of creation, each with its number, without those that were forgotten.
///
/// The items are in pages. A page whose items are all forgotten is freed.
#[derive(Debug)]
pub struct SparseList<T, K = T> {
    pages: Vec<Page<T>>,
    next: Number<K>,
}

#[derive(Debug)]
struct Page<T> {
    items: Vec<Option<T>>,
    kept: usize,
}

impl<T, K> Default for SparseList<T, K> {
    fn default() -> Self {
        Self { pages: Vec::new(), next: Number::FIRST }
    }
}

impl<T, K> FromIterator<T> for SparseList<T, K> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = Self::default();
        for item in items {
            list.push(item);
        }
        list
    }
}

impl<T, K> SparseList<T, K> {
    /// Adds an item. Returns its number.
    pub fn push(&mut self, item: T) -> Number<K> {
        let number = self.next;
        if number.index().is_multiple_of(PAGE) {
            self.pages.push(Page { items: Vec::new(), kept: 0 });
        }
        if let Some(page) = self.pages.last_mut() {
            // The last page may have been freed, with its numbers given.
            page.items.resize_with(number.index() % PAGE, || None);
            page.items.push(Some(item));
            page.kept += 1;
        }
        self.next = Number::at(number.index() + 1);
        number
    }

    /// The number of the item that is added next.
    pub const fn next_number(&self) -> Number<K> {
        self.next
    }

    /// The item with this number. `None` if there is none, or it was forgotten.
    pub fn get(&self, number: Number<K>) -> Option<&T> {
        self.pages.get(number.index() / PAGE)?.items.get(number.index() % PAGE)?.as_ref()
    }

    /// Forgets the item with this number, and returns it.
    pub fn forget(&mut self, number: Number<K>) -> Option<T> {
        let page = self.pages.get_mut(number.index() / PAGE)?;
        let item = page.items.get_mut(number.index() % PAGE)?.take()?;
        page.kept -= 1;
        if page.kept == 0 {
            page.items = Vec::new();
        }
        Some(item)
    }

    /// The numbers that were given, those of forgotten items included.
    pub const fn numbers(&self) -> Numbers<K> {
        Numbers::first(self.next.index())
    }

    /// The items with their numbers.
    pub fn numbered(&self) -> impl DoubleEndedIterator<Item = (Number<K>, &T)> {
        self.pages.iter().enumerate().flat_map(|(page, items)| {
            let items = items.items.iter().enumerate();
            items.filter_map(move |(place, item)| {
                Some((Number::at(page * PAGE + place), item.as_ref()?))
            })
        })
    }

    /// The items without their numbers.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.pages.iter().flat_map(|page| page.items.iter().flatten())
    }
}

impl<T, K> Index<Number<K>> for SparseList<T, K> {
    type Output = T;

    fn index(&self, number: Number<K>) -> &T {
        self.get(number).unwrap_or_else(|| panic!("there is no item {number}"))
    }
}

impl<T, K> IndexMut<Number<K>> for SparseList<T, K> {
    fn index_mut(&mut self, number: Number<K>) -> &mut T {
        let page = self.pages.get_mut(number.index() / PAGE);
        let item = page.and_then(|page| page.items.get_mut(number.index() % PAGE)?.as_mut());
        item.unwrap_or_else(|| panic!("there is no item {number}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: usize) -> SparseList<usize> {
        (0..items).collect()
    }

    #[test]
    fn the_numbers_of_the_other_items_stay() {
        let mut list = list(3 * PAGE);
        let odd: Vec<_> = list.numbered().filter(|(_, item)| **item % 2 == 1).collect();
        let odd: Vec<_> = odd.into_iter().map(|(number, _)| number).collect();
        for number in &odd {
            assert!(list.forget(*number).is_some());
            assert_eq!(list.forget(*number), None, "it was forgotten already");
        }
        assert_eq!(list.numbers().len(), 3 * PAGE);
        assert!(list.items().copied().eq((0..3 * PAGE).step_by(2)));
        assert!(list.items().rev().copied().eq((0..3 * PAGE).step_by(2).rev()));
        assert!(list.numbered().all(|(number, item)| list[number] == *item));
        assert_eq!(list.get(odd[0]), None);
        let new = list.push(7);
        assert_eq!((list[new], list.numbers().len()), (7, 3 * PAGE + 1));
    }

    #[test]
    fn a_page_without_items_is_freed_and_can_still_be_added_to() {
        let mut list = list(PAGE + 3);
        for number in list.numbers() {
            list.forget(number);
        }
        assert!(list.pages.iter().all(|page| page.items.capacity() == 0));
        let next = list.push(9);
        assert_eq!((list[next], list.items().count()), (9, 1));
        list[next] = 10;
        assert_eq!(list.numbered().next_back(), Some((next, &10)));
        assert_eq!(list.get(list.next_number()), None);
    }
}
