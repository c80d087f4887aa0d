//! The scenario as the visitor edits it, with the way back and forth.

use crate::share;
use serde_json::Value;
use std::cell::OnceCell;
use std::rc::Rc;

/// The scenario as it is edited, with the way back and forth.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The built-in campus.
    pub base: Rc<Value>,
    now: Rc<Value>,
    past: Vec<Rc<Value>>,
    future: Vec<Rc<Value>>,
}

impl Document {
    /// The built-in campus, not yet changed.
    pub fn new(base: Value) -> Self {
        let base = Rc::new(base);
        Self { now: base.clone(), base, past: Vec::new(), future: Vec::new() }
    }

    /// As it stands.
    pub fn now(&self) -> &Value {
        &self.now
    }

    /// The same, to keep while it runs; `None` for the built-in campus.
    pub fn running(&self) -> Option<Running> {
        let (text, edit) = (OnceCell::new(), OnceCell::new());
        (!self.untouched()).then(|| Running { base: self.base.clone(), now: self.now.clone(), text, edit })
    }

    /// It is the built-in campus as it is.
    pub fn untouched(&self) -> bool {
        Rc::ptr_eq(&self.now, &self.base) || self.now == self.base
    }

    /// The text to load; `None` for the built-in campus.
    pub fn json(&self) -> Option<String> {
        (!self.untouched()).then(|| self.now.to_string())
    }

    /// Another scenario stands now; the old one can be had back.
    pub fn put(&mut self, value: Value) {
        if *self.now == value {
            return;
        }
        self.past.push(std::mem::replace(&mut self.now, Rc::new(value)));
        self.future.clear();
    }

    /// The same change, put another way: no step of its own.
    pub fn replace(&mut self, value: Value) {
        self.now = Rc::new(value);
    }

    /// One value at its place (RFC 6901); a place that is not there stays so.
    pub fn set(&mut self, pointer: &str, value: Value) {
        let mut doc = (*self.now).clone();
        if let Some(place) = doc.pointer_mut(pointer) {
            *place = value;
            self.put(doc);
        }
    }

    /// One change back. Yes, if there was one.
    pub fn undo(&mut self) -> bool {
        let Some(before) = self.past.pop() else { return false };
        self.future.push(std::mem::replace(&mut self.now, before));
        true
    }

    /// One change forth again.
    pub fn redo(&mut self) -> bool {
        let Some(after) = self.future.pop() else { return false };
        self.past.push(std::mem::replace(&mut self.now, after));
        true
    }

    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

/// A scenario that runs and is not the built-in campus. What is made of it takes long where it is large, and is made once.
#[derive(Clone, Debug)]
pub struct Running {
    base: Rc<Value>,
    now: Rc<Value>,
    text: OnceCell<String>,
    edit: OnceCell<String>,
}

impl Running {
    /// The text to load.
    pub fn text(&self) -> &str {
        self.text.get_or_init(|| self.now.to_string())
    }

    /// Its changes as a link has them.
    pub fn edit(&self) -> &str {
        self.edit.get_or_init(|| share::pack(&self.base, &self.now))
    }
}
