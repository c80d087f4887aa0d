//! What still air takes from a beam: scattering by haze and fog, absorption by molecules, rain and snow. All in dB
//! a kilometre.

use std::f64::consts::LOG10_E;

/// Decibels of an optical depth of 1.
const DB: f64 = 10.0 * LOG10_E;

/// Wavelength at which visibility is defined, nanometres: the eye's best.
const VISUAL_NM: f64 = 550.0;

/// How visibility, the distance at which 2 % of contrast is left, becomes attenuation at a wavelength.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScatteringModel {
    /// Kim, McArthur and Korevaar (2001): haze as Kruse has it above 6 km, no wavelength dependence in fog below
    /// 0.5 km. 550 to 1600 nm, any visibility.
    Kim,
    /// Kruse, McGlauchlin and McQuistan (1962): made for haze; in fog it promises too little loss to long waves.
    /// 550 to 1600 nm.
    Kruse,
    /// Al Naboulsi, Sizun and de Fornel (2004) for advection fog, warm moist air over a cold surface. 690 to 1550 nm,
    /// visibility 0.05 to 1 km.
    AdvectionFog,
    /// Al Naboulsi, Sizun and de Fornel (2004) for radiation fog, ground that cools on a clear night. 690 to 1550
    /// nm, visibility 0.05 to 1 km.
    RadiationFog,
}

impl ScatteringModel {
    /// Attenuation, dB/km, at a visibility in kilometres, above 0, and a wavelength in nanometres.
    #[must_use]
    pub fn db_per_km(self, visibility_km: f64, wavelength_nm: f64) -> f64 {
        let v = visibility_km;
        let um = wavelength_nm * 1e-3;
        let depth = match self {
            Self::Kim => 3.91 * libm::pow(wavelength_nm / VISUAL_NM, -kim_exponent(v)),
            Self::Kruse => 3.91 * libm::pow(wavelength_nm / VISUAL_NM, -kruse_exponent(v)),
            Self::AdvectionFog => 0.114_78 * um + 3.836_7,
            Self::RadiationFog => 0.181_26 * um * um + 0.137_09 * um + 3.750_2,
        };
        DB * depth / v
    }
}

fn kim_exponent(v: f64) -> f64 {
    if v > 50.0 {
        1.6
    } else if v > 6.0 {
        1.3
    } else if v > 1.0 {
        0.16 * v + 0.34
    } else if v > 0.5 {
        v - 0.5
    } else {
        0.0
    }
}

fn kruse_exponent(v: f64) -> f64 {
    if v > 50.0 {
        1.6
    } else if v > 6.0 {
        1.3
    } else {
        0.585 * libm::cbrt(v)
    }
}

/// Absorption by the molecules of clear air near the ground, dB/km, 550 to 1550 nm: 0.13 at 550, 0.01 at 690, 0.41
/// at 850 and 0.01 at 1550 nm (Ghassemlooy, Popoola and Rajbhandari 2012, chapter 3, typical values), straight
/// lines between. `None` outside, and in the bands of oxygen (759 to 771 nm) and of water vapour (895 to 985, 1095
/// to 1165, 1330 to 1490 nm), where single lines decide and no link should be built.
#[must_use]
pub fn molecular_db_per_km(wavelength_nm: f64) -> Option<f64> {
    const TABLE: [(f64, f64); 4] = [(550.0, 0.13), (690.0, 0.01), (850.0, 0.41), (1_550.0, 0.01)];
    const BANDS: [(f64, f64); 4] = [(759.0, 771.0), (895.0, 985.0), (1_095.0, 1_165.0), (1_330.0, 1_490.0)];
    if BANDS.iter().any(|&(from, to)| wavelength_nm >= from && wavelength_nm <= to) {
        return None;
    }
    TABLE.windows(2).find(|pair| wavelength_nm >= pair[0].0 && wavelength_nm <= pair[1].0).map(|pair| {
        let ((from, low), (to, high)) = (pair[0], pair[1]);
        low + (high - low) * (wavelength_nm - from) / (to - from)
    })
}

