//! Messages: what the car heard, newest first, and the picked one taken apart: each field beside its bits.

use super::{Ctx, Dissected, empty};
use crate::action::{Action, maybe};
use crate::format::{clock, thousands};
use crate::shared::Shared;
use crate::text;
use keyway_core::sim::chronicle::{MessageView, Subject, View};
use web_sys::HtmlInputElement;
use yew::prelude::*;

pub fn body(ctx: &Ctx) -> Html {
    let Some(View::Messages(view)) = ctx.view.as_deref() else { return empty(text::LOOKING) };
    let onbad = maybe(&ctx.act, |e: Event| {
        e.target_dyn_into::<HtmlInputElement>().map(|i| Action::BadMessages(i.checked()))
    });
    let picked = ctx.dissected.as_ref().map(|d| d.message);
    html! {
        <>
            <div class="row head">
                <h2><abbr title={text::CPM_TIP}>{ text::messages::CPMS }</abbr>{ text::messages::heard(thousands(f64::from(view.heard))) }</h2>
                <label class="check"><input id="bad-messages" type="checkbox" checked={ctx.choices.bad_messages} onchange={onbad} />
                    { text::messages::ONLY_BAD }</label>
            </div>
            if let Some(dissected) = &ctx.dissected {
                <Bytes dissected={dissected.clone()} />
            } else if !view.messages.is_empty() {
                <p class="quiet">{ text::messages::CHOOSE }</p>
            }
            if view.messages.is_empty() {
                { empty(if ctx.choices.bad_messages { text::messages::NONE_BAD } else { text::messages::NONE }) }
            } else {
                <table class="pick-table" id="messages">
                    <caption class="sr">{ text::messages::CAPTION }</caption>
                    <thead><tr><th scope="col">{ text::messages::MESSAGE }</th><th scope="col">{ text::messages::AT }</th><th scope="col">{ text::messages::CLAIMS }</th>
                        <th scope="col">{ text::messages::OBJECTS }</th><th scope="col">{ text::messages::VERDICT }</th></tr></thead>
                    <tbody>{ for view.messages.iter().map(|m| row(ctx, m, picked == Some(m.id))) }</tbody>
                </table>
            }
        </>
    }
}

fn row(ctx: &Ctx, m: &MessageView, picked: bool) -> Html {
    let (said, class) = match (&m.rejected, m.faked) {
        (Some(_), _) => (text::messages::DROPPED, "bad"),
        (None, true) => (text::messages::BELIEVED_FAKE, "bad"),
        (None, false) => (text::messages::BELIEVED, "good"),
    };
    let subject = Subject::Message(m.id);
    html! {
        <tr key={m.id.to_string()} aria-current={picked.then_some("true")} title={m.rejected.clone()} data-faked={m.faked.to_string()}>
            <th scope="row"><button class="link" onclick={ctx.act.reform(move |_| Action::Follow(Some(subject.clone())))}>
                { m.id.to_string() }</button></th>
            <td>{ clock(m.t_s) }</td><td>{ m.claims }</td><td>{ m.objects }</td><td class={class}>{ said }</td>
        </tr>
    }
}

#[derive(PartialEq, Properties)]
struct BytesProps {
    dissected: Shared<Dissected>,
}

/// Hexadecimal on the left, fields on the right; each lights the other.
#[component(Bytes)]
fn bytes(props: &BytesProps) -> Html {
    let lit = use_state(|| None::<usize>);
    let d = &props.dissected;
    if d.bytes.is_empty() {
        return html! { <p class="quiet">{ text::messages::not_heard(d.message) }</p> };
    }
    let within = lit.and_then(|i| d.fields.get(i)).map(|f| (f.first_bit, f.first_bit + f.bits));
    let touch = |i: usize| {
        let lit = lit.clone();
        Callback::from(move |()| lit.set(Some(i)))
    };
    // The innermost field that holds a byte's first bit.
    let field_of = |byte: usize| {
        let bit = byte as u32 * 8;
        let holds =
            |f: &keyway_core::its::dissect::Field| f.first_bit <= bit + 7 && bit < f.first_bit + f.bits;
        d.fields.iter().enumerate().filter(|(_, f)| holds(f)).min_by_key(|(_, f)| f.bits).map(|(i, _)| i)
    };
    let row = |n: usize, chunk: &[u8]| {
        html! {
            <div class="hex-row"><span class="quiet">{ format!("{:04x}", n * 8) }</span>
                { for chunk.iter().enumerate().map(|(i, b)| {
                    let byte = n * 8 + i;
                    let on = within.is_some_and(|(a, z)| a < byte as u32 * 8 + 8 && (byte as u32) * 8 < z);
                    let enter = field_of(byte).map(|f| touch(f).reform(|_: MouseEvent| ()));
                    html! { <span class={classes!("byte", on.then_some("on"))} onmouseenter={enter}>{ format!("{b:02x}") }</span> }
                }) }
            </div>
        }
    };
    html! {
        <figure class="bytes">
            <figcaption>{ text::messages::bytes(d.message, d.bytes.len()) }</figcaption>
            <div class="bytes-both">
                <div class="hex" role="group" aria-label={text::messages::HEX} tabindex="0">{ for d.bytes.chunks(8).enumerate().map(|(n, c)| row(n, c)) }</div>
                <ul class="fields" role="list">
                    { for d.fields.iter().enumerate().map(|(i, f)| {
                        let bits = if f.bits % 8 == 0 && f.first_bit % 8 == 0 {
                            text::messages::byte_field(f.first_bit / 8, f.bits / 8)
                        } else {
                            text::messages::bit_field(f.first_bit, f.bits)
                        };
                        let (enter, focus) = (touch(i), touch(i));
                        html! {
                            <li class={classes!((*lit == Some(i)).then_some("on"))} style={format!("--depth:{}", f.depth)}>
                                <button title={format!("{}. {bits}", f.about)} onmouseenter={enter.reform(|_: MouseEvent| ())}
                                    onfocus={focus.reform(|_: FocusEvent| ())}><span>{ &f.name }</span><b>{ &f.value }</b></button>
                            </li>
                        }
                    }) }
                </ul>
            </div>
        </figure>
    }
}
