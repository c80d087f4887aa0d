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
