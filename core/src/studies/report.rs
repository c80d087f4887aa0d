//! What a study hands back: plain data that a page, a terminal or a test can show without knowing the study.
//!
//! The types cross to a worker in a binary form, so they have no tagged, flattened or skipped serde forms.

use serde::{Deserialize, Serialize};

/// The outcome of one study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The study's id.
    pub study: String,
    /// The seed that it was run with.
    pub seed: u64,
    /// What the paper says beside what the program arrived at.
    pub claims: Vec<Claim>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Plots.
    pub plots: Vec<Plot>,
}

impl Report {
    /// Takes in what another part of the same study found: claims follow claims, rows follow the rows of the table of the
    /// same title, points those of the curve of the same name in the plot of the same title. What is new stands at the end.
    #[must_use]
    pub fn join(mut self, next: Self) -> Self {
        self.claims.extend(next.claims);
        for table in next.tables {
            match self.tables.iter_mut().find(|t| t.title == table.title) {
                Some(known) => known.rows.extend(table.rows),
                None => self.tables.push(table),
            }
        }
        for plot in next.plots {
            let Some(known) = self.plots.iter_mut().find(|p| p.title == plot.title) else {
                self.plots.push(plot);
                continue;
            };
            for line in plot.lines {
                match known.lines.iter_mut().find(|l| l.name == line.name) {
                    Some(known) => known.points.extend(line.points),
                    None => known.lines.push(line),
                }
            }
        }
        self
    }
}

/// One statement of a paper beside the program's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Where in the paper, such as "Table 2, test 2".
    pub source: String,
    /// What it is about.
    pub what: String,
    /// As the paper states it.
    pub paper: String,
    /// What was arrived at here, with its unit.
    pub ours: String,
    /// Whether the two agree.
    pub agrees: Agreement,
    /// Why they differ, or what is assumed; empty where there is nothing to say.
    pub why: String,
}

/// Whether the program agrees with the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Agreement {
    /// It does.
    Agrees,
    /// It does not.
    Differs,
    /// The paper gives no figure.
    NotStated,
}

impl Agreement {
    /// `Agrees` where `same` holds, `Differs` where it does not.
    #[must_use]
    pub fn of(same: bool) -> Self {
        if same { Self::Agrees } else { Self::Differs }
    }

    /// In words: `agrees`, `differs`, `not stated`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Differs => "differs",
            Self::NotStated => "not stated",
        }
    }
}

/// A table of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// What it shows.
    pub title: String,
    /// Headings, with units where the cells have none.
    pub columns: Vec<String>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Vec<String>>,
}

/// Curves over two axes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plot {
    /// What it shows.
    pub title: String,
    /// The axis across.
    pub x: Axis,
    /// The axis up.
    pub y: Axis,
    /// The curves, in the order of the legend.
    pub lines: Vec<Curve>,
}

/// One axis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Axis {
    /// What it measures.
    pub label: String,
    /// In what, such as `s`; empty for a count.
    pub unit: String,
    /// Whether it is drawn in equal steps of the logarithm; then every value is above 0.
    pub log: bool,
}

impl Axis {
    /// An axis of this label and unit.
    #[must_use]
    pub fn new(label: &str, unit: &str) -> Self {
        Self { label: label.into(), unit: unit.into(), log: false }
    }

    /// The same, in equal steps of the logarithm.
    #[must_use]
    pub fn logarithmic(label: &str, unit: &str) -> Self {
        Self { log: true, ..Self::new(label, unit) }
    }
}

/// How a curve is to be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CurveKind {
    /// Straight from point to point.
    Line,
    /// Level from each point until the next.
    Steps,
    /// The points alone.
    Points,
    /// A bar from zero to each point.
    Bars,
}

/// One curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Its name in the legend.
    pub name: String,
    /// How it is to be drawn.
    pub kind: CurveKind,
    /// Its points (x, y), with x never falling.
    pub points: Vec<(f64, f64)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(x: f64, line: &str) -> Report {
        let claim = Claim {
            source: String::new(),
            what: format!("at {x}"),
            paper: String::new(),
            ours: String::new(),
            agrees: Agreement::Agrees,
            why: String::new(),
        };
        let table = Table { title: "T".into(), columns: vec!["x".into()], rows: vec![vec![x.to_string()]] };
        let curve = Curve { name: line.into(), kind: CurveKind::Line, points: vec![(x, x)] };
        let (axis, lines) = (Axis::new("x", ""), vec![curve]);
        let plot = Plot { title: "P".into(), x: axis.clone(), y: axis, lines };
        Report { study: "s".into(), seed: 1, claims: vec![claim], tables: vec![table], plots: vec![plot] }
    }

    #[test]
    fn parts_join_in_their_order() {
        let whole = part(1.0, "a").join(part(2.0, "b")).join(part(3.0, "a"));
        assert_eq!(whole.claims.iter().map(|c| &c.what[..]).collect::<Vec<_>>(), ["at 1", "at 2", "at 3"]);
        assert_eq!((whole.tables.len(), whole.plots.len()), (1, 1));
        assert_eq!(whole.tables[0].rows, [["1"], ["2"], ["3"]]);
        let lines: Vec<_> = whole.plots[0].lines.iter().map(|l| (&l.name[..], &l.points[..])).collect();
        assert_eq!(lines, [("a", &[(1.0, 1.0), (3.0, 3.0)][..]), ("b", &[(2.0, 2.0)][..])]);
    }
}
