//! The series of a run, as the page keeps and saves them.

use keyway_core::sim::series::Channel;
use std::rc::Rc;

/// The series of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// What is sampled.
    pub channels: Vec<Channel>,
    /// Times and values, oldest first.
    pub samples: Vec<(f64, Rc<[f32]>)>,
}

impl Series {
    /// Charts of a floor: title, unit and the channels in it.
    pub fn charts(&self, floors: &[&str]) -> Vec<(String, String, Vec<usize>)> {
        let mut charts: Vec<(String, String, Vec<usize>)> = Vec::new();
        for (i, c) in self.channels.iter().enumerate().filter(|(_, c)| floors.contains(&c.floor.as_str())) {
            match charts.iter_mut().find(|(title, ..)| *title == c.chart) {
                Some((.., members)) => members.push(i),
                None => charts.push((c.chart.clone(), c.unit.clone(), vec![i])),
            }
        }
        charts
    }

    /// The newest sample not later than `t_s`.
    pub fn at(&self, t_s: f64) -> Option<&[f32]> {
        let n = self.samples.partition_point(|(t, _)| *t <= t_s + 1e-6);
        n.checked_sub(1).map(|i| &*self.samples[i].1)
    }

    /// All series as comma-separated values with a head line.
    pub fn csv(&self) -> String {
        let head = self.channels.iter().map(|c| format!("{} [{}]", c.id, c.unit));
        let mut text = std::iter::once("t [s]".to_string()).chain(head).collect::<Vec<_>>().join(",");
        text.push('\n');
        for (t, values) in &self.samples {
            text += &format!("{t:.3}");
            for v in values.iter() {
                text += &if v.is_finite() { format!(",{v}") } else { ",".into() };
            }
            text.push('\n');
        }
        text
    }

    /// All series as JSON: channels and rows.
    pub fn json(&self) -> String {
        let number = |v: &f32| if v.is_finite() { serde_json::json!(v) } else { serde_json::Value::Null };
        let rows: Vec<_> = self
            .samples
            .iter()
            .map(|(t, values)| serde_json::json!({ "t_s": t, "values": values.iter().map(number).collect::<Vec<_>>() }))
            .collect();
        serde_json::json!({ "channels": self.channels, "samples": rows }).to_string()
    }
}