/// What falls through the beam.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Precipitation {
    /// Nothing.
    None,
    /// Rain.
    Rain {
        /// Rate, millimetres an hour: 2.5 is light, 25 heavy.
        mm_per_h: f64,
    },
    /// Snow well below freezing.
    DrySnow {
        /// Rate of water, millimetres an hour.
        mm_per_h: f64,
    },
    /// Melting snow.
    WetSnow {
        /// Rate of water, millimetres an hour.
        mm_per_h: f64,
    },
}

impl Precipitation {
    /// Rain and snow, millimetres an hour.
    #[must_use]
    pub fn rates_mm_h(self) -> (f64, f64) {
        match self {
            Self::None => (0.0, 0.0),
            Self::Rain { mm_per_h } => (mm_per_h, 0.0),
            Self::DrySnow { mm_per_h } | Self::WetSnow { mm_per_h } => (0.0, mm_per_h),
        }
    }

    /// Attenuation, dB/km, at a wavelength in nanometres. Rates below 0 count as 0.
    ///
    /// Rain 1.076 R^0.67 (Carbonneau and Wisely 1998), any optical wavelength. Snow a S^b (ITU-R P.1817-1, table 2):
    /// dry a = 5.42e-5 λ + 5.4958776, b = 1.38; wet a = 1.023e-4 λ + 3.7855466, b = 0.72, λ in nm, 400 to 1600.
    #[must_use]
    pub fn db_per_km(self, wavelength_nm: f64) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Rain { mm_per_h } => 1.076 * libm::pow(mm_per_h.max(0.0), 0.67),
            Self::DrySnow { mm_per_h } => {
                (5.42e-5 * wavelength_nm + 5.495_877_6) * libm::pow(mm_per_h.max(0.0), 1.38)
            }
            Self::WetSnow { mm_per_h } => {
                (1.023e-4 * wavelength_nm + 3.785_546_6) * libm::pow(mm_per_h.max(0.0), 0.72)
            }
        }
    }
}

/// The air along a link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Air {
    /// How visibility becomes attenuation.
    pub scattering: ScatteringModel,
    /// Visibility by haze or fog alone, kilometres, above 0. What a weather station reports in rain or snow already
    /// holds their part; taken here as well, it would count twice.
    pub visibility_km: f64,
    /// What falls.
    pub precipitation: Precipitation,
}

