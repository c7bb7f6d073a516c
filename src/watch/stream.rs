//! One server-sent stream of a shipment's views. Closed when dropped. Knows what the browser says about
//! it, and leaves what follows from that to the machine.

use std::rc::Rc;

use doorstep_model::id::TrackingId;
use leptos::wasm_bindgen::JsCast as _;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::{EventSource, EventTarget, MessageEvent};

use super::Follower;
use crate::live::Event;
use crate::{page, place};

/// One stream.
pub(super) struct Stream {
    source: EventSource,
    _listeners: [Listener; 4],
}

impl Stream {
    /// Opens the stream of `id` for that audience, or takes over the one that the page opened before the widget was there.
    /// The server says nothing until there is more than `sequence`.
    pub(super) fn open(
        id: &TrackingId,
        recipient: bool,
        sequence: Option<u64>,
        follower: &Rc<Follower>,
    ) -> Option<Self> {
        let live = if recipient { "/recipient/live" } else { "/live" };
        let address = [place::server(), "/api/v1/track/", id.as_str(), live].concat();
        let (source, news) = match page::early_stream(&address) {
            Some(early) => early,
            None => {
                let last = sequence.map(|sequence| sequence.to_string()).unwrap_or_default();
                (EventSource::new(&[&address, "?lastEventId=", &last].concat()).ok()?, None)
            }
        };
        let on = |kind, tell: fn(&Rc<Follower>, &web_sys::Event)| {
            let follower = Rc::downgrade(follower);
            Listener::new(&source, kind, move |event| {
                if let Some(follower) = follower.upgrade() {
                    tell(&follower, event);
                }
            })
        };
        let listeners = [
            on("open", |follower, _| follower.tell(Event::Opened)),
            on("view", |follower, event| {
                if let Some(json) = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string())
                {
                    follower.news(&json);
                }
            }),
            on("bye", |follower, _| follower.tell(Event::Bye)),
            on("error", |follower, event| {
                let source = event.target().and_then(|source| source.dyn_into::<EventSource>().ok());
                let closed = source.is_none_or(|source| source.ready_state() == EventSource::CLOSED);
                follower.tell(Event::Broken { refused: closed });
                if closed {
                    follower.refused();
                }
            }),
        ];
        catch_up(&source, news, follower);
        Some(Self { source, _listeners: listeners })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Tells what an early stream said before anybody listened; in a task of its own, because the machine
/// is still giving the order to open it.
fn catch_up(source: &EventSource, news: Option<String>, follower: &Rc<Follower>) {
    let state = source.ready_state();
    if state == EventSource::CONNECTING && news.is_none() {
        return;
    }
    let follower = Rc::downgrade(follower);
    leptos::task::spawn_local(async move {
        let Some(follower) = follower.upgrade() else { return };
        match news {
            Some(news) => follower.news(&news),
            None if state == EventSource::OPEN => follower.tell(Event::Opened),
            None => {
                follower.tell(Event::Broken { refused: true });
                follower.refused();
            }
        }
    });
}

/// A listener, removed when dropped.
pub(super) struct Listener {
    target: EventTarget,
    kind: &'static str,
    callback: Closure<dyn Fn(web_sys::Event)>,
}

impl Listener {
    /// Calls `callback` at each event of that kind.
    pub(super) fn new(
        target: &EventTarget,
        kind: &'static str,
        callback: impl Fn(&web_sys::Event) + 'static,
    ) -> Self {
        let callback = Closure::<dyn Fn(web_sys::Event)>::new(move |event| callback(&event));
        let _ = target.add_event_listener_with_callback(kind, callback.as_ref().unchecked_ref());
        Self { target: target.clone(), kind, callback }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.kind, callback);
    }
}
