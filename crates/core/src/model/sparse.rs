//! A list that can forget items. The numbers of the others stay, and a forgotten number is never
//! given again.

use std::ops::{Index, IndexMut};

use super::list::{Number, Numbers};

/// How many items a page has.
const PAGE: usize = 8;

/// How many items a chapter has.
const CHAPTER: usize = 64 * PAGE;

/// Items in order of creation, each with its number, without those that were forgotten.
///
/// The items are in pages, and the pages in chapters. A page or chapter whose items are all forgotten is
/// freed. So a forgotten item needs hardly any memory.
#[derive(Debug)]
pub struct SparseList<T, K = T> {
    chapters: Vec<Chapter<T>>,
    next: Number<K>,
}

#[derive(Debug)]
struct Chapter<T> {
    pages: Vec<Page<T>>,
    kept: usize,
}

#[derive(Debug)]
struct Page<T> {
    items: Vec<Option<T>>,
    kept: usize,
}

impl<T, K> Default for SparseList<T, K> {
    fn default() -> Self {
        Self { chapters: Vec::new(), next: Number::FIRST }
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
        let (page, place) = (page_of(number.index()), number.index() % PAGE);
        if number.index().is_multiple_of(CHAPTER) {
            self.chapters.push(Chapter { pages: Vec::new(), kept: 0 });
        }
        if let Some(chapter) = self.chapters.last_mut() {
            // The last chapter and its last page may have been freed, with their numbers given.
            chapter.pages.resize_with(page + 1, || Page { items: Vec::new(), kept: 0 });
            chapter.kept += 1;
            let page = &mut chapter.pages[page];
            page.items.resize_with(place, || None);
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
        let chapter = self.chapters.get(number.index() / CHAPTER)?;
        let page = chapter.pages.get(page_of(number.index()))?;
        page.items.get(number.index() % PAGE)?.as_ref()
    }

    /// The item that was added after this many others. `None` if there is none, or it was forgotten.
    pub fn nth(&self, place: usize) -> Option<&T> {
        self.get(Number::at(place))
    }

    /// Forgets the item with this number, and returns it.
    pub fn forget(&mut self, number: Number<K>) -> Option<T> {
        let chapter = self.chapters.get_mut(number.index() / CHAPTER)?;
        let page = chapter.pages.get_mut(page_of(number.index()))?;
        let item = page.items.get_mut(number.index() % PAGE)?.take()?;
        page.kept -= 1;
        chapter.kept -= 1;
        if page.kept == 0 {
            page.items = Vec::new();
        }
        if chapter.kept == 0 {
            chapter.pages = Vec::new();
        }
        Some(item)
    }

    /// The numbers that were given, those of forgotten items included.
    pub const fn numbers(&self) -> Numbers<K> {
        Numbers::first(self.next.index())
    }

    /// The items with their numbers.
    pub fn numbered(&self) -> impl DoubleEndedIterator<Item = (Number<K>, &T)> {
        let pages = self.chapters.iter().enumerate().flat_map(|(chapter, pages)| {
            let pages = pages.pages.iter().enumerate();
            pages.map(move |(page, items)| (chapter * CHAPTER + page * PAGE, items))
        });
        pages.flat_map(|(first, page)| {
            let items = page.items.iter().enumerate();
            items.filter_map(move |(place, item)| Some((Number::at(first + place), item.as_ref()?)))
        })
    }

    /// The items without their numbers.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = &T> {
        let pages = self.chapters.iter().flat_map(|chapter| &chapter.pages);
        pages.flat_map(|page| page.items.iter().flatten())
    }

    /// The last item for which this holds, if it holds for all items before that one and for none behind
    /// it.
    pub fn last_that(&self, holds: impl Fn(&T) -> bool) -> Option<&T> {
        let (mut from, mut to) = (0, self.next.index());
        let mut last = None;
        while from < to {
            let middle = from.midpoint(to);
            match (middle..to).find_map(|index| Some((index, self.get(Number::at(index))?))) {
                Some((index, item)) if holds(item) => {
                    last = Some(item);
                    from = index + 1;
                }
                _ => to = middle,
            }
        }
        last
    }
}

/// The page of an item in its chapter.
const fn page_of(index: usize) -> usize {
    index % CHAPTER / PAGE
}

impl<T, K> Index<Number<K>> for SparseList<T, K> {
    type Output = T;

    fn index(&self, number: Number<K>) -> &T {
        self.get(number).unwrap_or_else(|| panic!("there is no item {number}"))
    }
}

impl<T, K> IndexMut<Number<K>> for SparseList<T, K> {
    fn index_mut(&mut self, number: Number<K>) -> &mut T {
        let chapter = self.chapters.get_mut(number.index() / CHAPTER);
        let page = chapter.and_then(|chapter| chapter.pages.get_mut(page_of(number.index())));
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
    fn the_last_item_that_fits_is_found_among_those_that_are_left() {
        let mut list = list(3 * CHAPTER);
        let others: Vec<_> = list.numbered().filter(|(_, item)| **item % 3 != 0).collect();
        let others: Vec<_> = others.into_iter().map(|(number, _)| number).collect();
        for number in others {
            list.forget(number);
        }
        for most in [0, 1, 2, 3, CHAPTER, 2 * CHAPTER + 1, 3 * CHAPTER] {
            let right = most.min(3 * CHAPTER - 1) / 3 * 3;
            assert_eq!(list.last_that(|item| *item <= most), Some(&right), "{most}");
        }
        assert_eq!(list.last_that(|_| false), None);
    }

    #[test]
    fn a_page_or_chapter_without_items_is_freed_and_can_still_be_added_to() {
        let mut list = list(CHAPTER + PAGE + 3);
        let last = list.numbers().next_back();
        for number in list.numbers().take(CHAPTER + PAGE) {
            list.forget(number);
        }
        assert_eq!(list.chapters[0].pages.capacity(), 0);
        assert_eq!(list.chapters[1].pages[0].items.capacity(), 0);
        assert_eq!(list.items().copied().next(), Some(CHAPTER + PAGE));
        assert_eq!(last.map(|last| list[last]), Some(CHAPTER + PAGE + 2));
        for number in list.numbers() {
            list.forget(number);
        }
        assert!(list.chapters.iter().all(|chapter| chapter.pages.capacity() == 0));
        let next = list.push(9);
        assert_eq!((list[next], list.items().count()), (9, 1));
        list[next] = 10;
        assert_eq!(list.numbered().next_back(), Some((next, &10)));
        assert_eq!(list.get(list.next_number()), None);
    }
}