impl Air {
    /// Losses over `range_m` metres, dB, at a wavelength in nanometres: by scattering, absorption and precipitation;
    /// `None` where molecules absorb (see [`molecular_db_per_km`]).
    #[must_use]
    pub fn losses_db(&self, wavelength_nm: f64, range_m: f64) -> Option<[f64; 3]> {
        let absorption = molecular_db_per_km(wavelength_nm)?;
        let scattering = self.scattering.db_per_km(self.visibility_km, wavelength_nm);
        let precipitation = self.precipitation.db_per_km(wavelength_nm);
        Some([scattering, absorption, precipitation].map(|db_per_km| db_per_km * range_m * 1e-3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MODELS: [ScatteringModel; 4] = [
        ScatteringModel::Kim,
        ScatteringModel::Kruse,
        ScatteringModel::AdvectionFog,
        ScatteringModel::RadiationFog,
    ];

    #[test]
    fn kim_and_kruse_over_300_m_at_850_nm() {
        // The project's link budget.
        for (v, kim, kruse) in [
            (23.0, 0.126, 0.126),
            (10.0, 0.289, 0.289),
            (4.0, 0.831, 0.850),
            (1.0, 4.10, 3.95),
            (0.5, 10.2, 8.3),
            (0.2, 25.5, 21.9),
        ] {
            for (model, db) in [(ScatteringModel::Kim, kim), (ScatteringModel::Kruse, kruse)] {
                let ours = model.db_per_km(v, 850.0) * 0.3;
                assert!((ours - db).abs() < 0.006 * db.max(0.2), "{model:?} {v} km: {ours} dB of {db}");
            }
        }
        assert!((ScatteringModel::Kim.db_per_km(23.0, 1_550.0) * 0.3 - 0.058).abs() < 5e-4);
    }

    #[test]
    fn every_model_is_the_visibility_where_it_is_defined() {
        // At 550 nm 2 % of contrast is 17 dB over the visibility; in fog other wavelengths see much the same.
        assert!((ScatteringModel::Kim.db_per_km(1.0, 550.0) - 16.98).abs() < 0.01);
        for model in [ScatteringModel::AdvectionFog, ScatteringModel::RadiationFog] {
            for nm in [690.0, 850.0, 1_550.0] {
                let ratio = model.db_per_km(0.2, nm) / ScatteringModel::Kim.db_per_km(0.2, nm);
                assert!((0.95..1.15).contains(&ratio), "{model:?} {nm}: {ratio}");
            }
        }
        // By hand at 850 nm and 0.5 km: 4.3429 (0.0976 + 3.8367)/0.5 and 4.3429 (0.1310 + 0.1165 + 3.7502)/0.5.
        assert!((ScatteringModel::AdvectionFog.db_per_km(0.5, 850.0) - 34.17).abs() < 0.01);
        assert!((ScatteringModel::RadiationFog.db_per_km(0.5, 850.0) - 34.72).abs() < 0.01);
    }

    #[test]
    fn rain_and_snow_at_their_usual_rates() {
        let at = |fall: Precipitation| fall.db_per_km(1_550.0);
        // 1.076 at 1 mm/h, 9.3 dB/km in heavy rain of 25 mm/h.
        assert!((at(Precipitation::Rain { mm_per_h: 1.0 }) - 1.076).abs() < 1e-12);
        assert!((at(Precipitation::Rain { mm_per_h: 25.0 }) - 9.30).abs() < 0.01);
        assert!((at(Precipitation::DrySnow { mm_per_h: 1.0 }) - 5.58).abs() < 0.001);
        assert!((at(Precipitation::WetSnow { mm_per_h: 1.0 }) - 3.944).abs() < 0.001);
        assert!((at(Precipitation::DrySnow { mm_per_h: 5.0 }) - 51.4).abs() < 0.1);
        assert_eq!(at(Precipitation::Rain { mm_per_h: -1.0 }), 0.0);
    }

    #[test]
    fn molecules_leave_windows() {
        let near = |nm: f64, db: f64| (molecular_db_per_km(nm).unwrap_or(f64::NAN) - db).abs() < 1e-12;
        assert!(near(550.0, 0.13) && near(690.0, 0.01) && near(850.0, 0.41) && near(1_550.0, 0.01));
        assert!(near(800.0, 0.285));
        for nm in [400.0, 762.0, 940.0, 1_130.0, 1_380.0, 1_600.0] {
            assert_eq!(molecular_db_per_km(nm), None, "{nm}");
        }
        let air = Air {
            scattering: ScatteringModel::Kim,
            visibility_km: 23.0,
            precipitation: Precipitation::Rain { mm_per_h: 10.0 },
        };
        // 0.126 of haze, 0.123 of molecules, 0.3 x 5.03 of rain.
        let total: f64 = air.losses_db(850.0, 300.0).unwrap().iter().sum();
        assert!((total - 1.759).abs() < 0.002);
        assert_eq!(air.losses_db(940.0, 300.0), None);
    }

    proptest! {
        #[test]
        fn clearer_air_loses_less(v in 0.05f64..80.0, more in 1.001f64..3.0, nm in 550.0f64..1_600.0) {
            for model in MODELS {
                prop_assert!(model.db_per_km(v * more, nm) < model.db_per_km(v, nm));
            }
            // What Kim corrects: never less than Kruse in dense fog.
            if v < 0.5 {
                prop_assert!(ScatteringModel::Kim.db_per_km(v, nm) >= ScatteringModel::Kruse.db_per_km(v, nm));
            }
        }

        #[test]
        fn more_rain_and_snow_lose_more(rate in 0.0f64..150.0, more in 0.01f64..20.0, nm in 550.0f64..1_600.0) {
            for fall in [
                |mm_per_h| Precipitation::Rain { mm_per_h },
                |mm_per_h| Precipitation::DrySnow { mm_per_h },
                |mm_per_h| Precipitation::WetSnow { mm_per_h },
            ] {
                prop_assert!(fall(rate + more).db_per_km(nm) > fall(rate).db_per_km(nm));
            }
        }
    }
}
