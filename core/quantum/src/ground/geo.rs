//! Places: WGS84 degrees outside, a plane in metres inside.

use serde::{Deserialize, Serialize};

/// Metres of one degree of latitude on a sphere of radius 6 371 008.8 m (the mean radius, IUGG).
const METRES_PER_DEGREE: f64 = 111_195.080_233_532_9;

/// A place on Earth, WGS84 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f64; 2]", into = "[f64; 2]")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(type = "[lon: number, lat: number]"))]
pub struct GeoPoint {
    /// Longitude, degrees east, -180 to 180.
    pub lon: f64,
    /// Latitude, degrees north, -90 to 90.
    pub lat: f64,
}

impl From<[f64; 2]> for GeoPoint {
    fn from([lon, lat]: [f64; 2]) -> Self {
        Self { lon, lat }
    }
}
impl From<GeoPoint> for [f64; 2] {
    fn from(p: GeoPoint) -> Self {
        [p.lon, p.lat]
    }
}

/// A point of the plane: metres east and north of the plane's origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Metres east.
    pub x_m: f64,
    /// Metres north.
    pub y_m: f64,
}

impl Point {
    /// Straight distance in metres.
    #[must_use]
    pub fn distance_m(self, other: Self) -> f64 {
        let (dx, dy) = (self.x_m - other.x_m, self.y_m - other.y_m);
        (dx * dx + dy * dy).sqrt()
    }

    /// The point a fraction `t` of the way to `other`.
    #[must_use]
    pub fn lerp(self, other: Self, t: f64) -> Self {
        Self { x_m: self.x_m + (other.x_m - self.x_m) * t, y_m: self.y_m + (other.y_m - self.y_m) * t }
    }

    /// Direction to `other`: degrees clockwise from north, 0 to 360.
    #[must_use]
    pub fn bearing_deg(self, other: Self) -> f64 {
        let deg = libm::atan2(other.x_m - self.x_m, other.y_m - self.y_m).to_degrees();
        if deg < 0.0 { deg + 360.0 } else { deg }
    }
}

/// An equirectangular projection about an origin: exact to a centimetre over a campus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    origin: GeoPoint,
    cos_lat: f64,
}

impl Plane {
    /// The plane about `origin`.
    #[must_use]
    pub fn new(origin: GeoPoint) -> Self {
        Self { origin, cos_lat: libm::cos(origin.lat.to_radians()) }
    }

    /// Metres from degrees.
    #[must_use]
    pub fn point_from_geo(&self, p: GeoPoint) -> Point {
        Point {
            x_m: (p.lon - self.origin.lon) * METRES_PER_DEGREE * self.cos_lat,
            y_m: (p.lat - self.origin.lat) * METRES_PER_DEGREE,
        }
    }

    /// Degrees from metres.
    #[must_use]
    pub fn geo_from_point(&self, p: Point) -> GeoPoint {
        GeoPoint {
            lon: self.origin.lon + p.x_m / (METRES_PER_DEGREE * self.cos_lat),
            lat: self.origin.lat + p.y_m / METRES_PER_DEGREE,
        }
    }
}
