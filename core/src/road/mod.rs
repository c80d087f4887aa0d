//! Floor 6, the street: map, routing, vehicles, cameras, radio, road-side units, attackers.
