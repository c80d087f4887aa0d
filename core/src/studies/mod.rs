//! Floor 8, the questions: one file for each published result that is run again, and the budget of a single link.
//!
//! [`ALL`] lists them, so that a page or a terminal can offer, run and show each one without knowing it.

mod report;

pub mod best;
pub mod budget;
pub mod distil;
pub mod exhaustion;
pub mod rates;
pub mod reach;
pub mod relay;
pub mod table2;

pub use report::{Agreement, Axis, Claim, Curve, CurveKind, Plot, Report, Table};

use crate::sim::Scenario;

/// A publication whose results are run again.
#[derive(Debug, PartialEq, Eq)]
pub struct Paper {
    /// Short name for links and files, such as `fowler-2023`.
    pub id: &'static str,
    /// Authors, as on its first page.
    pub authors: &'static str,
    /// Title.
    pub title: &'static str,
    /// Where it appeared.
    pub venue: &'static str,
    /// Year of publication; 0 where the copy that was worked from does not print it.
    pub year: u16,
}

impl Paper {
    /// Authors, title, venue and, where it is known, the year.
    #[must_use]
    pub fn citation(&self) -> String {
        let year = if self.year == 0 { String::new() } else { format!(", {}", self.year) };
        format!("{}: {}. {}{year}.", self.authors, self.title, self.venue)
    }
}

/// The drive that faked messages lead astray, and its protection by quantum keys.
pub static FOWLER_2023: Paper = Paper {
    id: "fowler-2023",
    authors: "Daniel S. Fowler, Carsten Maple, Gregory Epiphaniou",
    title: "A Practical Implementation of Quantum-Derived Keys for Secure Vehicle-to-Infrastructure Communications",
    venue: "Vehicles 5, 1586–1604, doi:10.3390/vehicles5040086",
    year: 2023,
};

/// The key management modules, their controller, and the relay of keys from hop to hop.
pub static KOSMATOS: Paper = Paper {
    id: "kosmatos",
    authors: "E. Kosmatos, A. Stavdas, A. Lord",
    title: "Design and Implementation of the QKD Control and Management Layers for Access Network Deployments",
    venue: "Conference paper of the Innovate UK project AirQKD",
    year: 0,
};

/// How long a key a finite block with two decoys gives.
pub static LIM_2014: Paper = Paper {
    id: "lim-2014",
    authors: "Charles Ci Wen Lim, Marcos Curty, Nino Walenta, Feihu Xu, Hugo Zbinden",
    title: "Concise security bounds for practical decoy-state quantum key distribution",
    venue: "Physical Review A 89, 022307, doi:10.1103/PhysRevA.89.022307",
    year: 2014,
};

/// Where keys from light meet vehicles, and what an attacker may do to a round.
pub static STAVDAS_2023: Paper = Paper {
    id: "stavdas-2023",
    authors: "Alexandros Stavdas, Evangelos Kosmatos, Carsten Maple, Emilio Hugues-Salas, Gregory Epiphaniou, Daniel S. \
              Fowler, Shadi A. Razak, Chris Matrakidis, Hu Yuan, Andrew Lord",
    title: "Quantum Key Distribution for V2I communications with software-defined networking",
    venue: "IET Quantum Communication",
    year: 2023,
};

/// Interactive reconciliation, its variants compared.
pub static MARTINEZ_2015: Paper = Paper {
    id: "martinez-2015",
    authors: "Jesus Martinez-Mateo, Christoph Pacher, Momtchil Peev, Alex Ciurana, Vicente Martin",
    title: "Demystifying the information reconciliation protocol Cascade",
    venue: "Quantum Information and Computation 15, arXiv:1407.3257",
    year: 2015,
};

/// The form of a study's program: scenario, seed, which of its parts from 0 on, and where to report progress.
type Program = fn(&Scenario, u64, u32, &mut dyn FnMut(f64)) -> Report;

/// One published result that can be run again.
#[derive(Debug)]
pub struct Study {
    /// Name on the command line and in links.
    pub id: &'static str,
    /// Where the result was published.
    pub paper: &'static Paper,
    /// A few words.
    pub title: &'static str,
    /// What is asked, in one or two sentences.
    pub question: &'static str,
    /// Parts that do not depend on each other, 1 or more: several threads can share them.
    pub parts: u32,
    run: Program,
}

impl Study {
    /// Runs it, one part after the other. `progress` is told the share done, 0 to 1 and never less than before, first 0 and
    /// last 1, and at least ten times a second on a machine of today. The same scenario and seed give the same report.
    #[must_use]
    pub fn run(&self, scenario: &Scenario, seed: u64, progress: &mut dyn FnMut(f64)) -> Report {
        let mut of = |part: u32| {
            let share = |done: f64| (f64::from(part) + done) / f64::from(self.parts);
            self.part(scenario, seed, part, &mut |done| progress(share(done)))
        };
        (1..self.parts).fold(of(0), |whole, part| whole.join(of(part)))
    }

