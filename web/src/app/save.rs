//! What leaves the page as a file.

use super::App;
use crate::files::offer;
use crate::text;
use yew::prelude::*;

impl App {
    fn file_name(&self, kind: &str, ending: &str) -> String {
        let seed = self.seed.unwrap_or(0);
        format!("keyway-{kind}-seed-{seed}-{:.1}s.{ending}", self.shot.t_s)
    }

    pub(super) fn on_export(&mut self, ctx: &Context<Self>, name: &str, text: &str) -> bool {
        if offer(name, "application/json", text).is_err() {
            self.say(ctx, text::notes::NOT_SAVED.into());
        }
        true
    }

    pub(super) fn save_series(&mut self, ctx: &Context<Self>, json: bool) {
        self.story.refresh_all();
        let series = &self.story.series;
        let saved = if json {
            offer(&self.file_name("series", "json"), "application/json", &series.json())
        } else {
            offer(&self.file_name("series", "csv"), "text/csv", &series.csv())
        };
        if saved.is_err() {
            self.say(ctx, text::notes::NOT_SAVED.into());
        }
    }

    pub(super) fn save_map(&mut self, ctx: &Context<Self>) {
        let caption = self.scene.as_ref().map_or_else(String::new, |s| {
            let k = &self.shot.knobs;
            text::map::caption(&s.name, s.seed, crate::format::clock(self.shot.t_s), k.protected, k.attack)
        });
        let name = self.file_name("map", "png");
        if self.map.picture(&name, &caption).is_err() {
            self.say(ctx, text::notes::NOT_SAVED.into());
        }
    }
}