    /// Runs one part of it. In order, joined by [`Report::join`], the parts are what [`Study::run`] gives.
    #[must_use]
    pub fn part(&self, scenario: &Scenario, seed: u64, part: u32, progress: &mut dyn FnMut(f64)) -> Report {
        let mut done = 0.0;
        progress(done);
        let report = (self.run)(scenario, seed, part, &mut |share: f64| {
            // Not a number counts as no progress.
            done = share.max(done).min(1.0);
            progress(done);
        });
        progress(1.0);
        report
    }
}

/// Every study, in the order in which a page shows them.
pub static ALL: &[Study] = &[
    Study {
        id: table2::ID,
        paper: &FOWLER_2023,
        title: "A car and a faked roadblock",
        question: "Does a compromised road-side unit lead a car astray, and does protection with keys from quantum \
                   links stop it? The same drive four times: without and with faked messages, unprotected and \
                   protected.",
        parts: 1,
        run: |scenario, seed, _, progress| table2::report(scenario, seed, progress),
    },
    Study {
        id: relay::ID,
        paper: &KOSMATOS,
        title: "Keys from hop to hop",
        question: "Do two applications that share no quantum link get the same keys, one a second, through a trusted \
                   node between them? The paper's testbed of emulated QKD drivers, run on the real key management \
                   modules and controller.",
        parts: 1,
        run: |scenario, seed, _, progress| relay::report(scenario, seed, progress),
    },
    Study {
        id: reach::ID,
        paper: &LIM_2014,
        title: "How far a rooftop link reaches",
        question: "How much secret key is left over 50 m to 2 km, from fog to clear air, by day and night and through \
                   turbulence, with a laser and decoys, a single-photon source and ideal single photons? The \
                   scenario's hardware, in an endless block and in one of its own length, and published links beside \
                   the same law.",
        parts: 1,
        run: |scenario, seed, _, progress| reach::report(scenario, seed, progress),
    },
    Study {
        id: distil::ID,
        paper: &MARTINEZ_2015,
        title: "What reconciliation tells",
        question: "How many bits does it take to make two strings equal that differ in 1 to 11 % of their places? \
                   Every way that the links can use, by error rate and block, held against the limit of Shannon and \
                   the best published variant of Cascade.",
        parts: distil::PARTS,
        run: |_, seed, part, progress| distil::report(seed, part, progress),
    },
    Study {
        id: exhaustion::ID,
        paper: &STAVDAS_2023,
        title: "A stranger uses up the pads",
        question: "Somebody takes the beam and answers in the receiver's place. Each round that fails costs pads that \
                   only a good round brings back: how long do they last, with and without proving who speaks first?",
        parts: 1,
        run: |scenario, seed, _, progress| exhaustion::report(scenario, seed, progress),
    },
];

/// The study of this name.
#[must_use]
pub fn find(id: &str) -> Option<&'static Study> {
    ALL.iter().find(|study| study.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_study_is_found_by_its_own_name() {
        for study in ALL {
            assert!(find(study.id).is_some_and(|found| std::ptr::eq(found, study)), "{}", study.id);
            assert!(!study.question.is_empty());
            assert!(!study.paper.citation().contains(", 0."), "an unknown year is not shown");
        }
        assert!(find("nothing").is_none());
    }

    #[test]
    fn progress_starts_at_0_ends_at_1_and_never_goes_back() {
        let restless = Study {
            id: "restless",
            paper: &FOWLER_2023,
            title: "",
            question: "",
            parts: 2,
            run: |_, seed, part, progress| {
                [0.5, 0.25, f64::NAN, 7.0].into_iter().for_each(progress);
                let table = report::Table { title: part.to_string(), columns: vec![], rows: vec![] };
                Report { study: "restless".into(), seed, claims: vec![], tables: vec![table], plots: vec![] }
            },
        };
        let mut told = Vec::new();
        let report = restless.run(&Scenario::warwick(), 3, &mut |share| told.push(share));
        assert_eq!(told, [0.0, 0.25, 0.25, 0.25, 0.5, 0.5, 0.5, 0.75, 0.75, 0.75, 1.0, 1.0]);
        assert_eq!(report.seed, 3);
        let parts: Vec<_> = report.tables.iter().map(|table| &table.title[..]).collect();
        assert_eq!(parts, ["0", "1"]);
    }
}
